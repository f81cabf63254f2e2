"""Checks that no sum expresses, each on the smallest force that shows it, and on one that does not say."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from detente.agreement.checks import CHECKS
from detente.agreement.compliance import comply
from detente.records.compliance import LimitRow
from detente.records.errors import InputError
from detente.records.force import Base, Force
from detente.records.treaty import Check
from tests.unit.agreement.folders import INVENTED, force, holding, kind, pact

ON = date(2030, 6, 1)
SITE = kind("interceptor", "ABM interceptor", basing="fixed land")
RADAR = kind("radar", "ABM radar", basing="sea")
TUBE = kind("tube", "ABM launcher", equipped=2)
BARE = kind("bare", "ABM launcher")
HERE, THERE = (50.0, 10.0), (50.0, 30.0)


def base(name: str, at: tuple[float, float] = HERE, **more: Any) -> Base:
    said = {"id": name, "name": name, "latitude_deg": at[0], "longitude_deg": at[1], "country": "Party A"}
    return Base.model_validate(said | INVENTED | more)


def check(name: str, category: str = "ABM interceptor", **more: Any) -> Check:
    said = {"id": "c", "title": "c", "check": name, "article": "I", "takes": {"category": category}}
    return Check.model_validate(said | INVENTED | more)


def found(rule: Check, arms: Force, *bases: Base) -> LimitRow:
    (row,) = comply(arms.model_copy(update={"bases": bases}), pact(checks=(rule,)), ON).limits
    return row


def sites(*bases: str, number: int | None = 5) -> Force:
    rows = [holding("interceptor", number, base=name, note="?") for name in bases]
    return force(*rows, types=(SITE, RADAR, TUBE, BARE))


def test_every_check_is_tried_here() -> None:
    tried = Path(__file__).read_text(encoding="utf-8")
    assert [name for name in CHECKS if f'check("{name}"' not in tried] == []


def test_areas_are_what_bases_name_or_the_bases_themselves() -> None:
    rule = check("areas-at-most", numbers={"ceiling": 1.0})
    row = found(
        rule, sites("one", "two", "three"), base("one", area="two"), base("two"), base("three", THERE)
    )
    assert (row.counted, row.slack, row.detail) == (2, -1, ("three", "two"))
    assert found(rule, sites("one", number=0), base("one")).counted == 0


def test_a_holding_without_a_place_is_missing() -> None:
    row = found(check("areas-at-most", numbers={"ceiling": 1.0}), sites(""), base("one"))
    assert (row.counted, row.missing) == (None, ("base of interceptor",))


def test_numbers_in_an_area_and_everywhere() -> None:
    arms = sites("one", "two")
    places = base("one"), base("two", THERE)
    assert found(check("per-area-at-most", numbers={"ceiling": 4.0}), arms, *places).slack == -1
    assert found(check("number-at-most", numbers={"ceiling": 10.0}), arms, *places).slack == 0
    gap = found(check("number-at-most", numbers={"ceiling": 10.0}), sites("one", number=None), *places)
    assert (gap.counted, gap.missing) == (None, ("number of interceptor: ?",))


def test_within_a_radius_of_a_place_of_the_own_party() -> None:
    rule = check("within-radius", numbers={"radius_km": 150.0}, words={"around": "capital"})
    capital = base("capital", role="capital")
    assert found(rule, sites("one"), base("one", (50.5, 10.0)), capital).counted == 0
    assert found(rule, sites("one"), base("one", THERE), capital).counted == 5
    edge = found(rule, sites("one"), base("one", (51.35, 10.0)), capital)
    assert edge.counted is None
    assert "more exactly than 10 km" in edge.missing[0]
    foreign = base("capital", role="capital", country="Party B")
    assert found(rule, sites("one"), base("one"), foreign).missing == ("where the capital of A lies",)


def test_near_a_place() -> None:
    near: dict[str, Any] = {"numbers": {"ceiling": 0.0, "radius_km": 150.0}, "words": {"around": "capital"}}
    places = base("one"), base("two", THERE), base("capital", role="capital")
    assert found(check("near-at-most", **near), sites("one", "two"), *places).counted == 5
    row = found(check("sites-at-most", **near), sites("one", "two"), *places)
    assert (row.counted, row.detail) == (1, ("one",))


def test_on_whose_territory() -> None:
    rule = check("own-territory")
    for name in ("A", "Party A"):
        assert found(rule, sites("one"), base("one", country=name)).counted == 0
    abroad = found(rule, sites("one"), base("one", country="Elsewhere"))
    assert (abroad.counted, abroad.slack, abroad.detail) == (5, -5, ("interceptor: one in Elsewhere",))
    assert found(rule, sites("one"), base("one", country="")).missing == ("on whose territory one lies",)


def test_basing_and_what_a_launcher_is_equipped_for() -> None:
    rule = check("basing-only", ("ABM interceptor", "ABM radar"), words={"basing": "fixed land"})  # type: ignore[arg-type]
    arms = force(holding("interceptor", 5), holding("radar", 2), types=(SITE, RADAR))
    assert found(rule, arms).counted == 2
    launchers = force(holding("tube", 1), holding("bare", 1), types=(TUBE, BARE))
    row = found(check("basing-only", "ABM launcher", words={"basing": "fixed land"}), launchers)
    assert row.missing == ("how tube is based", "how bare is based")
    row = found(check("equipped-at-most", "ABM launcher", numbers={"ceiling": 1.0}), launchers)
    assert (row.counted, row.missing) == (2, ("what one bare is equipped for",)), "two are too many already"
    row = found(check("equipped-at-most", "ABM launcher", numbers={"ceiling": 2.0}), launchers)
    assert row.counted is None


def test_areas_apart_and_too_near_to_tell() -> None:
    rule = check("areas-apart", numbers={"at_least_km": 1300.0})
    far, near, edge = (50.0, 40.0), (50.0, 12.0), (50.0, 28.2)
    assert found(rule, sites("one", "two"), base("one"), base("two", far)).counted == 0
    assert found(rule, sites("one", "two"), base("one"), base("two", near)).counted == 1
    assert found(rule, sites("one", "two"), base("one"), base("two", edge)).counted is None


def test_on_the_periphery() -> None:
    rule = check("on-periphery", numbers={"within_km": 100.0}, words={"around": "border"})
    border = base("border", (50.0, 10.5), role="border")
    assert found(rule, sites("one"), base("one"), border).counted == 0
    assert found(rule, sites("one"), base("one", THERE), border).counted == 5
    assert found(rule, sites("one"), base("one", country="Elsewhere"), border).counted == 5
    assert "points of the periphery" in found(rule, sites("one"), base("one")).missing[0]


def test_what_only_a_study_can_answer() -> None:
    row = found(check("needs-study", words={"study": "cover", "question": "how much"}), sites("one"))
    assert (row.counted, row.missing) == (None, ("how much: the study cover of a case is the evidence",))


def test_a_force_that_lists_nothing_of_the_kind_is_no_evidence() -> None:
    row = found(check("number-at-most", "ABM radar", numbers={"ceiling": 1.0}), sites("one"))
    assert (row.counted, row.missing) == (None, ("ABM radar: none is listed",))
    anything = check("number-at-most", numbers={"ceiling": 1.0}).model_copy(
        update={"takes": check("x").takes}
    )
    assert found(anything, sites("one")).counted == 5


def test_a_check_that_nobody_wrote_and_a_number_that_nobody_gave_are_refused() -> None:
    with pytest.raises(InputError, match='asks for a check "areas-at-mist"') as refused:
        found(check("areas-at-mist"), sites("one"))
    assert refused.value.problems[0].way_out == 'did you mean "areas-at-most"?'
    with pytest.raises(InputError, match='has no number "ceiling"'):
        found(check("areas-at-most"), sites("one"), base("one"))


def test_a_check_binds_only_whom_it_names() -> None:
    arms = sites("one").model_copy(update={"bases": (base("one"),)})
    rule = check("number-at-most", numbers={"ceiling": 1.0}, to="B")
    assert comply(arms, pact(checks=(rule,)), ON).limits == ()


def test_a_plan_would_be_and_a_deployment_is() -> None:
    rule = check("number-at-most", numbers={"ceiling": 1.0})
    assert found(rule, sites("one")).says == "is incompatible with article I; it bound that day"
    plan = force(holding("interceptor", 5, held_as="planned"), types=(SITE,))
    assert found(rule, plan).says == "would be incompatible with article I; it bound that day"

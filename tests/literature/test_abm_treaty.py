"""The ABM Treaty of 1972 with its Protocol of 1974 as checks, and the plans of 2000 and 2007.

Distances: WGS-84, from places to 0.1 degree, within 10 km.
"""

from datetime import date

import pytest

from detente import api
from detente.agreement.compliance import comply
from detente.records.agreement_files import load_force, load_treaty
from detente.records.compliance import LimitRow
from detente.records.force import Base, Force, ForceParty, Holding

ABM = load_treaty("abm")


def row(rows: tuple[LimitRow, ...], article: str) -> LimitRow:
    return next(found for found in rows if found.article == article)


def test_ten_interceptors_in_poland_and_a_czech_radar_both_halves_of_the_answer() -> None:
    (found,) = api.comply("european-site-2007", "2007-06-01")
    assert found.standing.binds is False
    assert found.standing.since == "2002-06-13"
    for article in ("IX", "III"):
        broken = row(found.limits, article)
        assert broken.slack is not None
        assert broken.slack < 0
        assert broken.binding is False
        assert f"would be incompatible with article {article}" in broken.says
        assert "had it bound; it bound nobody after 2002-06-13" in broken.says
    assert row(found.limits, "IX").status == "unverified"
    assert "wording not read here" in row(found.limits, "IX").says


@pytest.mark.parametrize("number", [1, 10, 100])
def test_whatever_their_number(number: int) -> None:
    plan = load_force("european-site-plan")
    fewer = tuple(h.model_copy(update={"number": min(number, h.number or 0)}) for h in plan.holdings)
    found = comply(plan.model_copy(update={"holdings": fewer}), ABM, date(2002, 1, 1))
    assert all(
        str(row(found.limits, article).says).startswith("would be incompatible") for article in ("IX", "III")
    )
    assert all(row(found.limits, article).binding for article in ("IX", "III"))


def test_the_plan_of_2000_while_the_treaty_bound() -> None:
    (found,) = api.comply("national-missile-defense-2001", "2001-12-18")
    assert found.standing.word == "in force, notice given"
    broken = row(found.limits, "III")
    assert (broken.counted, broken.binding) == (200, True)
    assert row(found.limits, "IX").slack == 0, "Alaska is no other State"
    assert row(found.limits, "I.2").counted is None, "whether it defends the territory is for a study"


def two_areas(field: tuple[float, float] = (54.0, 90.0)) -> Force:
    said = {"status": "assumed", "note": "invented"}
    places = [("moscow", 55.8, 37.6, "capital"), ("field", *field, "ICBM field")]
    bases = tuple(
        Base.model_validate(
            {
                "id": name,
                "name": name,
                "latitude_deg": lat,
                "longitude_deg": lon,
                "country": "SU",
                "role": role,
            }
            | said
        )
        for name, lat, lon, role in places
    )
    stated = {
        "party": "SU",
        "date": "1973-01-01",
        "basis": "declared",
        "type": "interceptor silo",
        "number": 50,
    }
    holdings = tuple(
        Holding.model_validate(stated | {"type": "interceptor silo", "base": base.id} | said)
        for base in bases
    )
    types = tuple(kind.model_copy(update={"party": ""}) for kind in load_force("european-site-plan").types)
    parties = (ForceParty(id="SU", name="Soviet Union"),)
    return Force(id="two", title="Two areas", parties=parties, holdings=holdings, bases=bases, types=types)


@pytest.mark.parametrize(
    ("on", "allowed"), [("1973-06-01", 2), ("1976-05-23", 2), ("1976-05-24", 1), ("2001-12-18", 1)]
)
def test_two_areas_before_the_protocol_and_one_after(on: str, allowed: int) -> None:
    found = comply(two_areas(), ABM, date.fromisoformat(on))
    (areas,) = [r for r in found.limits if r.limit.startswith("areas")]
    assert (areas.counted, areas.ceiling, areas.slack) == (2, allowed, allowed - 2)


def test_two_areas_at_least_1300_km_apart() -> None:
    places = ((54.0, 90.0), (55.9, 40.0))
    far, near = (comply(two_areas(field), ABM, date(1974, 1, 1)).limits for field in places)
    assert row(far, "Agreed statement C").slack == 0
    assert row(near, "Agreed statement C").slack == -1


def test_distances_agree_with_the_published_geodesics() -> None:
    from detente.agreement.checks import distance_km

    plan = load_force("european-site-plan")
    redzikowo, brdy = plan.base("redzikowo"), plan.base("brdy")
    assert redzikowo is not None
    assert brdy is not None
    assert distance_km(redzikowo, brdy) == pytest.approx(585.7, abs=10)

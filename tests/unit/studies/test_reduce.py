"""The study `reduce`: days and parity as margins, against stepping by hand and against the scheduler."""

from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente import api
from detente.agreement.milestones import ceiling_reached, kept_parity, parity_kept, reached
from detente.records.claim import Reading
from detente.records.errors import InputError
from detente.records.force import ForceParty
from detente.records.treaty import Article, Treaty
from detente.studies.bind import bind
from detente.studies.catalog import REDUCE
from detente.studies.readings import sentence
from detente.studies.reduce import A_YEAR, MODELS, reduce
from tests.unit.agreement.folders import INVENTED, event, force, holding, kind, limit, rule

CASE = api.load("reductions-2001")
MARGINS = ("margin_months", "margin_first_months", "margin_second_months", "margin_parity")
SIMPLE: dict[str, Any] = {
    "first_start": 6000.0, "first_counted_share": 1.0, "first_target": 2200.0, "first_pace": 500.0,
    "second_start": 7000.0, "second_counted_share": 1.0, "second_target": 2200.0, "second_pace": 500.0,
    "first_year": 2002.0, "deadline_year": 2011.0, "read_every": "year", "parity_band": 10.0,
    "parity_watched": "from-start",
}  # fmt: skip


def margins(**changed: Any) -> dict[str, float]:
    """The margins of one mixture, each as a number."""
    columns = {name: np.array([value]) for name, value in (SIMPLE | changed).items()}
    return {name: float(MODELS[name](CASE, [])(columns)[name][0, 0]) for name in MARGINS}


def test_margins_of_a_simple_case_by_hand() -> None:
    found = margins()
    assert found["margin_first_months"] == pytest.approx(12 * (10 - 8))  # 3,800 / 500 = 7.6: eight years
    assert found["margin_second_months"] == pytest.approx(0)  # 4,800 / 500 = 9.6: ten years
    assert found["margin_months"] == found["margin_second_months"]
    # after seven years 2,500 beside 3,500
    assert found["margin_parity"] == pytest.approx(0.1 - (3500 / 2500 - 1))


def test_a_level_never_reached_has_no_margin_and_one_already_reached_is_reached_at_once() -> None:
    assert np.isnan(margins(first_pace=0.0)["margin_months"])
    assert margins(first_pace=0.0)["margin_second_months"] == pytest.approx(0)
    assert margins(first_start=2000.0)["margin_first_months"] == pytest.approx(120)


def test_what_the_start_level_counts_moves_the_day() -> None:
    sooner = margins(second_counted_share=0.65)["margin_second_months"]
    assert sooner == pytest.approx(12 * (10 - 5))  # 4,550 - 2,200 = 2,350: five years


def stepped(values: dict[str, Any]) -> dict[str, float]:
    """The same by stepping through the periods one by one."""
    often, horizon = A_YEAR[values["read_every"]], 400
    levels = {
        side: [
            max(
                min(values[f"{side}_start"], values[f"{side}_target"]),
                values[f"{side}_start"] - k * values[f"{side}_pace"] / often,
            )
            for k in range(horizon)
        ]
        for side in ("first", "second")
    }
    begin = int((values["deadline_year"] + 1 - values["first_year"]) * often)
    begin = 0 if values["parity_watched"] == "from-start" else begin
    worst = max(
        max(a, b) / min(a, b) - 1
        for a, b in zip(levels["first"][begin:], levels["second"][begin:], strict=True)
    )
    months = {}
    for side in ("first", "second"):
        k = next(n for n, level in enumerate(levels[side]) if level <= values[f"{side}_target"] + 1e-9)
        months[side] = 12 * (values["deadline_year"] + 1 - values["first_year"] - k / often)
    return {
        "margin_first_months": months["first"], "margin_second_months": months["second"],
        "margin_months": min(months.values()), "margin_parity": values["parity_band"] / 100 - worst,
    }  # fmt: skip


@given(
    st.tuples(*[st.integers(100, 8000)] * 4),
    st.tuples(*[st.integers(500, 2000)] * 2),
    st.integers(2002, 2015),
    st.sampled_from(sorted(A_YEAR)),
    st.sampled_from(["from-start", "from-deadline"]),
)
def test_the_closed_form_is_what_stepping_gives(
    levels: tuple[int, ...], paces: tuple[int, ...], deadline: int, often: str, watched: str
) -> None:
    names = ("first_start", "first_target", "second_start", "second_target")
    changed: dict[str, Any] = dict(zip(names, map(float, levels), strict=True))
    changed |= {"first_pace": float(paces[0]), "second_pace": float(paces[1])}
    changed |= {"deadline_year": float(deadline), "read_every": often, "parity_watched": watched}
    assert margins(**changed) == pytest.approx(stepped(SIMPLE | changed), abs=1e-6)


@pytest.mark.parametrize("cap", [500, 600, 950])
def test_it_agrees_with_the_best_schedule_on_the_simple_case(cap: int) -> None:
    """Two parties, one type, one warhead each: the soonest schedule ends on the day of the closed form."""
    held = force(
        *(
            holding("item", number, party=party, date="2001-12-31", held_as="deployed")
            for party, number in (("A", 6000), ("B", 7000))
        ),
        types=(kind("item"),),
    )
    pact = Treaty(
        id="pact", title="A pact", name="pact", kind="proposal",
        parties=(ForceParty(id="A", name="A"), ForceParty(id="B", name="B")),
        articles=(Article(id="II", says="x", **INVENTED),), events=(event("in force", "2002-01-01"),),
        rules=(rule("each", "each", category="ICBM", warheads=1),),
        limits=(limit("warheads", "warheads", 2200, since="2014-12-31"),),
    )  # fmt: skip
    made = api.schedule(
        held, pact, objective="soonest", cap=cap, start="2002-01-01", until="2014-12-31",
        parity_rules=["pact"], parity_band="1000 %",
    )  # fmt: skip
    ours = margins(first_pace=float(cap), second_pace=float(cap))
    # the programme reads on 1 January, this study on the day before; both finish together
    for party, name in (("B", "margin_second_months"), (None, "margin_months")):
        days = [ceiling_reached(made, each, "warheads", 2200, date(2011, 12, 31)) for each in party or "AB"]
        assert min(day.margin or 0.0 for day in days) == pytest.approx(ours[name], abs=0.1)
    assert parity_kept(made, "pact", 0.1).margin == pytest.approx(0.1 - 1 / 6, abs=1e-9)
    assert ours["margin_parity"] <= 0.1 - 1 / 6 + 1e-9, "the programme may slow the smaller down"


def test_it_agrees_with_the_milestones_of_the_same_levels() -> None:
    days = [date(2002 + n, 1, 1) for n in range(14)]
    levels = [(max(2200, 6000 - 500 * n), max(2200, 7000 - 500 * n)) for n in range(14)]
    ours = margins()
    for side, name in ((0, "margin_first_months"), (1, "margin_second_months")):
        rows = [(day, pair[side]) for day, pair in zip(days, levels, strict=True)]
        assert reached(rows, 2200, date(2012, 1, 1)).margin == pytest.approx(ours[name], abs=0.1)
    both = [(day, *pair) for day, pair in zip(days, levels, strict=True)]
    assert kept_parity(both, 0.1).margin == pytest.approx(ours["margin_parity"])


@given(st.integers(1, 2000), st.integers(1, 2000))
def test_a_faster_pace_is_never_later(one: int, other: int) -> None:
    slow, fast = sorted((one, other))
    late, early = (margins(first_pace=float(pace))["margin_first_months"] for pace in (slow, fast))
    assert late <= early


def test_exchanging_the_parties_changes_no_joint_margin() -> None:
    turned = {
        name.replace("first", "x").replace("second", "first").replace("x", "second")
        if name.split("_")[0] in {"first", "second"} and name != "first_year"
        else name: value
        for name, value in SIMPLE.items()
    }
    for name in ("margin_months", "margin_parity"):
        assert margins(**turned)[name] == margins()[name]


def test_the_outcome_under_each_position() -> None:
    (row,) = api.run(CASE, "reduce", "us-announced").rows
    assert (row["first_reached"], row["second_reached"]) == ("2008-06-30", "2008-06-30")
    assert (row["margin_months"], row["status"]) == (42, "not ruled out")
    (row,) = api.run(CASE, "reduce", "russia-announced").rows
    assert row["second_reached"] == "2011-06-30"
    assert (row["margin_months"], row["status"]) == (-30, "ruled out in this model")
    assert (row["first_at_deadline"], row["second_at_deadline"]) == (1800, 2800)
    rows = api.run(CASE, "reduce", "russia-announced", rows=["2008", "2012"]).rows
    assert [row["margin_months"] for row in rows] == [-30, 18]


def test_an_outcome_without_a_day_says_why() -> None:
    (row,) = reduce(bind(CASE, "reduce", "us-announced", {"second_pace": "0"})).rows
    assert (row["second_reached"], row["margin_months"]) == (None, None)
    assert "never reached" in row["reason"]
    with pytest.raises(InputError, match="outside its physical bounds"):
        api.run(CASE, "reduce", "us-announced", rows=["1492"])


def test_many_mixtures_at_once_are_each_what_they_are_alone() -> None:
    paces = [float(pace) for pace in (100, 500, 1000)]
    mixed = list(product(paces, paces))
    columns = {name: np.array([value] * len(mixed)) for name, value in SIMPLE.items()}
    columns |= {"first_pace": np.array([a for a, _ in mixed]), "second_pace": np.array([b for _, b in mixed])}
    for name in MARGINS:
        each = [margins(first_pace=a, second_pace=b)[name] for a, b in mixed]
        assert MODELS[name](CASE, [])(columns)[name][:, 0].tolist() == each


def test_readings_in_words() -> None:
    def told(output: str, sense: str = "reaches", rows: tuple[str, ...] = ()) -> str:
        given = {"study": "reduce", "output": output, "quantifier": "all", "sense": sense, "rows": rows}
        return sentence(Reading.model_validate(given), {})

    assert told("margin_months", rows=("2012",)).endswith("by the end of 2012")
    assert told("margin_second_months").startswith("the second party is at the level")
    assert "not at the level" in told("margin_months", "does not reach")
    assert told("margin_parity") == "the two parties come no further apart than the parity band allows"


def test_every_parameter_is_in_the_case() -> None:
    for position in CASE.default_between:
        assert {parameter.name for parameter in REDUCE.parameters} <= set(CASE.position(position).figures)


def test_claims_on_schedules_and_inspections_feed_the_crux(tmp_path: Path) -> None:
    """The two claims that this project promises, through the crux, in a user's own case."""
    import shutil

    folder = tmp_path / "mine"
    shutil.copytree(CASE.folder, folder)
    claims = (folder / "claims.toml").read_text(encoding="utf-8")
    claims += """
[[claims]]
id = "in-step"
title = "The ceiling is reached by 2012 with parity never off by 10 %"
by = "us"
[claims.read_as]
study = "reduce"
output = "margin_parity"
rows = ["2012"]
quantifier = "all"
note = "invented"

[[claims]]
id = "detects"
title = "The regime detects 5 % within a year with probability 0.9"
by = "us"
[claims.read_as]
study = "inspect"
output = "margin_detection"
rows = ["5 %"]
quantifier = "all"
note = "invented"
"""
    (folder / "claims.toml").write_text(claims, encoding="utf-8")
    position = folder / "positions" / "us-announced.toml"
    more = """
[figures.inspections_per_year]
value = "60"
date = "2026"
status = "unverified"
note = "invented"
"""
    position.write_text(position.read_text(encoding="utf-8") + more, encoding="utf-8")
    step = api.case_crux(folder, "in-step")
    assert step.margins[1] == pytest.approx(0.1), "2,200 beside 2,200"
    assert step.unit == "1"
    found = api.case_crux(folder, "detects", ("us-announced", "russia-announced"))
    assert found.margins[0] == found.margins[1], "a figure that one side alone states is not in dispute"
    assert found.margins[0] == pytest.approx(1 - 0.95**60 - 0.9, abs=0.01)

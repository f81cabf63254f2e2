"""Figures, dates, readings, positions and errata: what they accept, what they work out, what they refuse."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from detente.records.case import Case
from detente.records.claim import Claim, Reading
from detente.records.errata import Erratum
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.figure import Figure, bare_figure
from detente.records.places import Place
from detente.records.position import Position, resolve
from detente.records.source import Source
from detente.records.units import Quantity


def figure(**given: Any) -> Figure:
    return Figure(**({"status": "unverified"} | given))


def rules(error: pytest.ExceptionInfo[ValidationError]) -> list[str]:
    return [detail["msg"].removeprefix("Value error, ") for detail in error.value.errors()]


@pytest.mark.parametrize(
    ("given", "shown", "parsed"),
    [
        ({"value": "6.3 km/s"}, "6.3 km/s", Quantity(6.3, "km/s")),
        ({"value": "1,200 s", "range": ["600 s", "25 min"]}, "1200 s (600 s to 25 min)", Quantity(1200, "s")),
        ({"range": ["0 s", "400 s"]}, "0 s to 400 s", None),
        ({"value": "54.48N 17.12E"}, "54.5N 17.1E", Place(54.5, 17.1)),
        ({"value": "early-warning"}, "early-warning", "early-warning"),
        ({"value": "10"}, "10", Quantity(10, "1")),
    ],
)
def test_figures_as_a_person_reads_them(given: dict[str, Any], shown: str, parsed: object) -> None:
    made = figure(**given)
    assert made.shown == shown
    assert made.parsed == parsed


def test_bounds_come_from_the_range_or_the_distribution() -> None:
    assert figure(value="120 s", range=["0 s", "400 s"]).bounds("min") == pytest.approx((0, 400 / 60))
    assert figure(value="120 s").bounds("s") is None
    normal = figure(distribution={"kind": "normal", "mean": "6.3 km/s", "sd": "200 m/s"})
    assert normal.bounds("km/s") == pytest.approx((5.9, 6.7))
    assert normal.shown == "6.3 km/s (normal, 5.9 km/s to 6.7 km/s)"
    uniform = figure(distribution={"kind": "uniform", "low": "1 km", "high": "2000 m"})
    assert (uniform.central("m"), uniform.bounds("m")) == (1500.0, (1000.0, 2000.0))
    leaning = figure(distribution={"kind": "triangular", "low": "1 s", "mode": "2 s", "high": "9 s"})
    assert (leaning.central("s"), leaning.bounds("s")) == (2.0, (1.0, 9.0))


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({}, "a figure needs a value, a range or a distribution"),
        ({"value": "6 km/s", "status": "assumed"}, "an assumed figure gives its reason"),
        ({"value": "6 km/s", "status": "read"}, 'status "read" needs a source'),
        ({"value": "6 km/s", "status": "secondary"}, 'status "secondary" needs a source'),
        ({"value": "6 km/s", "range": ["7 km/s", "8 km/s"]}, "lies outside its range 7 km/s to 8 km/s"),
        ({"value": "early-warning", "range": ["7 km/s", "8 km/s"]}, "only a number has a range"),
        ({"range": ["8 km/s", "8000 m/s"]}, "does not rise"),
        ({"value": "54,17"}, "a comma may only separate thousands"),
        (
            {"value": "6 km/s", "distribution": {"kind": "uniform", "low": "1 s", "high": "2 s"}},
            "a distribution stands alone",
        ),
        ({"distribution": {"kind": "uniform", "low": "2 s", "high": "1 s"}}, "must stand in rising order"),
        (
            {"distribution": {"kind": "uniform", "low": "1 s", "high": "2 s", "sd": "1 s"}},
            "a uniform distribution has no `sd`",
        ),
    ],
)
def test_figures_that_are_refused(given: dict[str, Any], rule: str) -> None:
    with pytest.raises(ValidationError) as refused:
        figure(**given)
    assert rule in " ".join(rules(refused))


def test_a_copy_forgets_what_was_worked_out_from_the_old_value() -> None:
    made = figure(value="6.3 km/s")
    assert made.central("m/s") == 6300.0
    assert made.model_copy(update={"value": "7.7 km/s"}).central("m/s") == 7700.0
    with pytest.raises(ValueError, match=r'a number in km/s is needed and this figure is "early-warning"'):
        figure(value="early-warning").central("km/s")


@given(
    st.one_of(st.text(max_size=20), st.sampled_from(["6.3 km/s", "54.5,17.1", "1,200 s", "early-warning"]))
)
def test_any_text_is_a_figure_or_refused(text: str) -> None:
    made = None
    with contextlib.suppress(ValidationError):
        made = figure(value=text)
    if made is None:
        with pytest.raises(ValidationError) as refused:
            figure(value=text)
        assert [detail["loc"] for detail in refused.value.errors()] == [("value",)]
        return
    assert figure(value=made.shown).parsed == made.parsed
    assert Figure.model_validate_json(made.model_dump_json()) == made


@pytest.mark.parametrize(
    "text", ["2007", "2007-05", "2007-05-16", "2007?", "2007-05~", "2007-01/2007-03", ""]
)
def test_dates_as_precise_as_they_are_known(text: str) -> None:
    assert figure(value="1 s", date=text).date == text


@pytest.mark.parametrize(
    "text", ["16 May 2007", "2007-13", "2007-02-29", "07", "2007/2008/2009", "2007-5", "2007\n"]
)
def test_dates_that_are_none(text: str) -> None:
    with pytest.raises(ValidationError, match="is not a"):
        figure(value="1 s", date=text)


def test_bare_numbers_of_python_are_shown_as_unverified() -> None:
    position = Position("A", {"speed": 6.3, "site": Place(54.5, 17.1), "cue": "early-warning"})
    assert {name: made.shown for name, made in position.figures.items()} == {
        "speed": "6.3",
        "site": "54.5N 17.1E",
        "cue": "early-warning",
    }
    assert {made.status for made in position.figures.values()} == {"unverified"}
    assert bare_figure(position.figures["speed"]) is position.figures["speed"]


def test_own_figures_win_over_inherited_ones_and_keep_their_origin() -> None:
    positions = {
        "base": Position("base", {"a": 1, "b": 2}),
        "middle": Position("middle", {"b": 3}, inherits="base", holder="M"),
        "top": Position("top", {"c": 4}, inherits="middle", holder="T"),
    }
    top = resolve("top", positions)
    assert {name: made.shown for name, made in top.figures.items()} == {"a": "1", "b": "3", "c": "4"}
    assert top.origin == {"a": "base", "b": "middle", "c": "top"}
    assert (top.id, top.holder) == ("top", "T")
    given = top.with_figures({"a": figure(value="9")})
    assert given.origin == top.origin | {"a": "given by the user"}
    with pytest.raises(InputError, match='did you mean "middle"'):
        resolve("midle", positions)
    circle = positions | {"base": Position("base", {"a": 1}, inherits="top")}
    with pytest.raises(InputError, match="top -> middle -> base -> top"):
        resolve("top", circle)


def test_a_reading_lists_all_its_faults() -> None:
    with pytest.raises(ValidationError) as refused:
        Reading(study="reach", launches=("x", "x"), aims=(), quantifier="any", share=2.0)
    (told,) = rules(refused)
    for rule in ("x is named twice", "at least one sample point", "takes no share", "share 2 is not above 0"):
        assert rule in told
    with pytest.raises(ValidationError, match="margin is the name of an output"):
        Claim("x", margin=3)


def test_names_of_a_case_that_are_not_known_come_with_a_hint() -> None:
    case = Case(
        id="c", title="t", question="q", default_between=("one", "two"), lead_claim="x", parties=(),
        positions={"one": Position("one"), "two": Position("two")}, claims=(Claim("endangers"),),
    )  # fmt: skip
    for name, ask in (("position", case.position), ("claim", case.claim), ("place", case.place)):
        with pytest.raises(InputError, match=f'there is no {name} "on"'):
            ask("on")
    with pytest.raises(InputError, match='did you mean "endangers"'):
        case.claim("endanger")
    assert case.party_name("somebody") == "somebody"


def test_a_source_is_read_only_where_its_own_text_was() -> None:
    assert Source(type="report", read="verbatim copy").was_read
    assert not Source(type="report", read="secondary quotation").was_read
    source = Source(type="report", title="T", author=("A", "B"), date="2007", read="not read")
    assert source.reference() == "A; B. T. 2007."


def test_an_erratum_knows_the_results_it_makes_invalid() -> None:
    erratum = Erratum(
        id="2027-01-number", date="2027-01-15", what="The number was wrong.", reason="A reader wrote.",
        case="european-site-2007", figure="base/interceptor_number", was="10", now="11",
        results=("european-site-2007/reach/mda-*", "other/*"),
    )  # fmt: skip
    assert erratum.concerns("european-site-2007", "reach")
    assert erratum.concerns("european-site-2007", "reach", "mda-claim")
    assert not erratum.concerns("european-site-2007", "reach", "midpoint")
    assert not erratum.concerns("european-site-2007", "cover")
    assert erratum.concerns("other", "cover", "anybody")
    assert not erratum.concerns("a-third", "reach")
    assert erratum.sentence == "2027-01-15: The number was wrong. (10 was corrected to 11)"
    for results in ((), ("european-site-2007",), ("a//b",)):
        with pytest.raises(ValidationError, match="names"):
            Erratum(id="x", date="2027", what="w", reason="r", results=results)


def test_hints_ignore_case_and_lists_are_given_where_nothing_is_near() -> None:
    assert did_you_mean("MDA-claim", ["mda-claim", "midpoint"]) == 'did you mean "mda-claim"?'
    assert did_you_mean("zz", ["b", "a"]) == "use one of: a, b"
    assert did_you_mean("zz", []) == "nothing is defined here yet"


def test_a_problem_shows_a_long_line_around_the_caret() -> None:
    text = "x" * 500 + "HERE" + "y" * 500
    lines = str(Problem("wrong", file="f", line=1, column=501, text=text)).splitlines()
    assert len(lines[1]) < 130
    assert lines[1][lines[2].index("^") :].startswith("HERE")

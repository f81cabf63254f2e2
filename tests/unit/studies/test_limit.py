"""The study `limit`: what counts in each reading, and the dispute of March 2022 as a crux."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente import api
from detente.agreement.counting import count
from detente.records.agreement_files import load_force, load_treaty
from detente.records.claim import Reading
from detente.records.errors import InputError
from detente.studies.bind import bind
from detente.studies.catalog import LIMIT
from detente.studies.limit import DISPUTED, MODELS, limit
from detente.studies.readings import sentence

CASE = api.load("new-start-2022")


@pytest.mark.parametrize(("position", "held", "over"), [("us-declares", 800, -1), ("ru-counts", 901, 100)])
def test_what_counts_in_each_reading(position: str, held: float, over: float) -> None:
    outcome = api.run(CASE, "limit", position)
    (row,) = outcome.rows
    assert (row["counted_launchers"], row["margin_within"], row["margin_over"]) == (held, 800 - held, over)


def test_the_study_counts_as_the_treaty_does() -> None:
    made = count(load_force("new-start-2022"), load_treaty("new-start"), party="US")
    launchers = {found.reading: found.totals["deployed_and_nondeployed_launchers"] for found in made}
    for position, reading in (("us-declares", "us"), ("ru-counts", "ru")):
        assert api.run(CASE, "limit", position).rows[0]["counted_launchers"] == launchers[reading]


def test_three_readings_divide_the_sides_and_any_one_flips_one_of_them() -> None:
    found = api.case_crux(CASE, "exceeded")
    shares = {row.assumption: row.phi for row in found.attribution_rows}
    assert shares == pytest.approx({"tubes_reading": -56, "bombers_reading": -41, "silos_reading": -4})
    assert found.verdicts == ("yes", "no")
    sizes: dict[str, set[int]] = {}
    for row in found.flip_rows:
        if row.kind == "flips":
            sizes.setdefault(row.side, set()).add(row.size)
    assert sorted(map(sorted, sizes.values())) == [[1], [3]], (
        "one concession flips one side, and only all three the other"
    )


def test_the_two_claims_never_hold_together() -> None:
    for position in ("us-declares", "ru-counts"):
        (row,) = api.run(CASE, "limit", position).rows
        assert (row["margin_within"] >= 0) is not (row["margin_over"] >= 0)


def test_other_ceilings_make_rows() -> None:
    outcome = api.run(CASE, "limit", "ru-counts", rows=["901", "900.5", "901"])
    found = [(row["launcher_ceiling"], row["margin_within"], row["margin_over"]) for row in outcome.rows]
    assert found == [(901, 0, -1), (900.5, -0.5, 0)]
    with pytest.raises(InputError, match="outside its physical bounds"):
        api.run(CASE, "limit", "ru-counts", rows=["-1"])


@given(st.lists(st.integers(0, 900), min_size=4, max_size=4), st.lists(st.booleans(), min_size=3, max_size=3))
def test_a_reading_that_counts_more_never_leaves_more_room(numbers: list[int], still: list[bool]) -> None:
    names = ["declared_launchers", *(number for number, _ in DISPUTED)]
    settings = {name: str(number) for name, number in zip(names, numbers, strict=True)}
    settings |= {
        reading: "counted" if counts else "not-counted"
        for (_, reading), counts in zip(DISPUTED, still, strict=True)
    }
    (row,) = limit(bind(CASE, "limit", "us-declares", settings)).rows
    assert row["counted_launchers"] == numbers[0] + sum(
        n for n, s in zip(numbers[1:], still, strict=True) if s
    )


def test_the_model_of_the_crux_takes_rows_or_each_its_own() -> None:
    import numpy as np

    bound = bind(CASE, "limit", "ru-counts")
    columns = {name: np.array([value, value]) for name, value in bound.values.items()}
    assert MODELS["margin_within"](CASE, [])(columns)["margin_within"].tolist() == [[-101.0], [-101.0]]
    assert (
        MODELS["margin_over"](CASE, ["900", "1000"])(columns)["margin_over"].tolist() == [[0.0, -100.0]] * 2
    )


def test_readings_in_words() -> None:
    def told(output: str, sense: str, rows: tuple[str, ...] = ()) -> str:
        reading = {"study": "limit", "output": output, "quantifier": "all", "sense": sense, "rows": rows}
        return sentence(Reading.model_validate(reading), {})

    assert told("margin_within", "reaches") == "what counts keeps within the ceiling"
    assert told("margin_over", "reaches", ("800",)) == "what counts is above the ceiling of 800"
    assert told("margin_within", "does not reach") == "what counts is above the ceiling"


def test_every_parameter_of_the_study_is_in_the_page() -> None:
    assert {parameter.name for parameter in LIMIT.parameters} <= set(CASE.position("ru-counts").figures)

"""The inventory study: counts against rational arithmetic, limits, monotone, batches against members."""

import math
from fractions import Fraction
from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import detente
from detente.records.case import Case
from detente.records.claim import Reading
from detente.records.errors import InputError
from detente.studies.bind import bind
from detente.studies.catalog import INVENTORY, RULES
from detente.studies.inventory import MODELS, RAIDS, SHOTS, as_columns, inventory
from detente.studies.leakage import needed, no_leak, salvo, shoot_look_shoot
from detente.studies.readings import claim_margin, rows_of, sentence

KILLS = [Fraction(n, 10) for n in (0, 1, 5, 7, 9, 10)]
COMMON = [Fraction(0), Fraction(1, 10), Fraction(1)]


@pytest.fixture(scope="module")
def case() -> Case:
    return detente.load("european-site-2007")


def exact_salvo(
    raid: int, held: int, shots: int, kill: Fraction, common: Fraction
) -> tuple[Fraction, Fraction]:
    """Shots dealt one by one, round by round, each missile's fate multiplied out."""
    dealt = [0] * raid
    for number in range(min(held, shots * raid)):
        dealt[number % raid] += 1
    stopped = [1 - (1 - kill) ** each for each in dealt]
    return (1 - common) * math.prod(stopped), raid - (1 - common) * sum(stopped)


def exact_looks(
    raid: int, held: int, shots: int, kill: Fraction, common: Fraction
) -> tuple[Fraction, Fraction, Fraction]:
    """Every course of the engagement, missile after missile: (no leak, leakage, interceptors used)."""

    def course(left: int, stock: int, fired: int) -> tuple[Fraction, Fraction, Fraction]:
        if left == 0:
            return Fraction(1), Fraction(0), Fraction(0)
        if stock == 0:
            return Fraction(0), Fraction(left), Fraction(0)
        hit = course(left - 1, stock - 1, 0)
        if fired + 1 == shots:
            lost = course(left - 1, stock - 1, 0)
            miss = (Fraction(0), lost[1] + 1, lost[2])
        else:
            miss = course(left, stock - 1, fired + 1)
        none, leak, use = (kill * a + (1 - kill) * b for a, b in zip(hit, miss, strict=True))
        return none, leak, use + 1

    none, leak, use = course(raid, held, 0)
    worst = min(held, raid * shots)
    return (1 - common) * none, (1 - common) * leak + common * raid, (1 - common) * use + common * worst


@pytest.mark.parametrize(
    ("raid", "held", "shots"), list(product((1, 2, 3, 4), (0, 1, 3, 5, 8, 12), (1, 2, 3)))
)
def test_both_ways_of_shooting_against_rational_arithmetic(raid: int, held: int, shots: int) -> None:
    for kill, common in product(KILLS, COMMON):
        numbers = (raid, held, shots, float(kill), float(common))
        found, wanted = salvo(*numbers), exact_salvo(raid, held, shots, kill, common)
        assert found.no_leak[0] == pytest.approx(float(wanted[0]), abs=1e-14)
        assert found.leakage[0] == pytest.approx(float(wanted[1]), abs=1e-12)
        looked, course = shoot_look_shoot(*numbers), exact_looks(raid, held, shots, kill, common)
        assert looked.no_leak[0] == pytest.approx(float(course[0]), abs=1e-14)
        assert looked.leakage[0] == pytest.approx(float(course[1]), abs=1e-12)
        assert looked.expected_use[0] == pytest.approx(float(course[2]), abs=1e-12)
        assert looked.worst_use[0] == found.worst_use[0] == min(held, raid * shots)


@pytest.mark.parametrize("raid", [1, 2, 5, 9])
def test_needed_shots_are_the_smallest_that_rational_arithmetic_allows(raid: int) -> None:
    """Standards that a whole number of shots meets exactly are among them: rounding must not ask one more."""
    for kill, common, shots in product(KILLS[1:-1], COMMON[:2], range(1, 7)):
        chances = [(1 - common) * (1 - (1 - kill) ** n) ** raid for n in range(shots + 1)]
        met = chances[shots]
        for standard in (met, met * Fraction(999, 1000), met * Fraction(1, 2)):
            wanted = next(n for n, chance in enumerate(chances) if chance >= standard)
            found = needed(raid, float(standard), float(kill), float(common))
            assert found.whole_shots == wanted
            assert found.whole_interceptors == wanted * raid
        assert needed(raid, float(met), float(kill), float(common)).shots == pytest.approx(shots, rel=1e-9)
        beyond = met + (1 - common - met) / 1000
        assert needed(raid, float(beyond), float(kill), float(common)).whole_shots > shots


@pytest.mark.parametrize(("raid", "kill"), [(1, 0.5), (3, 0.7), (5, 0.7), (8, 0.25)])
def test_the_fewest_are_those_with_which_looks_without_limit_meet_the_standard(
    raid: int, kill: float
) -> None:
    fewest = int(needed(raid, 0.8, kill).fewest)
    for held, enough in ((fewest, True), (fewest - 1, False)):
        chance = sum(math.comb(held, n) * kill**n * (1 - kill) ** (held - n) for n in range(raid, held + 1))
        assert (chance >= 0.8) == enough
        assert shoot_look_shoot(raid, held, 500, kill).no_leak[0] == pytest.approx(chance, abs=1e-12)


def test_what_can_never_be_enough() -> None:
    found = needed([5, 5, 5, 5], [0.91, 0.9, 0.8, 1.0], [0.7, 0.7, 0.0, 0.7], [0.1, 0.1, 0.0, 0.0])
    assert np.isinf(np.stack(found)).all()
    certain = needed([5, 5], [1.0, 0.5], [1.0, 1.0])
    assert certain.whole_interceptors.tolist() == certain.fewest.tolist() == [5.0, 5.0]
    nothing_asked = needed(5, 0.0, 0.7)
    assert not np.stack(nothing_asked).any()


def test_raids_to_a_hundred_thousand_neither_overflow_nor_lose_digits() -> None:
    raids = np.array([1.0, 1e3, 1e5])
    need = needed(raids, 0.8, 0.7)
    assert np.isfinite(np.stack(need)).all()
    np.testing.assert_allclose(no_leak(raids, need.shots, 0.7), 0.8, rtol=1e-9)
    assert (no_leak(raids, need.whole_shots, 0.7) >= 0.8).all()
    assert (no_leak(raids, need.whole_shots - 1, 0.7) < 0.8).all()
    few = shoot_look_shoot(1e5, 10, 4, 0.7)
    assert (few.no_leak[0], few.expected_use[0]) == (0.0, 10.0)
    assert few.leakage[0] == pytest.approx(1e5 - 7.0)
    # two ways to the same: one shot each at so many is a binomial tail
    assert no_leak(1e5, 3, 0.999)[()] == pytest.approx(math.exp(1e5 * math.log1p(-1e-9)), rel=1e-9)


counts = st.integers(1, 40)
chances = st.floats(0.01, 0.99)


@given(counts, st.integers(0, 120), st.integers(1, 5), chances, st.floats(0.0, 1.0), st.floats(0.001, 0.5))
def test_more_shots_better_shots_and_more_interceptors_never_let_more_through(
    raid: int, held: int, shots: int, kill: float, common: float, more: float
) -> None:
    for fire in (salvo, shoot_look_shoot):
        before = fire(raid, held, shots, kill, common)
        better = [
            fire(raid, held + 3, shots, kill, common),
            fire(raid, held, shots + 1, kill, common),
            fire(raid, held, shots, min(1.0, kill + more), common),
            fire(raid, held, shots, kill, common * (1 - more)),
        ]
        worse = fire(raid + 1, held, shots, kill, common)
        for after in better:
            assert after.no_leak[0] >= before.no_leak[0] - 1e-12
            assert after.leakage[0] <= before.leakage[0] + 1e-9
        assert worse.no_leak[0] <= before.no_leak[0] + 1e-12
        assert worse.leakage[0] >= before.leakage[0] - 1e-9
        assert 0.0 <= before.leakage[0] <= raid + 1e-9


@given(counts, st.integers(0, 120), st.integers(1, 5), chances, st.floats(0.0, 1.0))
def test_looking_never_lets_more_through_and_never_uses_more(
    raid: int, held: int, shots: int, kill: float, common: float
) -> None:
    at_once, looking = (fire(raid, held, shots, kill, common) for fire in (salvo, shoot_look_shoot))
    assert looking.no_leak[0] >= at_once.no_leak[0] - 1e-12
    assert looking.leakage[0] <= at_once.leakage[0] + 1e-9
    assert looking.expected_use[0] <= at_once.expected_use[0] + 1e-9


@given(counts, chances, st.floats(0.05, 0.95), st.floats(0.0, 0.5))
def test_the_need_rises_with_standard_and_raid_and_falls_with_better_shots(
    raid: int, kill: float, standard: float, common: float
) -> None:
    here = needed(raid, standard, kill, common)
    for harder in (
        needed(raid + 1, standard, kill, common),
        needed(raid, min(1.0, standard + 0.02), kill, common),
        needed(raid, standard, kill * 0.9, common),
        needed(raid, standard, kill, common + 0.01),
    ):
        for before, after in zip(here, harder, strict=True):
            assert after >= before * (1 - 1e-9)
    assert here.fewest <= here.whole_interceptors
    assert here.interceptors <= here.whole_interceptors * (1 + 1e-9)


@pytest.mark.parametrize("output", sorted(MODELS))
@pytest.mark.parametrize("rows", [("5", "20", "1500"), ()])
def test_a_batch_equals_its_members(case: Case, output: str, rows: tuple[str, ...]) -> None:
    columns = {
        name: np.repeat(values, 8, axis=0)
        for name, values in as_columns(bind(case, "inventory", "midpoint")).items()
    }
    columns["interceptor_number"] = np.array([10.0, 12.0, 20.0, 40.0] * 2)
    columns["single_shot_probability"] = np.linspace(0.2, 1.0, 8)
    columns["common_mode_failure"] = np.array([0.0, 0.1, 0.0, 0.9] * 2)
    columns["firing_doctrine"] = np.array(["salvo", "shoot-look-shoot", "salvo-look-salvo", "salvo"] * 2)
    columns["raid_size"] = np.arange(1.0, 9.0)
    model = MODELS[output](case, rows)
    together = model(columns)[output]
    assert together.shape == (8, len(rows) or 1)
    for n in range(8):
        alone = model({name: values[n : n + 1] for name, values in columns.items()})[output]
        np.testing.assert_array_equal(alone[0], together[n])


def test_one_row_for_every_raid_and_number_of_shots(case: Case) -> None:
    outcome = inventory(bind(case, "inventory", "mda-claim"))
    pairs = [(row["raid_size"], row["shots_per_missile"]) for row in outcome.rows]
    assert len(pairs) == len(set(pairs))
    assert {int(size) for size in RAIDS} <= {raid for raid, _ in pairs}
    assert {int(number) for number in SHOTS} <= {shots for _, shots in pairs}
    assert set(outcome.rows[0]) == {column.name for column in outcome.columns}
    assert "upper bound" in outcome.caveat


def test_rows_hold_together(case: Case) -> None:
    settings = {"single_shot_probability": "0.6", "common_mode_failure": "0.05"}
    for doctrine, column, need in (
        ("salvo", "no_leak_salvo", "needed_salvo"),
        ("shoot-look-shoot", "no_leak_look", "needed_fewest"),
        ("salvo-look-salvo", "no_leak_salvo_look", "needed_salvo_look"),
    ):
        bound = bind(case, "inventory", "mda-claim", settings | {"firing_doctrine": doctrine})
        standard = bound.values["no_leak_standard"]
        for row in inventory(bound).rows:
            assert row["margin_interceptors"] == pytest.approx(10 - row[need])
            assert row["margin_probability"] == pytest.approx(row[column] - standard)
            assert row["needed_salvo"] == row["needed_shots"] * row["raid_size"]
            assert (row["status"] == "not ruled out") == (row["margin_interceptors"] >= 0)
            assert row["interceptors_fired"] == min(10, row["raid_size"] * row["shots_per_missile"])


def test_a_row_for_which_no_number_is_enough_says_why(case: Case) -> None:
    (row,) = inventory(
        bind(case, "inventory", "mda-claim", {"common_mode_failure": "0.5"}), ["5"], ["2"]
    ).rows
    assert row["margin_interceptors"] is None
    assert row["needed_salvo"] is None
    assert row["status"] == "ruled out in this model"
    assert "common mode" in row["reason"]


@pytest.mark.parametrize(
    ("raids", "words"), [(["0"], "outside its physical bounds"), (["five"], "number"), (["5 km"], "length")]
)
def test_rows_that_are_no_raid_size_are_refused(case: Case, raids: list[str], words: str) -> None:
    with pytest.raises(InputError, match=words) as refusal:
        inventory(bind(case, "inventory", "mda-claim"), raids)
    assert refusal.value.problems[0].key == "raid_size"


def reading(**given_: object) -> Reading:
    return Reading.model_validate(
        {"study": "inventory", "output": "margin_interceptors", "quantifier": "any"} | given_
    )


def test_a_claim_is_read_on_the_raids_that_it_names(case: Case) -> None:
    told = reading(rows=("1500", "2200"), sense="does not reach")
    assert rows_of(told) == ("1500", "2200")
    outputs = MODELS[told.output](case, told.rows)(as_columns(bind(case, "inventory", "mda-claim")))
    held_out = claim_margin(told)(outputs)
    assert held_out.shape == (1,)
    assert held_out[0] > 0
    assert sentence(told, {}) == "the interceptors are enough for none of raids of 1500 and 2200"
    assert sentence(reading(rows=("5",)), {}) == "the interceptors are enough for a raid of 5"
    assert sentence(reading(), {}) == "the interceptors are enough for the raid that each position holds"


@pytest.mark.parametrize(
    ("given_", "words"),
    [
        ({"launches": ("a",), "aims": ("b",)}, "has no launch areas"),
        ({"rows": ("many",)}, "number"),
        ({"rows": ("0",)}, "outside its physical bounds"),
        ({"output": "needed_salvo"}, "not a margin"),
        ({"study": "reach", "output": "margin_km_s"}, "at least one launch area"),
        ({"study": "reach", "output": "margin_km_s", "rows": ("5",)}, "read on launch areas"),
    ],
)
def test_a_reading_names_the_rows_of_its_study(given_: dict[str, object], words: str) -> None:
    found = [str(finding) for finding in RULES.check_reading(reading(**given_))]
    assert any(words in finding for finding in found), found


def test_good_readings_have_no_findings() -> None:
    assert not list(RULES.check_reading(reading(rows=("5", "1,500"))))
    assert not list(RULES.check_reading(reading()))


def test_the_catalog_explains_every_parameter_and_output() -> None:
    for parameter in INVENTORY.parameters:
        assert parameter.meaning
        assert parameter.unit
    for output in INVENTORY.outputs:
        assert output.meaning
        assert output.unit

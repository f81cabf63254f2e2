"""Draws depend on seed, name and row alone; designs fill what they promise to fill."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from detente.records.errors import InputError
from detente.records.figure import Distribution, Figure
from detente.sweep.sampling import DesignName, Law, Plan, draw, law_of, permuted, uniforms
from tests.unit.sweep.toy import plan, varied


def columns(design: DesignName, samples: int, *names: str, seed: int = 7) -> dict[str, Any]:
    chosen = tuple(varied(name, "abcdef".index(name)) for name in names)
    return draw(Plan(design=design, samples=samples, seed=seed, varied=chosen)).varied(0, samples)


@pytest.mark.parametrize("design", ["own", "lhs", "sobol"])
def test_another_parameter_changes_no_draw(design: DesignName) -> None:
    few, more = columns(design, 128, "b", "d"), columns(design, 128, "a", "b", "c", "d", "f")
    for name in few:
        np.testing.assert_array_equal(few[name], more[name])


@pytest.mark.parametrize("design", ["own", "sobol"])
def test_more_rows_change_no_draw(design: DesignName) -> None:
    np.testing.assert_array_equal(columns(design, 1000, "a")["a"][:37], columns(design, 37, "a")["a"])


@pytest.mark.parametrize("design", ["own", "lhs", "sobol", "grid"])
@given(cut=st.integers(1, 1023))
def test_rows_are_the_same_wherever_they_are_drawn(design: DesignName, cut: int) -> None:
    samples = draw(plan(1024, design))
    whole, first, rest = samples.varied(0, 1024), samples.varied(0, cut), samples.varied(cut, 1024)
    for name, values in whole.items():
        np.testing.assert_array_equal(values, np.concatenate([first[name], rest[name]]))


def test_seeds_and_names_give_other_numbers() -> None:
    drawn = [uniforms(seed, name, 0, 2000) for seed in (1, 2) for name in ("a", "b")]
    assert np.abs(np.corrcoef(drawn) - np.eye(4)).max() < 0.1
    for each in drawn:
        assert stats.kstest(each, "uniform").pvalue > 1e-4
        assert each.min() > 0
        assert each.max() < 1


def test_latin_hypercube_has_one_row_in_each_share() -> None:
    for samples in (1, 2, 5, 97, 1000):
        shares = columns("lhs", samples, "a", "b")
        for values in shares.values():
            np.testing.assert_array_equal(np.sort(np.floor(values * samples)), np.arange(samples))
    assert abs(np.corrcoef(shares["a"], shares["b"])[0, 1]) < 0.1


@given(size=st.integers(1, 3000), key=st.integers(0, 2**128 - 1))
def test_an_order_holds_every_number_once(size: int, key: int) -> None:
    found = permuted(np.arange(size, dtype=np.uint64), size, key)
    np.testing.assert_array_equal(np.sort(found), np.arange(size))


def test_every_order_is_about_as_likely() -> None:
    first = [int(permuted(np.arange(5, dtype=np.uint64), 5, key)[0]) for key in range(2000)]
    assert stats.chisquare(np.bincount(first, minlength=5)).pvalue > 1e-4


def test_sobol_points_are_those_of_scipy_but_for_the_shift() -> None:
    sequence = stats.qmc.Sobol(3, scramble=False).random(256)
    found = columns("sobol", 256, "a", "b", "c")
    for dimension, values in enumerate(found.values()):
        ours = (values * 2**30).astype(np.uint64)
        theirs = (sequence[:, dimension] * 2**30).astype(np.uint64)
        assert len(set(ours ^ theirs)) == 1, "one shift for all rows"
        np.testing.assert_array_equal(np.sort(np.floor(values * 256)), np.arange(256))


def test_grid_takes_both_ends_and_every_combination() -> None:
    found = draw(Plan(design="grid", samples=9, varied=(varied("a", 0, high=3.0), varied("b", 1)))).varied(
        0, 9
    )
    np.testing.assert_array_equal(found["a"], [0, 0, 0, 1.5, 1.5, 1.5, 3, 3, 3])
    np.testing.assert_array_equal(found["b"], [0, 0.5, 1] * 3)


@pytest.mark.parametrize(
    ("law", "known"),
    [
        (Law(kind="uniform", low=2.0, high=5.0), stats.uniform(2.0, 3.0)),
        (Law(kind="triangular", low=1.0, mode=2.0, high=5.0), stats.triang(0.25, 1.0, 4.0)),
        (Law(kind="triangular", low=1.0, mode=1.0, high=5.0), stats.triang(0.0, 1.0, 4.0)),
        (Law(kind="normal", low=0.0, high=9.0, mean=1.0, sd=2.0), stats.truncnorm(-0.5, 4.0, 1.0, 2.0)),
    ],
)
def test_laws_are_those_of_scipy(law: Law, known: Any) -> None:
    shares = np.linspace(0.0001, 0.9999, 999)
    np.testing.assert_allclose(law.value(shares), known.ppf(shares), rtol=1e-9)


def test_a_figure_gives_its_law_in_the_unit_of_the_parameter() -> None:
    bare = Figure(value="2 min", status="unverified")
    ranged = Figure(value="2 min", range=("0 s", "3 min"), status="unverified")
    normal = Figure(
        distribution=Distribution(kind="normal", mean="2 min", sd="30 s"), status="unverified", note="n"
    )
    peaked = Figure(
        distribution=Distribution(kind="triangular", low="0 s", mode="1 min", high="3 min"),
        status="unverified",
    )
    assert law_of(bare, "s", 0.0, 3600.0) is None
    assert law_of(ranged, "s", 0.0, 3600.0) == Law(kind="uniform", low=0.0, high=180.0)
    assert law_of(ranged, "s", 10.0, 100.0) == Law(kind="uniform", low=10.0, high=100.0)
    assert law_of(normal, "s", 0.0, 3600.0) == Law(kind="normal", low=0.0, high=3600.0, mean=120.0, sd=30.0)
    assert law_of(peaked, "s", 0.0, 3600.0) == Law(kind="triangular", low=0.0, high=180.0, mode=60.0)


def test_nothing_outside_the_bounds_is_drawn() -> None:
    law = Law(kind="normal", low=0.0, high=1.0, mean=0.9, sd=5.0)
    values = law.value(uniforms(1, "a", 0, 10_000))
    assert values.min() >= 0.0
    assert values.max() <= 1.0


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"samples": 0}, "0 samples are no sample"),
        ({"samples": -3}, "no sample"),
        ({"samples": 10**12}, "1,000,000,000,000 samples are more than the 100,000,000"),
        ({"seed": -1}, "seed -1"),
        ({"varied": ()}, "nothing varies"),
        ({"varied": (varied("a", 0), varied("a", 1))}, "twice"),
        ({"varied": (varied("a", 0), varied("b", 0))}, "one Sobol' dimension"),
        ({"design": "grid", "samples": 10}, "ask for 4, 9, 16 samples"),
    ],
)
def test_what_cannot_be_drawn_is_refused_with_a_way_out(change: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match="way out") as caught:
        draw(plan(100).model_copy(update=change))
    assert said in str(caught.value)


def test_the_most_samples_cost_nothing_until_they_are_drawn() -> None:
    for design in ("own", "lhs", "sobol", "grid"):
        last = draw(plan(10**8, design)).varied(10**8 - 3, 10**8)
        assert all(((values >= 0) & (values <= 1)).all() for values in last.values())

"""Whether a speed is enough: every engine gives the answer of the required speed, one row or many."""

import sys
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import detente
from detente.physics.engines import Engine, Lanes, Lockstep, Plain, quickest
from detente.physics.frames import spherical_place
from detente.physics.intercept import EngagementStatus, reaches, required_speed
from detente.physics.trajectory import Arc, ArcStatus, Boost, arc_take, threat_arc
from detente.studies.bind import bind
from detente.studies.cover import pairs_to_land, within_reach
from detente.studies.land import land_cells
from detente.studies.reach import as_columns

ENGINES: list[Engine] = [Lockstep(), Lanes(), Plain()]
Numbers = np.ndarray


def flights(seed: int, size: int) -> tuple[Arc, Numbers]:
    """Flights between places all over the globe, some of which have none, and a site for each."""
    rng = np.random.default_rng(seed)
    launch, aim, site = (
        spherical_place(np.arcsin(rng.uniform(-1, 1, size)), rng.uniform(-np.pi, np.pi, size))
        for _ in range(3)
    )
    aim[:, ::7] = launch[:, ::7]
    return threat_arc(launch, aim, Boost(180.0, 200e3, 450e3)), site


@settings(max_examples=25, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    speed=st.floats(2e3, 11e3),
    delay=st.floats(-150.0, 900.0),
    burn=st.floats(20.0, 300.0),
    cap=st.floats(100.0, 3000.0),
    lowest=st.floats(50e3, 500e3),
)
def test_it_is_the_answer_of_the_required_speed(
    seed: int, speed: float, delay: float, burn: float, cap: float, lowest: float
) -> None:
    arc, site = flights(seed, 300)
    found = required_speed(arc, site, delay, burn, lowest, cap)
    clear = np.abs(np.where(np.isfinite(found.speed), found.speed, 0.0) - speed) > 1e-3
    enough = (found.status == EngagementStatus.FOUND) & (found.speed <= speed)
    for engine in (Lockstep(), Lanes()):
        got = reaches(arc, site, speed, delay, burn, lowest, cap, engine=engine)
        assert np.array_equal(got[clear], enough[clear]), engine


def test_speeds_about_the_required_one_are_told_apart() -> None:
    """Where nothing is plain at a glance every engine falls back on the same search."""
    arc, site = flights(5, 400)
    figures = 100.0, 140.0, 100e3, 1500.0
    needed = required_speed(arc, site, *figures)
    rows = np.flatnonzero((needed.status == EngagementStatus.FOUND) & (needed.speed < 2e4))
    assert rows.size > 150
    arc, site, speed = arc_take(arc, rows), site[:, rows], needed.speed[rows]
    for engine in (Lockstep(), Lanes()):
        for off, wanted in ((-0.01, False), (0.01, True)):
            got = reaches(arc, site, speed + off, *figures, engine=engine)
            assert np.all(got == wanted), (engine, off)


@pytest.mark.parametrize("engine", ENGINES, ids=repr)
def test_a_batch_is_its_members_in_any_order(engine: Engine) -> None:
    size = 40 if isinstance(engine, Plain) else 500
    arc, site = flights(9, size)
    speed = np.linspace(3e3, 9e3, size)
    figures = 60.0, 140.0, 100e3, 1500.0
    whole = reaches(arc, site, speed, *figures, engine=engine)
    assert 0 < whole.sum() < size
    assert not np.any(whole[arc.status != ArcStatus.SOLVED])
    order = np.random.default_rng(0).permutation(size)
    turned = reaches(arc_take(arc, order), site[:, order], speed[order], *figures, engine=engine)
    assert np.array_equal(turned, whole[order])
    alone = [
        bool(reaches(arc_take(arc, n), site[:, n], speed[n], *figures, engine=engine)) for n in range(40)
    ]
    assert alone == whole[:40].tolist()


def test_plain_python_runs_the_compiled_source() -> None:
    arc, site = flights(13, 60)
    figures = 6.5e3, 60.0, 140.0, 100e3, 1500.0
    lanes, plain = (reaches(arc, site, *figures, engine=engine) for engine in (Lanes(), Plain()))
    assert np.array_equal(lanes, plain)


def test_shapes_broadcast() -> None:
    arc, site = flights(4, 20)
    speed = np.array([[5e3], [8e3]])
    for engine in (Lockstep(), Lanes()):
        found = reaches(arc, site[:, :1], speed, 60.0, 140.0, 100e3, 1500.0, engine=engine)
        assert found.shape == (2, 20)
        assert np.all(found[1] | ~found[0])


@pytest.mark.parametrize("position", ["mda-slides", "lewis-postol-high"])
def test_the_study_of_coverage_gets_the_same_land_from_both_engines(position: str) -> None:
    case, land = detente.load("european-site-2007"), land_cells()
    launches = [place.id for place in case.places_of("launch-area")]
    columns, pairs = as_columns(bind(case, "cover", position)), pairs_to_land(case, launches, land)
    numpy, compiled = (within_reach(pairs, columns, engine=engine) for engine in (Lockstep(), Lanes()))
    assert np.array_equal(numpy[0], compiled[0])
    assert np.array_equal(numpy[1], compiled[1])
    assert 0 < numpy[0].sum() < numpy[1].sum()


def test_few_engagements_do_not_pay_for_the_compiler(monkeypatch: pytest.MonkeyPatch) -> None:
    fresh: Any = None
    monkeypatch.delitem(sys.modules, "numba", raising=False)
    assert isinstance(quickest(30_000), Lockstep)
    assert isinstance(quickest(1_000_000), Lanes)
    monkeypatch.setitem(sys.modules, "numba", fresh)
    assert isinstance(quickest(1_000_000), Lockstep)

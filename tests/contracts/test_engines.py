"""What every engine owes: a flight is the same whatever flies beside it, and all engines agree.

Also what the compiled one owes beyond that: imported only when used, machine code that is never older than
its sources, lanes that really are lanes, and calls from several threads at once.
"""

import importlib
import os
import platform
import re
import shutil
import subprocess
import sys
import threading
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from detente.physics.aim import least_energy_ascent
from detente.physics.ascent import Ascent, ascend
from detente.physics.engines import Engine, Lanes, Lockstep, Plain, compiled, room
from detente.physics.flights import Flights, fly
from detente.physics.frames import geodetic_place
from detente.physics.trajectory import Boost

ENGINES: list[Engine] = [Lockstep(), Lockstep(2), Lanes(), Lanes(2), Plain()]
TIMES = np.arange(0.0, 2_600.0, 130.0)
VECTORS = {"end_position", "end_velocity", "positions"}


def some(n: int) -> tuple[Ascent, np.ndarray]:
    """Flights short and long, some of which stay aloft, never rise, or have boosts that do not fit."""
    rng = np.random.default_rng(11)
    launch = geodetic_place(rng.uniform(-1.4, 1.4, n), rng.uniform(-3.1, 3.1, n))
    boost = Boost(rng.uniform(0.0, 250.0, n), rng.uniform(50e3, 300e3, n), 450e3)
    speed, angle = rng.uniform(500.0, 8_200.0, n), rng.uniform(-0.1, 1.5, n)
    return ascend(launch, rng.uniform(-3.1, 3.1, n), boost, speed, angle), rng.choice([0.0, 100e3], n)


def taken(ascent: Ascent, index: np.ndarray) -> Ascent:
    return Ascent(*(vector[..., index] for vector in ascent))


def same(first: Flights, second: Flights, index: np.ndarray) -> None:
    """The second holds, to the last bit, the rows of the first that the index names."""
    for name, value in first._asdict().items():
        part = value[:, index] if name in VECTORS else value[index]
        assert part.tobytes() == np.asarray(getattr(second, name)).tobytes(), name


def rows_for(engine: Engine) -> int:
    return 21 if isinstance(engine, Plain) else 301


@pytest.mark.parametrize("engine", ENGINES, ids=repr)
def test_a_batch_is_its_members(engine: Engine) -> None:
    n = rows_for(engine)
    ascent, level = some(n)
    whole = fly(ascent, TIMES, lowest_altitude=level, engine=engine)
    assert len(np.unique(whole.status)) > 1
    for i in {0, 1, 7, 15, 16, 17, n - 1}:
        index = np.array([i])
        same(whole, fly(taken(ascent, index), TIMES, lowest_altitude=level[index], engine=engine), index)


@pytest.mark.parametrize("engine", ENGINES, ids=repr)
def test_order_does_not_matter(engine: Engine) -> None:
    n = rows_for(engine)
    ascent, level = some(n)
    whole = fly(ascent, TIMES, lowest_altitude=level, engine=engine)
    order = np.random.default_rng(0).permutation(n)
    same(whole, fly(taken(ascent, order), TIMES, lowest_altitude=level[order], engine=engine), order)


@pytest.mark.parametrize(
    ("one", "other"), [(Lockstep(), Lockstep(3)), (Lanes(), Lanes(2)), (Lanes(), Lanes(5))], ids=repr
)
def test_the_number_of_threads_does_not_matter(one: Engine, other: Engine) -> None:
    ascent, level = some(2_000)
    everyone = np.arange(2_000)
    first = fly(ascent, TIMES, lowest_altitude=level, engine=one)
    same(first, fly(ascent, TIMES, lowest_altitude=level, engine=other), everyone)


@pytest.mark.parametrize("engine", [Lanes(), Lanes(1, 8), Plain()], ids=repr)
def test_engines_agree(engine: Engine) -> None:
    n = rows_for(engine)
    ascent, level = some(n)
    first = fly(ascent, TIMES, lowest_altitude=level)
    other = fly(ascent, TIMES, lowest_altitude=level, engine=engine)
    for name, value in first._asdict().items():
        if name in {"status", "phase", "boost_fits"}:
            np.testing.assert_array_equal(value, getattr(other, name), err_msg=name)
        else:
            np.testing.assert_allclose(value, getattr(other, name), rtol=0.0, atol=1e-3, err_msg=name)


def test_times_of_their_own_are_times_in_common() -> None:
    ascent, level = some(40)
    for engine in (Lockstep(), Lanes()):
        once = fly(ascent, TIMES, lowest_altitude=level, engine=engine)
        each = fly(ascent, np.tile(TIMES, (40, 1)), lowest_altitude=level, engine=engine)
        same(once, each, np.arange(40))


def test_the_solver_does_not_care_for_the_engine() -> None:
    launch, aim = geodetic_place([0.9, 1.0, 0.95], [0.6, 1.1, 0.8]), geodetic_place(0.68, -1.35)
    first, other = (
        least_energy_ascent(launch, aim, Boost(180.0, 200e3, 450e3), engine=engine)
        for engine in (Lockstep(), Lanes())
    )
    np.testing.assert_allclose(first.ascent.velocity, other.ascent.velocity, atol=1e-6)
    np.testing.assert_array_equal(first.flights, other.flights)


def test_two_threads_of_python_may_call_the_compiled_engine_at_once() -> None:
    ascent, level = some(3_000)
    wanted = fly(ascent, TIMES, lowest_altitude=level, engine=Lanes())
    found: list[Flights] = []

    def work() -> None:
        found.extend(fly(ascent, TIMES, lowest_altitude=level, engine=Lanes(2)) for _ in range(4))

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == 8
    for flown in found:
        same(wanted, flown, np.arange(3_000))


def ask(code: str, **more: str) -> str:
    """What a fresh Python prints."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code], env=os.environ | more,
        capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_numba_is_imported_only_by_the_engine_that_needs_it() -> None:
    code = """
import sys, detente.api, detente.physics.aim
from detente.physics.engines import Lanes, Lockstep
from detente.physics.flights import fly
from detente.physics.ascent import ascend
from detente.physics.trajectory import Boost
one = ascend([6371e3, 0.0, 0.0], 0.3, Boost(100.0, 1e5, 2e5), 5e3, 0.7)
fly(one, engine=Lockstep())
Lanes()
before = "numba" in sys.modules
fly(one, engine=Lanes())
print(before, "numba" in sys.modules)
"""
    assert ask(code) == "False True"


def test_without_numba_the_way_out_is_named() -> None:
    code = """
import sys
sys.modules["numba"] = None
from detente.physics.engines import Lanes
from detente.physics.flights import fly
from detente.physics.ascent import ascend
from detente.physics.trajectory import Boost
one = ascend([6371e3, 0.0, 0.0], 0.3, Boost(100.0, 1e5, 2e5), 5e3, 0.7)
print(int(fly(one).status))
try:
    fly(one, engine=Lanes())
except ImportError as error:
    print(error)
"""
    flown, said = ask(code).splitlines()
    assert flown == "0"
    assert "detente[fast]" in said
    assert "Lockstep" in said


def test_machine_code_is_kept_and_found_again(tmp_path: Path) -> None:
    code = """
from detente.physics.engines import Lanes, compiled
from detente.physics.flights import fly
from detente.physics.ascent import ascend
from detente.physics.trajectory import Boost
fly(ascend([6371e3, 0.0, 0.0], 0.3, Boost(100.0, 1e5, 2e5), 5e3, 0.7), engine=Lanes())
stats = compiled.compiled(16).stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""
    assert ask(code, DETENTE_CACHE_DIR=str(tmp_path)) == "0 1"
    assert ask(code, DETENTE_CACHE_DIR=str(tmp_path)) == "1 0"
    (folder,) = (tmp_path / "kernels").iterdir()
    assert folder.name == compiled.digest(16)
    assert list(folder.rglob("*.nbc"))


def test_two_widths_kept_by_two_runs_do_not_take_each_others_code(tmp_path: Path) -> None:
    """Each is compiled by a run of its own; a third run loads both, and neither may answer for the other."""
    code = """
import sys
import numpy as np
from detente.physics.engines import Lanes, Lockstep
from detente.physics.flights import fly
from detente.physics.ascent import ascend
from detente.physics.trajectory import Boost
angles = np.linspace(0.4, 1.2, 10_000)
many = ascend(np.array([[6371e3], [0.0], [0.0]]), 0.3, Boost(100.0, 1e5, 2e5), 5e3, angles)
times = np.arange(0.0, 2400.0, 10.0)
wanted = fly(many, engine=Lockstep()).end_position
for width in WIDTHS:
    found = fly(many, times, engine=Lanes(side_by_side=width)).end_position
    print(width, bool(np.allclose(found, wanted, rtol=0, atol=1e-3)))
"""
    kept = {"DETENTE_CACHE_DIR": str(tmp_path)}
    assert ask(code.replace("WIDTHS", "[16]"), **kept) == "16 True"
    assert ask(code.replace("WIDTHS", "[1]"), **kept) == "1 True"
    assert ask(code.replace("WIDTHS", "[1, 16, 1]"), **kept).split("\n") == ["1 True", "16 True", "1 True"]


def test_a_change_in_any_source_makes_new_machine_code(tmp_path: Path) -> None:
    copies = [Path(shutil.copy(source, tmp_path)) for source in compiled.SOURCES]
    before = compiled.digest(16, tuple(copies))
    assert before == compiled.digest(16)
    seen = {before}
    for copy in copies:
        copy.write_text(copy.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
        seen.add(compiled.digest(16, tuple(copies)))
    assert len(seen) == 1 + len(copies)
    assert compiled.digest(8) != compiled.digest(16)


def test_every_function_that_is_compiled_comes_from_a_source_in_the_digest() -> None:
    files = {str(source) for source in compiled.SOURCES}
    names = compiled.compiled(16).py_func.__globals__
    made = {name: value.py_func for name, value in names.items() if hasattr(value, "py_func")}
    assert len(made) > 10
    assert {function.__code__.co_filename for function in made.values()} <= files


def test_a_folder_that_cannot_be_written_is_done_without(tmp_path: Path) -> None:
    blocked = tmp_path / "file"
    blocked.write_text("", encoding="utf-8")
    settings = SimpleNamespace(CACHE_DIR="as it was")
    assert compiled._keep_in(settings, blocked / "kernels") is None
    assert settings.CACHE_DIR == "as it was"
    assert compiled._keep_in(settings, tmp_path / "new" / "kernels") == "as it was"
    assert Path(settings.CACHE_DIR).is_dir()


def test_the_step_is_made_of_vector_instructions(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """All of a step is done for a whole register of flights at once: a refactor that loses this loses 4x."""
    monkeypatch.setenv("DETENTE_CACHE_DIR", str(tmp_path))  # code taken from a cache cannot be looked at
    fresh = compiled.compiled.__wrapped__(16)
    fresh(np.zeros((14, 1)), np.ones(4), np.zeros((1, 0)), *room(1, 0), 0)
    step = fresh.py_func.__globals__["advance"]
    (text,) = step.inspect_asm().values()
    if platform.machine().lower() in {"x86_64", "amd64"}:
        registers = re.findall(r"%([xyz]mm)\d+", text)
        assert text.count("divpd") >= 3
        assert text.count("mulpd") > 60
        assert not re.findall(r"(?:mul|add|sub|div)sd\b", text)
        wide = registers.count("zmm") + registers.count("ymm")
        assert wide > 200 or not importlib.import_module("llvmlite.binding").get_host_cpu_features().get(
            "avx", False
        )
    else:
        assert text.count("fdiv\tv") >= 3
        assert text.count("fmul\tv") > 60


def test_flights_compiled_for_one_kind_of_array_alone() -> None:
    """Times of a reader's own, which may not be written to, get no machine code of their own."""
    ascent, level = some(20)
    fly(ascent, TIMES, lowest_altitude=level, engine=Lanes())
    kinds = len(compiled.compiled(16).signatures)
    own = np.tile(TIMES, (20, 1))
    own.flags.writeable = False
    fly(ascent, own, lowest_altitude=level, engine=Lanes())
    assert len(compiled.compiled(16).signatures) == kinds == 1

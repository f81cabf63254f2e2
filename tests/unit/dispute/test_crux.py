"""The whole crux: neutral between parties, faithful to the lattice, kept and read back without loss."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from detente.dispute import Assumption, DisputeError, analyse, crux, flip_sets, minimal_hitting_sets, settle
from detente.records.crux import Crux, Family
from detente.records.position import Position

A: dict[str, Any] = {
    "speed": 6.3,
    "delay": 100.0,
    "cue": "radar",
    "site": (54.5, 17.1),
    "drag": 0.5,
    "mass": 2.0,
}
B: dict[str, Any] = {
    "speed": 7.2,
    "delay": 60.0,
    "cue": "orbit",
    "site": (50.0, 14.4),
    "drag": 0.2,
    "mass": 2.0,
}
FAMILIES: tuple[Family, ...] = ("flips", "forced by")
LABELS = {"speed": "interceptor speed", "delay": "commit delay"}
UNITS = {"speed": "km/s", "delay": "s"}


def model(c: Any) -> Any:
    early = np.array([cue == "orbit" for cue in c["cue"]])
    reach = (c["speed"] - 6.9) * 400 * (1 - c["drag"] / 5) - (c["delay"] - 100) * (2 + early)
    return {"reach_km": reach + 20 * early + 10 * (c["site"][:, 0] - 54.5)}


def shown(A: Any, B: Any, names: tuple[str, str], **options: Any) -> Crux:
    return crux(model, "reach_km", A, B, names=names, labels=LABELS, units=UNITS, unit="km", **options)


def test_exchanging_the_parties_flips_every_sign_and_nothing_else() -> None:
    here = shown(A, B, ("Arcadia", "Ruritania"), bounds={"speed": (4, 9)})
    there = shown(B, A, ("Ruritania", "Arcadia"), bounds={"speed": (4, 9)})
    assert here.verdicts == there.verdicts[::-1]
    assert here.margins == there.margins[::-1]
    for one, other in zip(here.attribution_rows, there.attribution_rows, strict=True):
        assert one.phi == pytest.approx(-(other.phi or 0.0))
        assert one.first == pytest.approx(-(other.total or 0.0))
        assert one.owen == pytest.approx(-(other.owen or 0.0))
        assert one.share == pytest.approx(other.share)
        assert one.per_gap == (None if other.per_gap is None else pytest.approx(other.per_gap))
        assert (one.a, one.b, one.a_text, one.b_text) == (other.b, other.a, other.b_text, other.a_text)
        assert (one.own_goal, one.wrong_step, one.dummy) == (other.own_goal, other.wrong_step, other.dummy)
        assert one.responsibility == other.responsibility[::-1]
        assert one.veto == other.veto[::-1]
        assert one.power == pytest.approx(-other.power)
    for side in here.parties:
        for kind in FAMILIES:
            assert here.listed(side, kind) == there.listed(side, kind)
            assert here.summary(side, kind) == there.summary(side, kind)
        mine = [row for row in here.breakeven_rows if row.side == side]
        theirs = [row for row in there.breakeven_rows if row.side == side]
        assert [(r.assumption, r.held, r.other, r.admissible, r.text) for r in mine] == [
            (r.assumption, r.held, r.other, r.admissible, r.text) for r in theirs
        ]
        assert [r.fraction for r in mine if r.fraction is not None] == pytest.approx(
            [r.fraction for r in theirs if r.fraction is not None]
        )
    assert here.settle_rows == there.settle_rows
    assert here.double_crux == there.double_crux
    assert here.monotone is there.monotone
    assert here.diagnosis.smallest_double_crux == there.diagnosis.smallest_double_crux


def test_relabeling_the_parties_changes_labels_only() -> None:
    here, there = shown(A, B, ("Arcadia", "Ruritania")), shown(A, B, ("P", "Q"))
    renamed = (
        here.to_json().replace("Arcadia", "P").replace("Ruritania", "Q").replace(here.digest, there.digest)
    )
    assert renamed == there.to_json()


def test_it_reads_the_same_lattice_as_the_pure_functions() -> None:
    found = shown(A, B, ("A", "B"))
    names = [row.assumption for row in found.attribution_rows]
    assert names == ["speed", "delay", "cue", "site", "drag"]
    table = []
    for row in range(32):
        mixture = {name: (B if name in names and row >> names.index(name) & 1 else A)[name] for name in A}
        columns = {
            key: np.array([value], dtype=object if isinstance(value, str) else float)
            for key, value in mixture.items()
        }
        table.append(model(columns)["reach_km"][0])
    verdicts = np.array(table) >= 0
    sets = flip_sets(verdicts)
    as_names = {tuple(names[i] for i in each) for each in sets.a_flips}
    assert {row.members for row in found.flip_rows if (row.side, row.kind) == ("A", "flips")} == as_names
    assert sum(row.phi or 0.0 for row in found.attribution_rows) == pytest.approx(table[-1] - table[0])
    assert sum(row.share or 0.0 for row in found.attribution_rows) == pytest.approx(1.0)
    assert [row.chance for row in found.settle_rows] == [point.chance for point in settle(verdicts).curve]
    for each in found.flip_rows:
        mask = sum(1 << names.index(member) for member in each.members)
        assert each.margin_after == pytest.approx(table[mask if each.side == "A" else 31 ^ mask])
        assert (each.margin_after >= 0) == (table[-1 if each.side == "A" else 0] >= 0)


def test_smallest_sets_come_first_then_those_that_move_the_margin_most() -> None:
    found = shown(A, B, ("A", "B"))
    for side, toward in (("A", 1), ("B", -1)):
        listed = found.listed(side)
        assert listed == tuple(sorted(listed, key=lambda row: (row.size, -toward * row.margin_after)))
        assert len(found.listed(side, limit=1)) == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(1, 5), st.integers(0, 2**32 - 1), st.floats(0.0, 0.8))
def test_certain_sets_survive_every_reading_of_the_undecided(k: int, seed: int, band: float) -> None:
    rng = np.random.default_rng(seed)
    table = rng.normal(size=2**k)
    names = [f"x{i}" for i in range(k)]

    def lookup(c: Any) -> Any:
        rows = sum((c[name] > 0.5).astype(int) << i for i, name in enumerate(names))
        return table[rows]

    found = analyse(lookup, None, dict.fromkeys(names, 0.0), dict.fromkeys(names, 1.0), names=("A", "B"))
    doubtful = crux(lookup, None, dict.fromkeys(names, 0.0), dict.fromkeys(names, 1.0), band=band)
    assert doubtful.margins == found.margins
    if "undecided" in doubtful.verdicts or doubtful.verdicts != found.verdicts:
        assert all(row.certainty == "possible" for row in doubtful.flip_rows)
        return
    exact = {(row.side, row.kind, row.members) for row in found.flip_rows}
    certain = {(r.side, r.kind, r.members) for r in doubtful.flip_rows if r.certainty == "certain"}
    for reading in (np.abs(table) > band) & (table >= 0), ~((np.abs(table) > band) & (table < 0)):
        sets = flip_sets(reading)
        members = {("A", "flips", tuple(names[i] for i in each)) for each in sets.a_flips}
        assert {each for each in certain if each[:2] == ("A", "flips")} <= members
    if band == 0:
        assert certain == exact
    if found.verdicts[0] != found.verdicts[1]:
        forced = [row.members for row in found.flip_rows if (row.side, row.kind) == ("A", "forced by")]
        hits = {
            tuple(sorted(each))
            for each in minimal_hitting_sets([sorted(each) for each in named(forced, names)])
        }
        flips = [row.members for row in found.flip_rows if (row.side, row.kind) == ("B", "flips")]
        assert hits == {tuple(sorted(each)) for each in named(flips, names)}


def named(sets: list[tuple[str, ...]], names: list[str]) -> list[list[int]]:
    return [[names.index(member) for member in each] for each in sets]


def test_own_goals_are_figures_that_help_the_other_side() -> None:
    zero, one = dict.fromkeys("xyz", 0.0), dict.fromkeys("xyz", 1.0)
    found = crux(
        lambda c: 4 * c["x"] - c["y"] + 0 * c["z"] - 1.5, None, zero, one, labels={"y": "site distance"}
    )
    assert [row.own_goal for row in found.attribution_rows] == [False, True, False]
    assert not any(row.wrong_step for row in found.attribution_rows)
    assert "Each side's figure for site distance works against its own conclusion." in found.prose
    tight = crux(lambda c: 4 * c["x"] - 2 * c["y"] + 0 * c["z"] - 1.5, None, zero, {**one, "y": 2.0})
    assert tight.diagnosis.kind == "offsetting"
    assert not any(row.own_goal for row in tight.attribution_rows)


def test_a_step_that_moves_the_verdict_the_wrong_way_is_an_own_goal_too() -> None:
    """Parity of three: every share is positive, yet every assumption can spoil what it serves."""
    zero, one = dict.fromkeys("xyz", 0.0), dict.fromkeys("xyz", 1.0)
    found = crux(lambda c: np.where((c["x"] + c["y"] + c["z"]) % 2 == 1, 1.0, -1.0), None, zero, one)
    assert all(row.own_goal and row.wrong_step and (row.share or 0) > 0 for row in found.attribution_rows)
    assert not found.monotone
    assert found.offenders == ("x", "y", "z")


def test_frames_have_the_promised_columns() -> None:
    found = shown(A, B, ("A", "B"))
    assert list(found.flips.columns) == ["side", "kind", "size", "members", "margin_after", "certainty"]
    assert list(found.settle(upto=2).columns) == ["size", "members", "chance"]
    assert list(found.settle(upto=2)["size"]) == [0, 1, 2]
    columns = [
        "side",
        "assumption",
        "held",
        "other",
        "value",
        "lo",
        "hi",
        "fraction",
        "own_sigmas",
        "admissible",
    ]
    assert set(columns) <= set(found.breakeven.columns)
    assert len(found.interactions(top=3)) == 3
    pairs = found.interactions()
    assert {pairs["first"][0], pairs["second"][0]} == {"delay", "cue"}
    data = found.attribution
    assert data.phi.dims == ("assumption", "output")
    assert float(data.phi.sum()) == pytest.approx(found.margins[1] - found.margins[0])
    assert str(data.A.sel(assumption="speed").item()) == "6.3 km/s"
    assert data.attrs["unit"] == "km"


@pytest.mark.parametrize("k", [0, 1, 5])
def test_it_survives_json_and_netcdf(k: int, tmp_path: Path) -> None:
    import xarray as xr

    names = list(A)[:k]
    found = shown(A, {name: (B if name in names else A)[name] for name in A}, ("A", "B"), seed=7)
    assert Crux.model_validate_json(found.to_json()) == found
    found.to_netcdf(tmp_path / "crux.nc")
    with xr.open_dataset(tmp_path / "crux.nc", engine="scipy") as kept:
        assert Crux.model_validate_json(kept.attrs["crux"]) == found
        assert np.allclose(kept.phi, found.attribution.phi)
    assert (found.k, found.seed) == (k, 7)


def test_the_digest_is_that_of_the_content() -> None:
    assert shown(A, B, ("A", "B")).digest == shown(A, B, ("A", "B")).digest
    assert shown(A, B, ("A", "B")).digest != shown(A, B | {"speed": 7.3}, ("A", "B")).digest


def test_infinite_margins_leave_the_verdicts_and_drop_the_shares() -> None:
    def hopeless(c: Any) -> Any:
        return np.where(c["x"] < 0.5, -np.inf, c["x"] + c["y"] - 1.2)

    found = crux(hopeless, None, {"x": 0.0, "y": 0.0}, {"x": 1.0, "y": 1.0})
    assert found.margins == pytest.approx((-np.inf, 0.8))
    assert [row.phi for row in found.attribution_rows] == [None, None]
    assert found.flip_rows[0].members == ("x", "y")
    assert "not divided among the assumptions" in str(found)
    assert found.interaction_rows == ()
    assert Crux.model_validate_json(found.to_json()) == found
    assert np.isnan(found.attribution.phi).all()
    row = next(row for row in found.breakeven_rows if (row.side, row.assumption) == ("B", "x"))
    assert row.value == pytest.approx(0.5)


def test_groups_for_the_owen_value_do_not_lock_their_members() -> None:
    found = analyse(
        lambda c: c["x"] * c["y"] * c["z"],
        None,
        {"x": 1.0, "y": 1.0, "z": 1.0},
        {"x": 2.0, "y": 2.0, "z": 2.0},
        [Assumption("x", group="g"), Assumption("y", group="g"), Assumption("z")],
    )
    owens = [row.owen or 0.0 for row in found.attribution_rows]
    assert owens[0] + owens[1] == pytest.approx((3 * 1 + 3 * 2) / 2)
    assert sum(owens) == pytest.approx(7.0)
    assert found.k == 3


def test_a_locked_group_is_shown_with_its_members() -> None:
    found = shown(A, B, ("A", "B"), groups={"timing": ["delay", "cue"]})
    row = next(row for row in found.attribution_rows if row.assumption == "timing")
    assert row.members == ("delay", "cue")
    assert row.a_text == "commit delay 100 s, cue radar"
    assert row.per_gap is None
    with pytest.raises(DisputeError, match="mixes kinds"):
        shown(A, B, ("A", "B"), groups={"timing": ["delay", "cue"]}, kinds={"cue": "model variant"})


def test_positions_from_case_files_bring_units_sources_and_doubt() -> None:
    first = Position(
        "arcadia",
        {
            "speed": {
                "distribution": {"kind": "normal", "mean": "6.3 km/s", "sd": "0.3 km/s"},
                "status": "read",
                "source": "speech",
            },
            "site": {"value": "54.5N 17.1E", "status": "read", "source": "speech"},
        },
    )
    second = Position("ruritania", {"speed": "7200 m/s", "site": "50.0N 17.1E"})
    found = crux(
        lambda c: c["speed"] - 6.9 + 0 * c["site"][:, 0], None, first, second, bounds={"speed": (4.0, 9.0)}
    )
    speed, site = found.attribution_rows
    assert found.parties == ("arcadia", "ruritania")
    assert (speed.a, speed.unit) == (6.3, "km/s")
    assert speed.b == pytest.approx(7.2)
    assert (speed.source_a, speed.b_text) == (("speech",), "7200 m/s")
    assert (site.a, site.a_text, site.dummy) == ((54.5, 17.1), "54.5N 17.1E", True)
    assert found.breakeven_rows[0].own_sigmas == pytest.approx(2.0)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"units": {"sped": "km/s"}}, 'units are given for "sped"'),
        ({"bounds": {"speed": 9.0}}, "are a pair"),
        ({"kinds": {"speed": "opinion"}}, 'no kind "opinion"'),
        ({"weight": 2.0}, "between 0 and 1"),
        ({"grid": 2}, "at least 3 points"),
        ({"names": ("A", "A")}, "give two names"),
    ],
)
def test_options_that_make_no_sense_are_refused(options: Any, words: str) -> None:
    with pytest.raises(DisputeError, match=words):
        crux(model, "reach_km", A, B, **options)


def test_an_assumption_described_twice_is_refused() -> None:
    with pytest.raises(DisputeError, match=r"described twice: \['speed'\]"):
        analyse(model, "reach_km", A, B, [Assumption("speed"), Assumption("speed")])
    with pytest.raises(DisputeError, match='"sped" is described, but "A" holds no such'):
        analyse(model, "reach_km", A, B, [Assumption("sped")])

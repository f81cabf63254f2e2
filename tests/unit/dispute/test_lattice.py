"""The mixtures of two positions: what the model is given, what it must return, and what is refused."""

from typing import Any

import numpy as np
import pytest

from detente.dispute import DisputeError, Lattice, crux, hybrid

A: dict[str, Any] = {"speed": 6.3, "delay": 100, "cue": "radar", "site": (54.5, 17.1), "mass": 2.0}
B: dict[str, Any] = {"speed": 7.2, "delay": 60, "cue": "satellite", "site": (50.0, 14.4), "mass": 2.0}


class Recorder:
    """A model that keeps what it was given."""

    def __init__(self) -> None:
        self.calls: list[dict[str, Any]] = []

    def __call__(self, columns: dict[str, Any]) -> dict[str, Any]:
        self.calls.append(columns)
        fast = np.array([cue == "satellite" for cue in columns["cue"]])
        return {
            "margin": columns["speed"] * 10 - columns["delay"] / 10 + fast + columns["site"][:, 0],
            "pair": np.stack([columns["speed"], columns["delay"]], axis=1),
        }


def test_a_hybrid_takes_values_and_says_from_whom() -> None:
    found = hybrid(A, B, ["cue", "site"])
    assert found.values == A | {"cue": "satellite", "site": (50.0, 14.4)}
    assert found.owner == {"speed": "A", "delay": "A", "cue": "B", "site": "B", "mass": "A"}
    assert hybrid(A, B, []).values == A
    assert hybrid(A, B, A, ("Ruritania", "Arcadia")).owner["mass"] == "Arcadia"
    with pytest.raises(DisputeError, match='no assumption "sped"; did you mean "speed"'):
        hybrid(A, B, ["sped"])


def test_all_mixtures_are_run_once_in_one_call() -> None:
    model = Recorder()
    lattice = Lattice(model, A, B)
    assert lattice.player_names == ("speed", "delay", "cue", "site")
    assert lattice.k == 4
    outputs = lattice.outputs
    assert lattice.outputs is outputs
    assert len(model.calls) == 1
    assert lattice.runs == 16
    assert outputs["pair"].shape == (16, 2)
    columns = model.calls[0]
    assert columns["speed"].dtype == float
    assert columns["cue"].dtype == object
    assert columns["site"].shape == (16, 2)
    assert columns["mass"].tolist() == [2.0] * 16


def test_every_row_is_the_hybrid_of_its_bits() -> None:
    lattice = Lattice(Recorder(), A, B)
    columns = lattice.columns(np.arange(16))
    for row in range(16):
        taken = [name for i, name in enumerate(lattice.player_names) if row >> i & 1]
        mixture = hybrid(A, B, taken).values
        for name, column in columns.items():
            value = column[row]
            assert (tuple(value) if name == "site" else value) == mixture[name]


def test_a_batch_equals_its_members_one_by_one() -> None:
    batch = Lattice(Recorder(), A, B).outputs["margin"]
    for row, taken in enumerate([(), ("speed",), ("delay",), ("speed", "delay")]):
        mixture = hybrid(A, B, taken).values
        alone = Lattice(Recorder(), mixture, mixture).outputs["margin"]
        assert alone.tolist() == [batch[row]]


def test_the_kept_runs_answer_for_any_mixture() -> None:
    lattice = Lattice(Recorder(), A, B)
    assert lattice.at(["speed"])["margin"] == lattice.outputs["margin"][1]
    assert lattice.at([])["pair"].tolist() == [6.3, 100.0]
    with pytest.raises(DisputeError, match='"mass" is not disputed'):
        lattice.at(["mass"])


def test_only_what_differs_is_disputed() -> None:
    assert Lattice(Recorder(), A, A).k == 0
    near = A | {"speed": 6.3 * (1 + 1e-9), "delay": 101}
    assert Lattice(Recorder(), A, near).player_names == ("speed", "delay")
    assert Lattice(Recorder(), A, near, tolerance=1e-6).player_names == ("delay",)
    assert Lattice(Recorder(), A | {"flag": True}, A | {"flag": False}).player_names == ("flag",)
    assert Lattice(Recorder(), A | {"flag": True}, A | {"flag": 1.0}).player_names == ("flag",)


def test_members_of_a_group_move_together() -> None:
    lattice = Lattice(Recorder(), A, B, {"timing": ["delay", "cue"], "idle": ["mass"]})
    assert lattice.players == {"speed": ("speed",), "timing": ("delay", "cue"), "site": ("site",)}
    columns = lattice.columns(np.arange(8))
    assert [(d, c) for d, c in zip(columns["delay"][:4], columns["cue"][:4], strict=True)] == [
        (100.0, "radar"),
        (100.0, "radar"),
        (60.0, "satellite"),
        (60.0, "satellite"),
    ]


def test_the_order_of_bits_is_common_or_given_or_alphabetical() -> None:
    turned = dict(reversed(B.items()))
    assert Lattice(Recorder(), A, turned).player_names == ("cue", "delay", "site", "speed")
    assert Lattice(Recorder(), A, turned, order=["site", "cue"]).player_names == (
        "site",
        "cue",
        "delay",
        "speed",
    )


def test_more_than_sixteen_is_refused_with_the_way_out() -> None:
    first = {f"x{i:02d}": 0.0 for i in range(17)}
    second = dict.fromkeys(first, 1.0)
    with pytest.raises(DisputeError, match=r"differ on 17 .*Group those that belong together"):
        Lattice(lambda c: c["x00"], first, second)
    grouped = Lattice(lambda c: c["x00"], first, second, {"ends": ["x00", "x16"]})
    assert grouped.k == 16


@pytest.mark.parametrize(
    ("first", "second", "words"),
    [
        ({"x": 1.0, "y": 2.0}, {"x": 1.0}, '"B" has no value for "y"'),
        ({"x": 1.0}, {"x": 1.0, "xx": 2.0}, '"A" has no value for "xx"; did you mean "x"'),
        ({"x": float("nan")}, {"x": 1.0}, "state a finite number"),
        ({"x": None}, {"x": 1.0}, "a number, the name of a choice, or a place"),
        ({"x": ("54N", "17E")}, {"x": (1.0, 2.0)}, "a number, the name of a choice, or a place"),
    ],
)
def test_positions_that_cannot_be_mixed_are_refused(first: Any, second: Any, words: str) -> None:
    with pytest.raises(DisputeError, match=words):
        Lattice(lambda c: c["x"], first, second)


@pytest.mark.parametrize(
    ("groups", "words"),
    [
        ({"g": []}, "leave an empty group out"),
        ({"g": "speed"}, "needs a list"),
        ({"g": ["sped"]}, 'no assumption "sped"; did you mean "speed"'),
        ({"g": ["speed"], "h": ["speed"]}, 'in groups "g" and "h"'),
        ({"cue": ["speed", "delay"]}, "has the name of an assumption outside it"),
    ],
)
def test_groups_that_make_no_sense_are_refused(groups: Any, words: str) -> None:
    with pytest.raises(DisputeError, match=words):
        Lattice(Recorder(), A, B, groups)


@pytest.mark.parametrize("answer", [lambda _: np.float64(1.0), lambda c: c["x"][:-1], lambda _: {"m": [1.0]}])
def test_a_model_without_a_batch_axis_is_refused(answer: Any) -> None:
    with pytest.raises(DisputeError, match="one row a mixture"):
        _ = Lattice(answer, {"x": 1.0, "y": 1.0}, {"x": 2.0, "y": 2.0}).outputs


def infeasible(columns: Any) -> Any:
    """Burns longer than it flies for A's flight time with B's burn time."""
    return np.where(
        columns["burn"] > columns["flight"], np.nan, columns["flight"] - columns["burn"] + columns["z"] - 5
    )


def test_a_mixture_without_answer_stops_and_names_the_pair() -> None:
    first, second = {"burn": 5.0, "flight": 10.0, "z": 0.0}, {"burn": 20.0, "flight": 40.0, "z": -30.0}
    with pytest.raises(DisputeError) as stopped:
        crux(infeasible, None, first, second, names=("Ruritania", "Arcadia"))
    said = str(stopped.value)
    assert "no margin at 2 of 8 mixtures" in said
    assert "the first is Arcadia's burn with the rest from Ruritania" in said
    assert "Smallest cause: Arcadia's burn and Ruritania's flight never go together" in said
    assert "groups={\"burn and flight\": ['burn', 'flight']}" in said
    found = crux(infeasible, None, first, second, groups={"burn and flight": ["burn", "flight"]})
    assert [row.phi for row in found.attribution_rows] == pytest.approx([15.0, -30.0])


def test_a_cause_of_three_is_found_and_a_stranger_one_admitted() -> None:
    def three(c: Any) -> Any:
        return np.where((c["x"] == 1) & (c["y"] == 1) & (c["z"] == 0), np.nan, 1.0)

    names = "xyzuv"
    with pytest.raises(DisputeError, match="B's x, B's y and A's z never go together"):
        crux(three, None, dict.fromkeys(names, 0.0), dict.fromkeys(names, 1.0))

    def scattered(c: Any) -> Any:
        total = sum(c[name] for name in names)
        return np.where(total == 2, np.nan, 1.0)

    with pytest.raises(DisputeError, match="No three assumptions explain it"):
        crux(scattered, None, dict.fromkeys(names, 0.0), dict.fromkeys(names, 1.0))


def test_a_party_without_answer_is_named_itself() -> None:
    with pytest.raises(DisputeError, match='no margin at "B" itself'):
        crux(lambda c: np.where(c["x"] > 0, np.nan, 1.0), None, {"x": 0.0}, {"x": 1.0})

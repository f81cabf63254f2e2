"""A user's game in CSV or TOML, and what is refused with its line."""

from fractions import Fraction
from pathlib import Path

import pytest

import detente
from detente.records.errors import InputError
from detente.records.payoffs import read_payoffs

TOML = """\
#:schema detente/game/1
title = "A visit"
row_player = "inspector"
column_player = "inspectee"
rows = ["inspect", "stay away"]
columns = ["violate", "comply"]
payoffs = [[-0.5, -0.1], [-1, 0]]
column_payoffs = [["-1", 0], [1, "0"]]
note = "invented"
"""


def put(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def test_a_game_of_two_payoffs_in_toml(tmp_path: Path) -> None:
    game = read_payoffs(put(tmp_path, "game.toml", TOML))
    assert game.payoffs == ((Fraction(-1, 2), Fraction(-1, 10)), (Fraction(-1), Fraction(0)))
    assert not game.zero_sum
    found = detente.matrix_game(tmp_path / "game.toml")
    only = found["solutions"][0]
    assert len(found["solutions"]) == 1
    assert only["column_chances"]["violate"] == pytest.approx(1 / 6)
    assert only["row_chances"]["inspect"] == pytest.approx(1 / 2)
    assert found["announced"]["answer"] == "comply"
    assert found["announced"]["row_payoff"] == pytest.approx(-0.05)
    assert found["announced"]["row_payoff"] > only["row_payoff"]


def test_a_zero_sum_game_in_csv_has_an_exact_value(tmp_path: Path) -> None:
    path = put(tmp_path, "game.csv", ",violate now,wait\ninspect,1,0\nwait,0,1/2\n\n")
    found = detente.matrix_game(path)
    assert found["zero_sum"] is True
    assert found["value"] == "1/3"
    assert found["solutions"][0]["row_chances"] == pytest.approx({"inspect": 1 / 3, "wait": 2 / 3})


def test_two_payoffs_in_a_cell_of_csv(tmp_path: Path) -> None:
    game = read_payoffs(put(tmp_path, "game.csv", "x,a,b\nr,1;-1,0; 2\ns,3;1,4;0\n"))
    assert game.column_payoffs == ((Fraction(-1), Fraction(2)), (Fraction(1), Fraction(0)))
    assert not game.zero_sum
    mirrored = read_payoffs(put(tmp_path, "mirror.csv", "x,a\nr,1;-1\n"))
    assert mirrored.zero_sum


def test_a_large_game_says_that_there_may_be_more(tmp_path: Path) -> None:
    names = ",".join(f"c{n}" for n in range(10))
    rows = "".join(
        f"r{n},{','.join(f'{(n * k) % 7};{(3 * n + k * k) % 5}' for k in range(10))}\n" for n in range(10)
    )
    found = detente.matrix_game(put(tmp_path, "large.csv", f"x,{names}\n{rows}"))
    assert found["complete"] is False
    assert found.notices


@pytest.mark.parametrize(
    ("name", "text", "rule", "line"),
    [
        ("g.csv", "x,a,b\nr,1\n", "1 payoffs for 2 columns", 2),
        ("g.csv", "x,a,b\nr,1,one\n", '"one" is not a number', 2),
        ("g.csv", "x,a,b\nr,1;2;3,4\n", "more than two payoffs", 2),
        ("g.csv", "x,a,b\nr,1;2,4\n", "some cells hold one payoff and some two", None),
        ("g.csv", "x,a,b\n", "this is no table of payoffs", 1),
        ("g.csv", "x,a\n" + "".join(f"r{n},1\n" for n in range(201)), "more than 200 choices", None),
        ("g.toml", TOML.replace("[-1, 0]]", "[-1]]"), "payoffs is not 2 rows of 2 numbers", 7),
        ("g.toml", TOML.replace('"0"', '"zero"'), '"zero" is not a number', 8),
        ("g.toml", TOML.replace("note =", "nota ="), "nota", 9),
        ("g.toml", "rows = [", "there is no TOML value here", 1),
    ],
)
def test_a_game_that_is_none_says_where(
    tmp_path: Path, name: str, text: str, rule: str, line: int | None
) -> None:
    with pytest.raises(InputError, match=rule) as refused:
        read_payoffs(put(tmp_path, name, text))
    assert refused.value.problems[0].way_out
    if line is not None:
        assert refused.value.problems[0].line == line


def test_a_game_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such file"):
        read_payoffs(tmp_path / "none.csv")

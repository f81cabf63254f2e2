"""Moving one assumption, or all together, away from one side's own values until the verdict changes.

The geometry of the scan: which assumptions move, how far, and how the crossings read as rows of a crux.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from detente.dispute.assumption import Assumption
from detente.dispute.breakeven import Axis, Crossing, Scan, crossings
from detente.dispute.diagnosis import Verdicts
from detente.dispute.lattice import Lattice, is_continuous
from detente.dispute.tables import Bools, Floats, Masks
from detente.records.crux import TOGETHER, BreakEvenRow, CruxVerdict


@dataclass(frozen=True)
class Move:
    """One side (0 or 1) moves some assumptions, as one, from its own values toward the other's."""

    side: int
    player: str
    keys: tuple[str, ...]
    axis: Axis
    bounded: bool


def break_even_rows(
    lattice: Lattice, verdicts: Verdicts, known: Mapping[str, Assumption], order: Sequence[str], grid: int
) -> tuple[BreakEvenRow, ...]:
    """Where each side's conclusion changes as one assumption moves, then all together; one batched scan.

    `order` is the players in the order in which a reader should see them.
    """
    moves = [move for side in (0, 1) for move in _moves(lattice, known, order, side)]
    scans = dict(
        zip([(each.side, each.player) for each in moves], _scan(lattice, known, moves, grid), strict=True)
    )
    rows: list[BreakEvenRow] = []
    for side in (0, 1):
        by_player = {each.player: each for each in moves if each.side == side}
        for player in (*order, TOGETHER):
            if player in by_player:
                rows += _scanned_rows(lattice, known, by_player[player], scans[side, player])
            elif player != TOGETHER:
                rows.append(_tried_row(lattice, verdicts, known, player, side))
    return tuple(rows)


def _moves(lattice: Lattice, known: Mapping[str, Assumption], order: Sequence[str], side: int) -> list[Move]:
    own, other = (lattice.B, lattice.A) if side else (lattice.A, lattice.B)
    moves = []
    for player in order:
        keys = lattice.players[player]
        if not all(is_continuous(own[key], other[key]) for key in keys):
            continue
        axis, bounded = Axis(0.0, 1.0), False
        if len(keys) == 1:
            axis, bounded = _span(known[keys[0]], own[keys[0]], other[keys[0]])
        moves.append(Move(side, player, keys, axis, bounded))
    numeric = tuple(key for key in lattice.disputed if is_continuous(own[key], other[key]))
    if len(numeric) > 1:
        moves.append(Move(side, TOGETHER, numeric, Axis(0.0, 1.0), bounded=False))
    return moves


def _span(known: Assumption, own: float, other: float) -> tuple[Axis, bool]:
    """The fractions that the declared bounds allow; without a bound, no farther than the two values."""
    low = min(own, other) if known.low is None else known.low
    high = max(own, other) if known.high is None else known.high
    ends = [_fraction(known, own, other, bound) for bound in (low, high)]
    return Axis(min(*ends, 0.0), max(*ends, 0.0)), known.low is not None and known.high is not None


def _fraction(known: Assumption, own: float, other: float, value: float) -> float:
    if value == own:
        return 0.0
    if value == other:
        return 1.0
    if known.scale == "log":
        return float(np.log(value / own) / np.log(other / own))
    return (value - own) / (other - own)


def _values(known: Assumption, own: float, other: float, fractions: Floats) -> Floats:
    values = own * (other / own) ** fractions if known.scale == "log" else own + fractions * (other - own)
    inside = np.clip(
        values, -np.inf if known.low is None else known.low, np.inf if known.high is None else known.high
    )
    exact: Floats = np.where(fractions == 0.0, own, np.where(fractions == 1.0, other, inside))
    return exact


def _scan(
    lattice: Lattice, known: Mapping[str, Assumption], moves: Sequence[Move], grid: int
) -> tuple[Scan, ...]:
    sides = np.array([move.side for move in moves], dtype=np.int64)

    def evaluate(fractions: Floats, numbers: Masks) -> tuple[Floats, Floats]:
        columns = _own_values(lattice, sides[numbers] == 1)
        for n, move in enumerate(moves):
            rows = numbers == n
            if not rows.any():
                continue
            own, other = (lattice.B, lattice.A) if move.side else (lattice.A, lattice.B)
            for key in move.keys:
                columns[key][rows] = _values(known[key], float(own[key]), float(other[key]), fractions[rows])
        answer = lattice.evaluate(columns)
        return answer["margin"], answer["band"]

    return crossings(evaluate, [move.axis for move in moves], grid)


def _own_values(lattice: Lattice, second: Bools) -> dict[str, Any]:
    first_side, second_side = lattice.held(0, len(second)), lattice.held(1, len(second))
    mixture = {}
    for key, column in first_side.items():
        chosen = second.reshape(-1, *[1] * (column.ndim - 1))
        mixture[key] = np.where(chosen, second_side[key], column)
    return mixture


def _scanned_rows(
    lattice: Lattice, known: Mapping[str, Assumption], move: Move, scan: Scan
) -> list[BreakEvenRow]:
    own, other = (lattice.B, lattice.A) if move.side else (lattice.A, lattice.B)
    single = move.keys[0] if len(move.keys) == 1 else None
    about = known[single] if single else Assumption(move.player)

    def value_at(fraction: float) -> float:
        key = move.keys[0]
        return float(_values(about, float(own[key]), float(other[key]), np.array([fraction]))[0])

    common: dict[str, Any] = {
        "side": lattice.names[move.side],
        "assumption": move.player,
        "held": float(own[single]) if single else None,
        "other": float(other[single]) if single else None,
        "scanned": "declared bounds" if move.bounded else "between the two values",
    }
    if single:
        ends = sorted((value_at(move.axis.low), value_at(move.axis.high)))
        common |= {"scanned_low": ends[0], "scanned_high": ends[1]}
    if not scan.crossings:
        text = _nothing(move, scan, about, None if scan.enters_band is None else value_at(scan.enters_band))
        return [BreakEvenRow(**common, value=None, admissible=False, text=text)]
    sigma = (about.b_sigma if move.side else about.a_sigma) if single else None
    rows = []
    for each in scan.crossings:
        value = value_at(each.fraction) if single else None
        lo, hi = sorted((value_at(each.low), value_at(each.high))) if single else (None, None)
        rows.append(
            BreakEvenRow(
                **common,
                value=value,
                lo=lo,
                hi=hi,
                fraction=each.fraction,
                own_sigmas=(value - float(own[single])) / sigma
                if single and sigma and value is not None
                else None,
                admissible=True,
                beyond="yes" if each.beyond else "no",
                text=_crossing_words(each, about, value),
            )
        )
    return rows


def _crossing_words(crossing: Crossing, about: Assumption, value: float | None) -> str:
    way = f"{crossing.fraction:.0%} of the way to the other side's"
    return way if value is None else f"{about.shown(value)} ({way})"


def _nothing(move: Move, scan: Scan, about: Assumption, band_value: float | None) -> str:
    if scan.changes_across_gap:
        return "the conclusion changes only across a part of the range for which the model has no answer"
    text = "nothing admissible flips it" if move.bounded else "nothing between the two values flips it"
    if scan.enters_band is not None:
        where = f"{scan.enters_band:.0%} of the way" if len(move.keys) > 1 else about.shown(band_value)
        text += f"; undecided from {where}"
    return f"{text}; on part of the range the model has no answer" if scan.gaps else text


def _tried_row(
    lattice: Lattice, verdicts: Verdicts, known: Mapping[str, Assumption], player: str, side: int
) -> BreakEvenRow:
    """A place, a choice or a mixed group: only the other's value can be tried; the lattice has it."""
    own, other = (lattice.B, lattice.A) if side else (lattice.A, lattice.B)
    keys = lattice.players[player]
    single = keys[0] if len(keys) == 1 else None
    bit = 1 << lattice.player_names.index(player)
    row = bit ^ ((1 << lattice.k) - 1) if side else bit
    before: CruxVerdict = verdicts.ends[side]
    after = verdicts.at(row)
    flips = {before, after} == {"yes", "no"}
    others_value = plain(other[single]) if single else None
    shown = known[single].shown(others_value) if single else "the other side's values"
    return BreakEvenRow(
        side=lattice.names[side],
        assumption=player,
        held=plain(own[single]) if single else None,
        other=others_value,
        value=others_value if flips else None,
        fraction=1.0 if flips else None,
        admissible=flips,
        beyond=after if flips else None,
        scanned="the other's value only",
        text=shown
        if flips
        else f"the other side's value does not flip it{'; undecided' * (after == 'undecided')}",
    )


def plain(value: Any) -> bool | float | str | tuple[float, ...]:
    """A value as records keep it."""
    if isinstance(value, tuple | list | np.ndarray):
        return tuple(float(part) for part in value)
    if isinstance(value, bool | np.bool_):
        return bool(value)
    return str(value) if isinstance(value, str) else float(value)

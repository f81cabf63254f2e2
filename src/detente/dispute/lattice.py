"""Every mixture of two positions, evaluated at once: "A's values, except B's on these assumptions".

A position is a mapping from assumption to value: a number, the name of a choice, or a place (a tuple of
degrees). A model is a callable that takes a mapping from assumption to an array with one row a mixture -
(n,) numbers, (n,) objects for choices, (n, 2) for places - and returns arrays with the same leading axis.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from detente.dispute.errors import DisputeError
from detente.dispute.tables import Bools, Floats, Masks, bits, mask_of
from detente.records.base import listed
from detente.records.errors import nearest

MAXIMUM_DISPUTED = 16
"""Most assumptions (groups count as one) that are analysed exactly: 2**16 = 65,536 runs."""

Columns = dict[str, NDArray[Any]]
Outputs = dict[str, NDArray[Any]]
Model = Callable[[Any], Any]


@dataclass(frozen=True)
class Hybrid:
    """A mixture of two positions, and from whom each value was taken."""

    values: dict[str, Any]
    owner: dict[str, str]


def hybrid(
    A: Mapping[str, Any], B: Mapping[str, Any], take: Iterable[str], names: tuple[str, str] = ("A", "B")
) -> Hybrid:
    """A's values, except B's on the assumptions in `take`; unknown assumptions are refused."""
    same_assumptions(A, B, names)
    taken = set(take)
    for name in taken:
        if name not in A:
            raise DisputeError(f'there is no assumption "{name}"{_nearest(name, A)}')
    return Hybrid(
        {name: B[name] if name in taken else value for name, value in A.items()},
        {name: names[1] if name in taken else names[0] for name in A},
    )


class Lattice:
    """All 2**k mixtures of two positions, run once and kept.

    `players` are the disputed assumptions or groups in the order of the bits; `groups` maps a name to
    assumptions that move together. Equal values (within `tolerance`, relative) are dropped.
    """

    def __init__(
        self,
        model: Model,
        A: Mapping[str, Any],
        B: Mapping[str, Any],
        groups: Mapping[str, Sequence[str]] | None = None,
        *,
        names: tuple[str, str] = ("A", "B"),
        order: Sequence[str] | None = None,
        tolerance: float = 0.0,
    ) -> None:
        same_assumptions(A, B, names)
        self.model = model
        self.A, self.B = dict(A), dict(B)
        self.names = names
        ordered = _ordered(A, B, order)
        for position, name in ((A, names[0]), (B, names[1])):
            for key in ordered:
                _check_value(key, position[key], name)
        disputed = [key for key in ordered if differs(A[key], B[key], tolerance)]
        self.players = _players(disputed, ordered, groups or {})
        self.disputed = tuple(key for group in self.players.values() for key in group)
        self.k = len(self.players)
        self.runs = 0
        if self.k > MAXIMUM_DISPUTED:
            raise DisputeError(
                f"{names[0]} and {names[1]} differ on {self.k} assumptions; up to {MAXIMUM_DISPUTED} are "
                "analysed exactly (2**16 runs). Group those that belong together, groups={name: [...]}, "
                "or give both sides one value for those that matter least, and say so"
            )
        self._outputs: Outputs | None = None

    @property
    def player_names(self) -> tuple[str, ...]:
        """The disputed assumptions or groups, in the order of the bits."""
        return tuple(self.players)

    @property
    def outputs(self) -> Outputs:
        """What the model gives at all mixtures, arrays (2**k, ...); evaluated in one call, then kept."""
        if self._outputs is None:
            self._outputs = self.evaluate(self.columns(np.arange(1 << self.k, dtype=np.int64)))
        return self._outputs

    def at(self, take: Iterable[str]) -> Outputs:
        """What the model gives with B's values on the players in `take`, read from the kept runs."""
        place = {name: i for i, name in enumerate(self.players)}
        chosen = list(take)
        for name in chosen:
            if name not in place:
                raise DisputeError(f'"{name}" is not disputed here{_nearest(name, place)}')
        row = mask_of(place[name] for name in chosen)
        return {name: values[row] for name, values in self.outputs.items()}

    def columns(self, rows: Masks) -> Columns:
        """The mixtures with the given row numbers, as the model takes them."""
        from_b = bits(self.k)[rows]
        owner = {key: from_b[:, i] for i, keys in enumerate(self.players.values()) for key in keys}
        nobody = np.zeros(len(rows), dtype=np.bool_)
        return {key: mixed(self.A[key], self.B[key], owner.get(key, nobody)) for key in self.A}

    def held(self, side: int, rows: int) -> Columns:
        """One side's own values (0 for A, 1 for B), repeated over `rows` rows."""
        own = self.B if side else self.A
        nobody = np.zeros(rows, dtype=np.bool_)
        return {key: mixed(value, value, nobody) for key, value in own.items()}

    def evaluate(self, columns: Columns) -> Outputs:
        """Run the model on a batch and check that every output has one row a mixture."""
        rows = len(next(iter(columns.values()))) if columns else 1
        answer = self.model(columns)
        self.runs += rows
        named = answer if isinstance(answer, Mapping) else {"output": answer}
        outputs = {str(name): np.asarray(values) for name, values in named.items()}
        for name, values in outputs.items():
            if values.shape[:1] != (rows,):
                raise DisputeError(
                    f'the model was given {rows} mixtures and its output "{name}" has shape {values.shape}; '
                    "a model returns arrays with one row a mixture (leading batch axis)"
                )
        return outputs

    def require_answers(self, margins: Floats) -> None:
        """Refuse a lattice with missing margins, naming the mixture and the smallest set that causes it."""
        missing = np.isnan(margins)
        if missing.any():
            raise DisputeError(_missing_message(self, missing))


def same_assumptions(A: Mapping[str, Any], B: Mapping[str, Any], names: tuple[str, str]) -> None:
    """Refuse two positions that do not hold the same assumptions."""
    for have, lack, owner in ((A, B, names[1]), (B, A, names[0])):
        for key in have:
            if key not in lack:
                raise DisputeError(
                    f'"{owner}" has no value for "{key}"{_nearest(key, lack)}; give the common default '
                    "(and a silence check), or leave the assumption out of both positions"
                )


def differs(a: Any, b: Any, tolerance: float = 0.0) -> bool:
    """Whether two declared values differ: numbers beyond a relative tolerance, anything else if not equal."""
    if _is_number(a) and _is_number(b):
        return bool(abs(a - b) > tolerance * max(abs(a), abs(b)))
    if isinstance(a, tuple | list | np.ndarray) and isinstance(b, tuple | list | np.ndarray):
        return len(a) != len(b) or any(differs(x, y, tolerance) for x, y in zip(a, b, strict=True))
    return bool(type(a) is not type(b) or a != b)


def mixed(a: Any, b: Any, from_b: Bools) -> NDArray[Any]:
    """One column of a batch: B's value where `from_b`, A's elsewhere; (n,) or, for places, (n, m)."""
    if _is_number(a) and _is_number(b):
        return np.where(from_b, float(b), float(a))
    if isinstance(a, bool | np.bool_) and isinstance(b, bool | np.bool_):
        return np.where(from_b, bool(b), bool(a))
    if isinstance(a, tuple | list | np.ndarray) and isinstance(b, tuple | list | np.ndarray):
        first, second = np.asarray(a, dtype=np.float64), np.asarray(b, dtype=np.float64)
        if first.shape == second.shape:
            return np.where(from_b[:, None], second, first)
    column = np.empty(from_b.shape[0], dtype=object)
    column[:] = [b if theirs else a for theirs in from_b]
    return column


def is_continuous(a: Any, b: Any) -> bool:
    """Whether values between the two make sense: both are numbers."""
    return _is_number(a) and _is_number(b)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float | np.integer | np.floating) and not isinstance(value, bool)


def _check_value(key: str, value: Any, owner: str) -> None:
    numbers = value if isinstance(value, tuple | list | np.ndarray) else [value]
    for number in numbers:
        if isinstance(number, str | bool | np.bool_) and not isinstance(value, tuple | list | np.ndarray):
            return
        if not _is_number(number):
            raise DisputeError(
                f'"{owner}" gives "{key}" as {value!r}; an assumption is a number, the name of a choice, '
                "or a place as a tuple of degrees"
            )
        if not math.isfinite(number):
            raise DisputeError(f'"{owner}" gives "{key}" as {value!r}; state a finite number')


def _ordered(A: Mapping[str, Any], B: Mapping[str, Any], order: Sequence[str] | None) -> list[str]:
    """The assumptions in a given order, in the common order of both, or else alphabetically."""
    if order is not None:
        for key in order:
            if key not in A:
                raise DisputeError(f'there is no assumption "{key}" in the positions{_nearest(key, A)}')
        return [*dict.fromkeys(order), *sorted(set(A) - set(order))]
    return list(A) if list(A) == list(B) else sorted(A)


def _players(
    disputed: Sequence[str], known: Sequence[str], groups: Mapping[str, Sequence[str]]
) -> dict[str, tuple[str, ...]]:
    """Disputed assumptions by player: a group stands where its first disputed member stood."""
    group_of: dict[str, str] = {}
    for name, group in groups.items():
        if isinstance(group, str) or not group:
            raise DisputeError(f'group "{name}" needs a list of assumptions; leave an empty group out')
        for key in group:
            if key not in known:
                raise DisputeError(f'group "{name}": there is no assumption "{key}"{_nearest(key, known)}')
            if key in group_of:
                raise DisputeError(f'"{key}" is in groups "{group_of[key]}" and "{name}"; keep it in one')
            group_of[key] = name
        if name in known and name not in group:
            raise DisputeError(f'group "{name}" has the name of an assumption outside it; give it another')
    players: dict[str, tuple[str, ...]] = {}
    for key in disputed:
        player = group_of.get(key, key)
        players[player] = (*players.get(player, ()), key)
    return players


def _missing_message(lattice: Lattice, missing: Bools) -> str:
    """What to say when some mixtures have no margin."""
    a, b = lattice.names
    for row, owner in ((0, a), (len(missing) - 1, b)):
        if missing[row]:
            return (
                f'the model gives no margin at "{owner}" itself; its figures are outside the model\'s range. '
                "Run that position alone to see why"
            )
    row = int(np.argmax(missing))
    taken = [name for i, name in enumerate(lattice.players) if row >> i & 1]
    what = (
        f"the model gives no margin at {int(missing.sum())} of {len(missing)} mixtures; the first is "
        f"{b}'s {listed(taken)} with the rest from {a}"
    )
    cause = _smallest_cause(missing, lattice.k)
    if cause is None:
        return (
            f"{what}. No three assumptions explain it alone: group those that belong together, groups={{...}}"
        )
    owners = [f"{b if from_b else a}'s {lattice.player_names[i]}" for i, from_b in cause]
    together = [lattice.player_names[i] for i, _ in cause]
    return (
        f"{what}. Smallest cause: {listed(owners)} never go together. Nothing is filled in; group them, "
        f'groups={{"{" and ".join(together)}": {together}}}, or correct one of the figures'
    )


def _smallest_cause(missing: Bools, k: int) -> tuple[tuple[int, bool], ...] | None:
    """The smallest choice of owners, for up to three assumptions, that leaves no mixture an answer."""
    membership = bits(k)

    def search(
        start: int, alive: Bools, chosen: tuple[tuple[int, bool], ...], depth: int
    ) -> tuple[tuple[int, bool], ...] | None:
        for i in range(start, k):
            for from_b in (False, True):
                rows = alive & (membership[:, i] == from_b)
                found = (*chosen, (i, from_b))
                if depth == 1:
                    if missing[rows].all():
                        return found
                elif (deeper := search(i + 1, rows, found, depth - 1)) is not None:
                    return deeper
        return None

    for size in range(1, min(3, k) + 1):
        if (cause := search(0, np.ones(1 << k, dtype=np.bool_), (), size)) is not None:
            return cause
    return None


def _nearest(name: str, known: Iterable[str]) -> str:
    close = nearest(name, known)
    return f'; did you mean "{close}"?' if close else ""

"""The values at which a conclusion changes: along one assumption, and along all of them together.

From each side's own position one assumption is moved over its declared bounds - or, where none are declared,
between the two sides' values - and every change of the verdict is found; never beyond. A tuple value or the
name of a choice is tried at the other side's value only. Source: docs/models/crux.md, D11.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import elementwise

from detente.dispute.errors import DisputeError
from detente.dispute.tables import Bools, Floats, Masks
from detente.records.crux import CruxVerdict

MarginAndBand = Callable[[Floats, Masks], tuple[Floats, Floats]]
"""(fraction, axis number), both (n,), to margin and band, both (n,)."""

GRID = 129
"""Points scanned along each axis before refinement."""

_FINE = 1e-12
_SETTLED = 1e-9  # of the gap between the two sides' values: beyond any figure's own digits
_HUGE = 1e300


@dataclass(frozen=True)
class Axis:
    """A stretch to scan, in fractions of the way from a side's own value (0) to the other's (1)."""

    low: float
    high: float


@dataclass(frozen=True)
class Crossing:
    """Where the verdict changes along an axis; the margin leaves the band at `low` and `high`."""

    fraction: float
    low: float
    high: float
    beyond: bool
    """The verdict on the side of the crossing that is farther from the side's own value."""


@dataclass(frozen=True)
class Scan:
    """All crossings along one axis, nearest to the own value first; `gaps` if answers were missing."""

    crossings: tuple[Crossing, ...] = field(default=())
    gaps: bool = False
    changes_across_gap: bool = False
    enters_band: float | None = None
    """Without a crossing: the nearest fraction at which a decided verdict becomes undecided."""
    verdicts: frozenset[CruxVerdict] = frozenset()
    """All verdicts met along the axis."""


def crossings(evaluate: MarginAndBand, axes: Sequence[Axis], grid: int = GRID) -> tuple[Scan, ...]:
    """Every change of verdict along each axis: one batched scan of all axes, then refinement of all brackets.

    The verdict is yes where the margin is at least zero. A change is found if the margin has different
    signs at neighboring points of the scan, or dips across zero between three of them. Missing margins
    are gaps.
    """
    if grid < 3:
        raise DisputeError(f"a scan needs at least 3 points, got {grid}")
    if not axes:
        return ()
    points = [_points(axis, grid) for axis in axes]
    numbers = [np.full(len(each), n, dtype=np.int64) for n, each in enumerate(points)]
    margins, bands = evaluate(np.concatenate(points), np.concatenate(numbers))
    cuts = np.cumsum([len(each) for each in points])[:-1]
    scanned = list(zip(points, np.split(margins, cuts), np.split(bands, cuts), strict=True))
    scanned = _with_vertices(evaluate, scanned)
    roots = _brackets([(t, m) for t, m, _ in scanned])
    edges = _brackets([(t, np.abs(m) - b) for t, m, b in scanned])
    narrowed = _narrow(evaluate, roots + edges, len(roots))
    return tuple(
        _scan(
            t, m, b, [f for f, axis in narrowed[0] if axis == n], [f for f, axis in narrowed[1] if axis == n]
        )
        for n, (t, m, b) in enumerate(scanned)
    )


def _points(axis: Axis, grid: int) -> Floats:
    """Evenly spaced fractions over the axis, with both sides' own values among them."""
    if not axis.low <= 0.0 <= axis.high:
        raise DisputeError(
            f"a scan from {axis.low:g} to {axis.high:g} of the gap leaves out the side's own value"
        )
    own = [each for each in (0.0, 1.0) if axis.low <= each <= axis.high]
    return np.unique(np.concatenate([np.linspace(axis.low, axis.high, grid), own]))


def _with_vertices(
    evaluate: MarginAndBand, scanned: list[tuple[Floats, Floats, Floats]]
) -> list[tuple[Floats, Floats, Floats]]:
    """The scans with a point more wherever a parabola through three points dips toward zero."""
    extra_points: list[Floats] = []
    for t, m, _ in scanned:
        left, mid, right = m[:-2], m[1:-1], m[2:]
        with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
            dips = (
                (np.abs(mid) <= np.abs(left))
                & (np.abs(mid) <= np.abs(right))
                & (left * right > 0)
                & (mid * left > 0)
            )
            a, b = t[1:-1] - t[:-2], t[1:-1] - t[2:]
            bend = a * (mid - right) - b * (mid - left)
            vertex = t[1:-1] - 0.5 * (a * a * (mid - right) - b * b * (mid - left)) / bend
        inside = dips & np.isfinite(vertex) & (vertex > t[:-2]) & (vertex < t[2:])
        extra_points.append(vertex[inside])
    if not any(len(each) for each in extra_points):
        return scanned
    numbers = np.concatenate([np.full(len(each), n, dtype=np.int64) for n, each in enumerate(extra_points)])
    margins, bands = evaluate(np.concatenate(extra_points), numbers)
    merged = []
    for n, (t, m, b) in enumerate(scanned):
        all_t = np.concatenate([t, extra_points[n]])
        order = np.argsort(all_t, kind="stable")
        merged.append(
            (
                all_t[order],
                np.concatenate([m, margins[numbers == n]])[order],
                np.concatenate([b, bands[numbers == n]])[order],
            )
        )
    return merged


def _brackets(curves: Sequence[tuple[Floats, Floats]]) -> list[tuple[float, float, int]]:
    """Neighboring points of each curve between which it changes sign (zero counts as positive)."""
    found: list[tuple[float, float, int]] = []
    for n, (t, values) in enumerate(curves):
        known = ~np.isnan(values)
        positive = values >= 0
        changes = (positive[:-1] != positive[1:]) & known[:-1] & known[1:]
        found += [(float(t[j]), float(t[j + 1]), n) for j in np.flatnonzero(changes)]
    return found


def _narrow(
    evaluate: MarginAndBand, brackets: list[tuple[float, float, int]], roots: int
) -> tuple[list[tuple[float, int]], list[tuple[float, int]]]:
    """Narrow all brackets at once by Chandrupatla's method; those that end in a gap are left out.

    The first `roots` brackets hold zeros of the margin, the others edges of the band; returned apart.
    """
    if not brackets:
        return [], []
    left = np.array([bracket[0] for bracket in brackets])
    right = np.array([bracket[1] for bracket in brackets])
    numbers = np.array([bracket[2] for bracket in brackets], dtype=np.int64)
    is_edge = np.arange(len(brackets)) >= roots

    def curve(t: Floats, axis: Masks, edge: Bools) -> Floats:
        margins, bands = evaluate(np.atleast_1d(t), np.atleast_1d(axis).astype(np.int64))
        values = np.where(np.atleast_1d(edge), np.abs(margins) - bands, margins)
        return np.clip(values, -_HUGE, _HUGE).reshape(np.shape(t))

    result = elementwise.find_root(
        curve,
        (left, right),
        args=(numbers, is_edge),
        tolerances={"xatol": _SETTLED, "xrtol": _SETTLED, "fatol": 0, "frtol": 0},
    )
    found = [(float(x), int(n)) for x, n in zip(result.x, numbers, strict=True)]
    good = [bool(each) for each in result.success]
    return (
        [each for each, fine in zip(found[:roots], good[:roots], strict=True) if fine],
        [each for each, fine in zip(found[roots:], good[roots:], strict=True) if fine],
    )


def _scan(t: Floats, m: Floats, b: Floats, roots: list[float], edges: list[float]) -> Scan:
    known = ~np.isnan(m)
    found: list[Crossing] = []
    for root in sorted(roots, key=lambda each: (abs(each), each)):
        if found and abs(root - found[-1].fraction) <= _FINE * max(1.0, abs(root)):
            continue
        below, above = [e for e in edges if e <= root], [e for e in edges if e >= root]
        low = max(below) if below and b.any() else (root if not b.any() else float(t[0]))
        high = min(above) if above and b.any() else (root if not b.any() else float(t[-1]))
        found.append(Crossing(root, low, high, _verdict_beyond(t, m, known, root)))
    seen = m[known] >= 0
    own = int(np.argmin(np.abs(t)))
    decided = bool(np.abs(m[own]) > b[own])
    return Scan(
        crossings=tuple(found),
        gaps=not bool(known.all()),
        changes_across_gap=not found and bool(seen.any()) and not bool(seen.all()),
        verdicts=_verdicts_met(m[known], b[known]),
        enters_band=min(edges, key=abs) if edges and decided and not found else None,
    )


def _verdicts_met(m: Floats, b: Floats) -> frozenset[CruxVerdict]:
    undecided = (np.abs(m) <= b) & (b > 0)
    met: list[tuple[CruxVerdict, Bools]] = [
        ("undecided", undecided),
        ("yes", (m >= 0) & ~undecided),
        ("no", (m < 0) & ~undecided),
    ]
    return frozenset(verdict for verdict, where in met if where.any())


def _verdict_beyond(t: Floats, m: Floats, known: Bools, root: float) -> bool:
    """The verdict at the nearest scanned point past the root, seen from the side's own value."""
    own = bool(m[int(np.argmin(np.abs(t)))] >= 0)
    if abs(root) <= _FINE:
        return not own
    past = known & ((t > root + _FINE) if root >= 0 else (t < root - _FINE))
    if past.any():
        candidates = np.flatnonzero(past)
        return bool(m[candidates[np.argmin(np.abs(t[candidates] - root))]] >= 0)
    return not own

"""Which figures a sweep tries: a position's own distributions, Latin hypercube, Sobol' points or a grid.

Every number is a pure function of (seed, name of the parameter, number of the row): nothing is drawn in
sequence, so any row can be drawn anywhere, and another parameter or more rows change no other draw.
"""

import hashlib
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from detente.records.base import Record, digest_of
from detente.records.figure import Figure

from .errors import refused

Array = NDArray[np.float64]
Words = NDArray[np.uint64]
DesignName = Literal["own", "lhs", "sobol", "grid"]

DESIGNS: dict[DesignName, str] = {
    "own": "independent draws from each figure's own distribution",
    "lhs": "Latin hypercube: each figure's distribution cut into as many equal shares as there are rows",
    "sobol": "Sobol' points with a random digital shift, through each figure's distribution",
    "grid": "every combination of evenly spaced values, both ends of each range included",
}
MOST_SAMPLES = 10**8
LARGEST_SEED = 2**63 - 1
_SOBOL_BITS = 30
_ROUNDS = 10


class Law(Record):
    """The doubt about one number, in its parameter's unit; nothing outside `low` to `high` is drawn.

    A normal law is cut at `low` and `high`, the parameter's physical bounds.
    """

    kind: Literal["uniform", "triangular", "normal"]
    low: float
    high: float
    mode: float | None = None
    mean: float | None = None
    sd: float | None = None

    def value(self, share: Array) -> Array:
        """The value below which a share (0 to 1) of the law lies; any shape."""
        if self.kind == "uniform":
            return self.low + share * (self.high - self.low)
        if self.kind == "triangular":
            return self._triangular(share, self.low if self.mode is None else self.mode)
        from scipy.special import ndtr, ndtri

        mean, sd = self.mean or 0.0, self.sd or 1.0
        below, above = ndtr((self.low - mean) / sd), ndtr((self.high - mean) / sd)
        return np.clip(mean + sd * ndtri(below + share * (above - below)), self.low, self.high).astype(
            np.float64
        )

    def _triangular(self, share: Array, mode: float) -> Array:
        width = self.high - self.low
        rising = self.low + np.sqrt(share * width * (mode - self.low))
        falling = self.high - np.sqrt((1.0 - share) * width * (self.high - mode))
        return np.where(share * width < mode - self.low, rising, falling)

    def interval(self) -> tuple[float, float]:
        """The ends of a grid: the whole range; two standard deviations about the mean of a normal law."""
        if self.kind != "normal":
            return self.low, self.high
        mean, reach = self.mean or 0.0, 2.0 * (self.sd or 1.0)
        return max(self.low, mean - reach), min(self.high, mean + reach)


def law_of(figure: Figure, unit: str, low: float, high: float) -> Law | None:
    """The law of a figure in a unit, within the parameter's physical bounds; None for a bare value.

    A range without a distribution is taken as uniform: nobody stated more.
    """
    span = figure.bounds(unit)
    if span is None:
        return None
    stated = figure.distribution
    if stated is not None and stated.kind == "normal":
        mean = figure.central(unit)
        return Law(kind="normal", low=low, high=high, mean=mean, sd=(span[1] - span[0]) / 4)
    ends = {"low": max(span[0], low), "high": min(span[1], high)}
    if stated is not None and stated.kind == "triangular":
        return Law(kind="triangular", mode=min(max(figure.central(unit), ends["low"]), ends["high"]), **ends)
    return Law(kind="uniform", **ends)


class Varied(Record):
    """A parameter that a sweep varies.

    `dimension` is its own Sobol' dimension: its place among all parameters of the study, so that it keeps
    its points whatever else varies.
    """

    name: str
    unit: str
    law: Law
    dimension: int
    status: str = ""
    source: tuple[str, ...] = ()
    note: str = ""


class Fixed(Record):
    """A parameter that stays: a number, the name of a choice, or a place in degrees north and east."""

    name: str
    unit: str
    value: float | str | tuple[float, float]
    status: str = ""
    source: tuple[str, ...] = ()


class Plan(Record):
    """What to draw: a design, how many rows, a seed, what varies and what stays."""

    design: DesignName
    samples: int
    seed: int = 0
    varied: tuple[Varied, ...]
    fixed: tuple[Fixed, ...] = ()

    @property
    def digest(self) -> str:
        """SHA-256 over the whole plan."""
        return digest_of(self.model_dump(mode="json"))


@dataclass(frozen=True)
class Samples:
    """The rows of a plan, drawn where they are asked for and never all held at once."""

    plan: Plan

    def __len__(self) -> int:
        return self.plan.samples

    def varied(self, start: int, stop: int) -> dict[str, Array]:
        """The parameters that vary, for rows start to stop: columns (rows,) in the parameters' units."""
        plan = self.plan
        if plan.design == "grid":
            return _grid(plan, np.arange(start, stop, dtype=np.uint64))
        shares = {each.name: _shares(plan, each, start, stop) for each in plan.varied}
        return {each.name: each.law.value(shares[each.name]) for each in plan.varied}

    def columns(self, start: int, stop: int) -> dict[str, NDArray[Any]]:
        """Every parameter for rows start to stop: numbers and choices (rows,), places (rows, 2) degrees."""
        rows = stop - start
        columns: dict[str, NDArray[Any]] = {}
        for each in self.plan.fixed:
            value = np.array(each.value, dtype=object if isinstance(each.value, str) else np.float64)
            columns[each.name] = np.broadcast_to(value, (rows, *value.shape)).copy()
        return columns | self.varied(start, stop)


def draw(plan: Plan) -> Samples:
    """The samples of a plan. Raises `InputError` for a plan that cannot be drawn."""
    if plan.samples < 1:
        way_out = f"ask for 1 to {MOST_SAMPLES:,}"
        raise refused(f"{plan.samples:,} samples are no sample", way_out, "--samples")
    if plan.samples > MOST_SAMPLES:
        rule = f"{plan.samples:,} samples are more than the {MOST_SAMPLES:,} of one sweep"
        raise refused(rule, "ask for fewer, or make several sweeps with different seeds", "--samples")
    if not 0 <= plan.seed <= LARGEST_SEED:
        raise refused(f"seed {plan.seed} is outside 0 to {LARGEST_SEED}", "choose another", "--seed")
    if not plan.varied:
        raise refused("nothing varies", "give at least one figure a range or a distribution", "--position")
    names = Counter([each.name for each in plan.varied] + [each.name for each in plan.fixed])
    twice = [name for name, times in names.items() if times > 1]
    if twice:
        raise refused(f'"{twice[0]}" stands in the plan twice', "vary it or fix it", twice[0])
    dimensions = Counter(each.dimension for each in plan.varied)
    if max(dimensions.values()) > 1:
        raise refused("two parameters have one Sobol' dimension", "give each its own", "dimension")
    if plan.design == "grid":
        _levels(plan)
    return Samples(plan)


def uniforms(seed: int, name: str, start: int, stop: int, purpose: str = "draw") -> Array:
    """Uniform numbers inside (0, 1) for rows start to stop of a parameter, (rows,).

    Source: J. K. Salmon et al., "Parallel random numbers: as easy as 1, 2, 3", 2011 (Philox 4x64), as
    implemented in NumPy; not read in the original.
    """
    first = start // 4  # one step of the counter gives four words
    generator = np.random.Philox(key=_key(seed, name, purpose), counter=first)
    words = generator.random_raw(stop - 4 * first)[start - 4 * first :]
    return _unit(np.asarray(words, dtype=np.uint64))


def _key(seed: int, name: str, purpose: str) -> int:
    said = f"detente/sweep/1\0{purpose}\0{seed}\0{name}".encode()
    return int.from_bytes(hashlib.sha256(said).digest()[:16], "big")


def _unit(words: Words) -> Array:
    """Words of 64 bits as numbers inside (0, 1), never 0 or 1."""
    return (words >> np.uint64(11)).astype(np.float64) * 2.0**-53 + 2.0**-54


def _shares(plan: Plan, each: Varied, start: int, stop: int) -> Array:
    if plan.design == "own":
        return uniforms(plan.seed, each.name, start, stop)
    if plan.design == "lhs":
        rows = np.arange(start, stop, dtype=np.uint64)
        share = permuted(rows, plan.samples, _key(plan.seed, each.name, "order")).astype(np.float64)
        within = uniforms(plan.seed, each.name, start, stop, "within")
        return np.minimum((share + within) / plan.samples, 1.0 - 2.0**-53)
    return _sobol(plan, each, np.arange(start, stop, dtype=np.uint64))


def permuted(rows: Words, size: int, key: int) -> Words:
    """Where each row number below `size` stands in a random order, without holding the order.

    A balanced Feistel network on the next even number of bits; results outside are sent through again.
    Source: J. Black and P. Rogaway, "Ciphers with arbitrary finite domains", 2002; not read in the original.
    """
    half = max(1, -(-(size - 1).bit_length() // 2))
    mask, bits = np.uint64((1 << half) - 1), np.uint64(half)
    keys = np.random.Philox(key=key).random_raw(_ROUNDS).astype(np.uint64)
    found = rows.copy()
    outside = np.ones(rows.shape, dtype=np.bool_)
    while outside.any():
        left, right = found[outside] >> bits, found[outside] & mask
        for round_key in keys:
            left, right = right, left ^ (_mixed(right + round_key) & mask)
        found[outside] = (left << bits) | right
        outside = found >= np.uint64(size)
    return found


def _mixed(words: Words) -> Words:
    """The finalizer of SplitMix64: every bit of the word depends on every other; arithmetic modulo 2**64."""
    words = (words ^ (words >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    words = (words ^ (words >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return words ^ (words >> np.uint64(31))


@lru_cache(maxsize=4)
def _directions(dimensions: int, bits: int) -> Words:
    """Direction numbers (bits, dimensions) of SciPy's Sobol' sequence, read from its points 2**k.

    Point n is the exclusive-or of the directions at the bits of n XOR n/2, so point 2**k is that of two
    neighbors; this gives any row at once, where the sequence itself would be walked from its start.
    """
    from scipy.stats import qmc

    sequence = qmc.Sobol(dimensions, scramble=False, bits=_SOBOL_BITS)
    found = np.zeros((bits, dimensions), dtype=np.uint64)
    drawn = 0
    for bit in range(bits):
        sequence.fast_forward((1 << bit) - drawn)
        point = (sequence.random(1)[0] * 2.0**_SOBOL_BITS).astype(np.uint64)
        drawn = (1 << bit) + 1
        found[bit] = point ^ found[bit - 1] if bit else point
    return found


def _sobol(plan: Plan, each: Varied, rows: Words) -> Array:
    directions = _directions(1 + max(other.dimension for other in plan.varied), plan.samples.bit_length())
    gray = rows ^ (rows >> np.uint64(1))
    point = np.zeros(rows.shape, dtype=np.uint64)
    for bit, direction in enumerate(directions[:, each.dimension]):
        point ^= np.where((gray >> np.uint64(bit)) & np.uint64(1), direction, np.uint64(0))
    shift = np.random.Philox(key=_key(plan.seed, each.name, "shift")).random_raw(1).astype(np.uint64)
    return _unit((point << np.uint64(64 - _SOBOL_BITS)) ^ shift)


def _levels(plan: Plan) -> int:
    """How many values of each parameter a grid has. Raises `InputError` where the rows do not make one."""
    among = len(plan.varied)
    levels: int = round(plan.samples ** (1.0 / among))
    if levels >= 2 and levels**among == plan.samples:
        return levels
    near = sorted({max(2, levels + step) ** among for step in (-1, 0, 1)})
    fitting = [f"{count:,}" for count in near if count <= MOST_SAMPLES]
    rule = f"a grid of {among} figures that vary has 2**{among}, 3**{among}, ... rows, not {plan.samples:,}"
    ways = f"ask for {', '.join(fitting)} samples, or" if fitting else "let fewer figures vary, or"
    raise refused(rule, f"{ways} choose another design (own, lhs, sobol)", "--samples")


def _grid(plan: Plan, rows: Words) -> dict[str, Array]:
    """Rows of a grid, the last parameter fastest."""
    levels = np.uint64(_levels(plan))
    columns: dict[str, Array] = {}
    for each in reversed(plan.varied):
        low, high = each.law.interval()
        share = (rows % levels).astype(np.float64) / (float(levels) - 1.0)
        columns[each.name] = np.where(share == 1.0, high, low + share * (high - low))
        rows = rows // levels
    return {each.name: columns[each.name] for each in plan.varied}

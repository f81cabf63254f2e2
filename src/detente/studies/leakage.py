"""How many missiles of a raid get through, and how many interceptors a stated probability takes: counts only.

Arrays broadcast against each other. A raid of W missiles, N interceptors, at most n shots at a missile,
each of which succeeds with probability k independently of the others, unless all shots of the whole
engagement fail together (probability c, the common mode). Equations and biases: docs/models/inventory.md.
Source: Wilkening, Science & Global Security 8 (1999) 183-215 for the structure, which was not read;
the arithmetic is computed from the definitions here.
"""

import math
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Array = NDArray[np.float64]

_SLACK = 1e-9  # a count that misses a whole number by less was meant to be it
_DIRECT = 4096  # up to this many terms a product of two distributions is added up term by term


class Engaged(NamedTuple):
    """What N interceptors make of a raid: probabilities and mean counts, one entry a member."""

    no_leak: Array
    leakage: Array
    expected_use: Array
    worst_use: Array


class Need(NamedTuple):
    """Shots at each missile and interceptors for a stated probability; infinite where none suffices."""

    shots: Array
    whole_shots: Array
    interceptors: Array
    whole_interceptors: Array
    fewest: Array


def no_leak(raid: ArrayLike, shots: ArrayLike, kill: ArrayLike, common: ArrayLike = 0.0) -> Array:
    """Probability [1] that no missile of a raid gets through `shots` independent shots at each of them.

    (1 - c) [1 - (1 - k)^n]^W; `shots` may be any real number from 0 on. No overflow and no loss of digits
    for raids to 1e5 and beyond.
    """
    w, n, k, c = (np.asarray(a, dtype=float) for a in (raid, shots, kill, common))
    return (1.0 - c) * np.exp(w * _log_stopped(n, k))


def salvo(
    raid: ArrayLike, interceptors: ArrayLike, shots: ArrayLike, kill: ArrayLike, common: ArrayLike = 0.0
) -> Engaged:
    """All shots at once: n at each missile, or as evenly as the interceptors go where they are too few.

    Counts are whole: interceptors and shots are rounded down, the raid up. An even spread is the one
    that leaves the fewest on average, an upper bound on defense.
    """
    w, held, n, k, c = whole_counts(raid, interceptors, shots, kill, common)
    fired = np.minimum(held, n * w)
    each = np.floor(fired / w)
    more = fired - each * w
    passed, passed_more = _power(1.0 - k, each), _power(1.0 - k, each + 1.0)
    exponent = _times(w - more, _log_stopped(each, k)) + _times(more, _log_stopped(each + 1.0, k))
    stopped = (w - more) * (1.0 - passed) + more * (1.0 - passed_more)
    return Engaged((1.0 - c) * np.exp(exponent), w - (1.0 - c) * stopped, fired, fired)


def shoot_look_shoot(
    raid: ArrayLike, interceptors: ArrayLike, shots: ArrayLike, kill: ArrayLike, common: ArrayLike = 0.0
) -> Engaged:
    """One shot at a time, at missiles that are seen to have survived, at most n at each, while any are left.

    Every look is right and there is time for all of them: an upper bound on defense. Exact, whatever the
    order of fire: each shot at a survivor stops it with probability k, so that the mean number stopped
    is k times the mean number fired.
    """
    w, held, n, k, c = whole_counts(raid, interceptors, shots, kill, common)
    plenty, scarce = held >= n * w, held < w
    mean = w * _mean_shots(n, k)
    used = np.where(plenty, mean, held)
    whole = np.where(plenty, np.exp(w * _log_stopped(n, k)), 0.0)
    between = ~(plenty | scarce)
    if between.any():
        found = [_pooled(*member) for member in zip(*(a[between] for a in (w, held, n, k)), strict=True)]
        whole[between], used[between] = np.array(found).T
    worst = np.minimum(held, n * w)
    return Engaged(
        (1.0 - c) * whole,
        w - (1.0 - c) * k * used,
        (1.0 - c) * used + c * worst,
        worst,
    )


def needed(raid: ArrayLike, probability: ArrayLike, kill: ArrayLike, common: ArrayLike = 0.0) -> Need:
    """Shots at each missile and interceptors for which no missile gets through with `probability` or more.

    As a real number n = ln(1 - (P / (1 - c))^(1/W)) / ln(1 - k) and as the smallest whole one, with the
    same number at each missile: n W in all, used in a salvo and in the worst case of shoot-look-shoot.
    `fewest` is the number with as many looks as are wanted, below which no way of shooting suffices.
    A raid may be any real number. Infinite where the common mode alone misses the probability, or no shot
    ever succeeds.
    """
    w, p, k, c = np.broadcast_arrays(*(np.asarray(a, dtype=float) for a in (raid, probability, kill, common)))
    real = _needed_shots(w, p, k, c)
    finite = np.where(np.isfinite(real), real, 0.0)
    whole = np.ceil(np.maximum(finite * (1.0 - _SLACK) - _SLACK, 0.0))
    # one success takes one shot; no shot at all suffices only where nothing is asked
    whole = np.where(np.isfinite(real), np.maximum(whole, p > 0.0), np.inf)
    return Need(real, whole, real * w, whole * w, _fewest(w, p, k, c))


def _needed_shots(w: Array, p: Array, k: Array, c: Array) -> Array:
    with np.errstate(divide="ignore", invalid="ignore"):
        each = -np.expm1((np.log(p) - np.log1p(-c)) / w)
        real = np.log(each) / np.log1p(-k)
    real = np.where(k >= 1.0, 0.0, real)
    impossible = (p > (1.0 - c) * (1.0 + 1e-15)) | ((p >= 1.0 - c) & (k < 1.0)) | (k <= 0.0)
    return np.where(p <= 0.0, 0.0, np.where(impossible, np.inf, real))


def _fewest(w: Array, p: Array, k: Array, c: Array) -> Array:
    """Smallest N of which W succeed with the probability asked: the quantile of a negative binomial."""
    from scipy.stats import nbinom

    with np.errstate(divide="ignore", invalid="ignore"):
        asked = np.where(c < 1.0, p / (1.0 - c), np.inf)
        impossible = (asked > 1.0 + 1e-15) | ((asked >= 1.0) & (k < 1.0)) | (k <= 0.0)
        level = np.clip(asked * (1.0 - 1e-12), 0.0, 1.0)
        misses = nbinom.ppf(np.where(impossible, 0.5, level), w, np.where(impossible, 0.5, k))
    return np.where(p <= 0.0, 0.0, np.where(impossible, np.inf, w + np.maximum(misses, 0.0)))


def whole_counts(raid: ArrayLike, *given: ArrayLike) -> tuple[Array, ...]:
    """Raid up, other counts down to whole numbers, the last two, probabilities, as they are.

    All of one shape, at least one dimension.
    """
    w, *counts = (np.atleast_1d(np.asarray(a, dtype=float)) for a in (raid, *given))
    whole = [np.floor(count + _SLACK) for count in counts[:-2]]
    return tuple(np.broadcast_arrays(np.ceil(w - _SLACK), *whole, *counts[-2:]))


def _power(base: Array, exponent: Array) -> Array:
    """The power base ** exponent, with 0 ** 0 = 1."""
    result: Array = np.power(base, exponent)
    return result


def _log_stopped(n: Array, k: Array) -> Array:
    """ln[1 - (1 - k)^n] without loss of digits; minus infinity where no shot is fired or none succeeds."""
    with np.errstate(divide="ignore", invalid="ignore"):
        passed = np.where(n <= 0.0, 1.0, np.exp(n * np.log1p(-k)))
        result: Array = np.log1p(-passed)
    return result


def _times(count: Array, logarithm: Array) -> Array:
    """The product, nothing where the count is nothing."""
    with np.errstate(invalid="ignore"):
        result: Array = np.where(count > 0.0, count * logarithm, 0.0)
    return result


def _mean_shots(n: Array, k: Array) -> Array:
    """Mean number of shots at one missile, stopping at success or after n: [1 - (1 - k)^n] / k."""
    with np.errstate(divide="ignore", invalid="ignore"):
        stopped = -np.expm1(n * np.log1p(-k))
        result: Array = np.where(k > 0.0, stopped / k, n)
    return result


@lru_cache(maxsize=4096)
def _pooled(raid: float, held: float, shots: float, kill: float) -> tuple[float, float]:
    """Probability that N interceptors stop all W, and mean number fired, for W <= N < n W."""
    w, room, n = int(raid), int(held) - int(raid), int(shots)
    missed = _power(np.asarray(1.0 - kill), np.arange(min(n, room + 1), dtype=float))
    stopped: Array = kill * missed
    ended = stopped.copy()
    if n <= room + 1:
        ended[-1] = missed[-1]  # the last shot ends the matter whether it succeeds or not
    chances = summed(ended, w, room)
    whole = math.fsum(summed(stopped, w, room))
    # mean of min(N, S), where S = W + misses is the number of shots that the raid would take
    spared = math.fsum(chances * np.arange(room, -1, -1))
    return min(whole, 1.0), held - spared


def summed(chances: Array, count: int, most: int) -> Array:
    """Distribution of the sum of `count` independent numbers of one distribution, to `most`."""
    from scipy.signal import fftconvolve

    def product(a: Array, b: Array) -> Array:
        joined: Any = np.convolve(a, b) if min(len(a), len(b)) <= _DIRECT else fftconvolve(a, b)
        kept: Array = np.maximum(joined[: most + 1], 0.0)
        return kept

    result, square = np.ones(1), chances[: most + 1]
    while count:
        if count & 1:
            result = product(result, square)
        count >>= 1
        if count:
            square = product(square, square)
    return np.pad(result, (0, most + 1 - len(result)))

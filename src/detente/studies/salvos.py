"""Salvos with a look between them: what they make of a raid, and the fewest interceptors for a stated chance.

Shoot-look-shoot with several shots at once: a salvo at every missile, a look, a salvo at those that are left.
Counts only, as in leakage.py, of which one salvo and one shot at a time are the two ends. Equations and
biases: docs/models/inventory.md.
"""

from functools import lru_cache

import numpy as np
from numpy.typing import ArrayLike, NDArray

from .leakage import Engaged, needed, no_leak, salvo, shoot_look_shoot, summed, whole_counts

Array = NDArray[np.float64]

_NOTHING = 1e-16  # a course of an engagement that is less likely than this is left out


def salvo_look_salvo(
    raid: ArrayLike,
    interceptors: ArrayLike,
    shots: ArrayLike,
    size: ArrayLike,
    kill: ArrayLike,
    common: ArrayLike = 0.0,
) -> Engaged:
    """Salvos of `size` at every missile that is seen to have survived, at most n shots at each.

    A last salvo is smaller where n is no multiple of `size`. Interceptors too few for a whole salvo at every
    survivor are spread evenly over them, and are the last. Every look is right and there is time for all of
    them: an upper bound on defense. Arrays broadcast; counts are whole, a size of at least one.
    """
    w, held, n, s, k, c = whole_counts(raid, interceptors, shots, size, kill, common)
    s = np.clip(s, 1.0, np.maximum(n, 1.0))
    found = salvo(w, held, np.minimum(n, s), k, c)
    more = (n > s) & (held > s * w)
    if not more.any():
        return found
    chance, leaked, used, worst = (np.array(values) for values in found)
    worst[more] = np.minimum(held, n * w)[more]
    single = more & (s == 1.0)
    for rows in (single, more & ~single):
        if rows.any():
            counts, figures = (w[rows], held[rows], n[rows]), (k[rows], c[rows])
            some = (
                shoot_look_shoot(*counts, *figures)
                if rows is single
                else _in_rounds(*counts, s[rows], *figures)
            )
            chance[rows], leaked[rows], used[rows] = some.no_leak, some.leakage, some.expected_use
    return Engaged(chance, leaked, used, worst)


def fewest_salvos(
    raid: ArrayLike, probability: ArrayLike, kill: ArrayLike, common: ArrayLike, size: ArrayLike
) -> Array:
    """Interceptors in whole salvos for which none gets through with a probability, looks without limit.

    Infinite where no number is enough. One salvo stops a missile with probability 1 - (1 - k)^size; with a
    size of one the result is `needed(...).fewest`.
    """
    s = np.maximum(np.floor(np.asarray(size, float) + 1e-9), 1.0)
    stopped = -np.expm1(s * np.log1p(-np.minimum(np.asarray(kill, float), 1.0 - 1e-16)))
    return np.asarray(s * needed(raid, probability, stopped, common).fewest)


def fewest_within(
    raid: ArrayLike,
    probability: ArrayLike,
    kill: ArrayLike,
    common: ArrayLike,
    most: ArrayLike,
    between: ArrayLike,
) -> Array:
    """Interceptors that meet a probability with at most `most` shots at each missile; infinite where none do.

    `between` is the number of shots between two looks, fired in whole salvos: none for all shots at once,
    which takes the same number at each missile. Arrays broadcast; the raid is rounded up.
    """
    given = np.broadcast_arrays(
        *(np.asarray(a, float) for a in (raid, probability, kill, common, most, between))
    )
    table = np.stack([a.ravel() for a in given], axis=1)
    kept, index = np.unique(table, axis=0, return_inverse=True)
    found = np.array([_fewest(*(float(value) for value in row)) for row in kept])
    return found[index.reshape(-1)].reshape(given[0].shape)


@lru_cache(maxsize=8192)
def _fewest(
    raid: float, probability: float, kill: float, common: float, most: float, between: float
) -> float:
    """As `fewest_within`, for one engagement."""
    if probability <= 0.0:
        return 0.0
    w, n, s = np.ceil(raid - 1e-9), int(most + 1e-9), min(int(between + 1e-9), int(most + 1e-9))
    asked = probability * (1.0 - 1e-12)
    if n < 1 or float(no_leak(w, n, kill, common)) < asked:
        return float("inf")
    if s < 1:
        return float(next(w * each for each in range(1, n + 1) if no_leak(w, each, kill, common) >= asked))
    # shots at one missile until it is stopped, less those of the first salvo, which every missile draws
    stopped, before = np.zeros(n - s + 1), 1.0
    for fired in (*range(s, n, s), n):
        after = (1.0 - kill) ** fired
        stopped[fired - s], before = before - after, after
    chance = (1.0 - common) * np.cumsum(summed(stopped, int(w), int(w) * (n - s)))
    return float(w * s + min(int(np.searchsorted(chance, asked)), len(chance) - 1))


def _in_rounds(w: Array, held: Array, n: Array, s: Array, k: Array, c: Array) -> Engaged:
    """Rows in which there is a second round, one by one."""
    found = [_rounds(*(float(a) for a in member)) for member in zip(w, held, n, s, k, strict=True)]
    whole, stopped, used = np.array(found).T
    worst = np.minimum(held, n * w)
    return Engaged((1.0 - c) * whole, w - (1.0 - c) * stopped, (1.0 - c) * used + c * worst, worst)


@lru_cache(maxsize=4096)
def _rounds(w: float, held: float, n: float, size: float, kill: float) -> tuple[float, float, float]:
    """Probability that all are stopped, mean number stopped and mean number fired, round by round."""
    left, stock, chance = (np.array([value]) for value in (w, held, 1.0))
    whole = stopped = used = fired = 0.0
    while fired < n and left.size:
        shots = min(size, n - fired)
        short = stock < shots * left
        if short.any():
            last = salvo(left[short], stock[short], shots, kill)
            whole += float(chance[short] @ last.no_leak)
            stopped += float(chance[short] @ (left[short] - last.leakage))
            used += float(chance[short] @ stock[short])
        left, stock, chance = left[~short], stock[~short], chance[~short]
        passed = (1.0 - kill) ** shots
        used += float(chance @ (shots * left))
        stopped += float(chance @ ((1.0 - passed) * left))
        left, stock, chance = _after(left, stock - shots * left, chance, passed)
        over = left == 0.0
        whole += float(chance[over].sum())
        left, stock, chance = left[~over], stock[~over], chance[~over]
        fired += shots
    return min(whole, 1.0), stopped, used


def _after(left: Array, stock: Array, chance: Array, passed: float) -> tuple[Array, Array, Array]:
    """Who is left after a round in which each of so many gets through with one probability."""
    from scipy.stats import binom

    parts = []
    for number in np.unique(left):
        rows = left == number
        first, last = (float(binom.ppf(tail, number, passed)) for tail in (_NOTHING, 1.0 - _NOTHING))
        survivors = np.arange(max(first, 0.0), min(last, float(number)) + 1.0)
        weight = chance[rows, None] * binom.pmf(survivors, number, passed)
        parts.append(
            (
                np.broadcast_to(survivors, weight.shape).ravel(),
                np.broadcast_to(stock[rows, None], weight.shape).ravel(),
                weight.ravel(),
            )
        )
    if not parts:
        return left, stock, chance
    joined = [np.concatenate(column) for column in zip(*parts, strict=True)]
    keep = joined[2] > _NOTHING
    pairs, index = np.unique(np.stack([joined[0][keep], joined[1][keep]]), axis=1, return_inverse=True)
    merged = np.zeros(pairs.shape[1])
    np.add.at(merged, index.reshape(-1), joined[2][keep])
    return pairs[0], pairs[1], merged

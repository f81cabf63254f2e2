"""The summary table of a run: extent, mean and exact quantiles of every output, read chunk by chunk.

A comma-separated table: a few hundred rows that any program reads need no further library.
"""

import csv
import io
import math
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from .chunk import Rows
from .question import Field, Question

Array = NDArray[np.float64]
Words = NDArray[np.uint64]
SUMMARY_FILE = "summary.csv"
SHARES = (0.05, 0.10, 0.50, 0.90, 0.95)
COLUMNS = (
    "output", "of", "unit", "rows", "failed", "null", "lowest", "p05", "p10", "p50", "p90", "p95", "highest",
    "mean", "share_at_least_zero",
)  # fmt: skip
_DIGIT = 8  # bits that one pass over the rows settles; small, so that hundreds of columns need no memory
_PASSES = 64 // _DIGIT
Reader = Callable[[], Iterable[Rows]]


@dataclass
class _Tally:
    """What one pass gathers about one column of numbers."""

    count: int = 0
    null: int = 0
    positive: int = 0
    lowest: float = math.inf
    highest: float = -math.inf
    sums: list[float] = field(default_factory=list)

    def take(self, values: Array) -> None:
        numbers = values[~np.isnan(values)]
        self.null += values.size - numbers.size
        self.count += numbers.size
        self.positive += int(np.count_nonzero(numbers >= 0))
        if numbers.size:
            self.lowest = min(self.lowest, float(numbers.min()))
            self.highest = max(self.highest, float(numbers.max()))
            self.sums.append(float(numbers.sum()))


def summary_table(question: Question, read: Reader) -> tuple[dict[str, str], ...]:
    """One row an output and name on its axis; `read` walks all rows anew, in order, each time.

    A quantile is the smallest value that at least its share of the numbers does not exceed: an exact value
    of the run. Failed rows are in no number. A null of a margin stands below every number: a quantile that
    falls among nulls is empty, and so is the mean. Nulls of other outputs are counted and left out.
    `share_at_least_zero` is the share among all rows that did not fail.
    """
    names = [(each, n) for each in question.fields for n in range(question.width(each))]
    tallies = [_Tally() for _ in names]
    rows = failed = 0
    for part in read():
        done = part.status == 0
        rows += done.size
        failed += int(np.count_nonzero(~done))
        for tally, (each, n) in zip(tallies, names, strict=True):
            tally.take(_column(part, each, n)[done])
    below = [tally.null if each.is_margin else 0 for tally, (each, _) in zip(tallies, names, strict=True)]
    found = _quantiles(read, names, [tally.count for tally in tallies], below)
    table = []
    for number, (tally, (each, n)) in enumerate(zip(tallies, names, strict=True)):
        row = {
            "output": each.name,
            "of": question.names_along(each)[n],
            "unit": each.unit,
            "rows": str(rows),
            "failed": str(failed),
            "null": str(tally.null),
            **_numbers(tally, found[number], mean=not below[number]),
            "share_at_least_zero": "",
        }
        if each.is_margin and rows > failed:
            row["share_at_least_zero"] = repr(tally.positive / (rows - failed))
        table.append(row)
    return tuple(table)


def _numbers(tally: _Tally, quantiles: list[float | None], *, mean: bool) -> dict[str, str]:
    names = ("lowest", "p05", "p10", "p50", "p90", "p95", "highest", "mean")
    if not tally.count:
        return dict.fromkeys(names, "")
    middle = math.fsum(tally.sums) / tally.count if mean else None
    values = (tally.lowest, *quantiles, tally.highest, middle)
    return {n: "" if value is None else repr(float(value)) for n, value in zip(names, values, strict=True)}


def reasons_of(read: Reader) -> dict[str, int]:
    """How many rows failed for each reason, in order of the reasons."""
    counted: Counter[str] = Counter()
    for part in read():
        counted.update(reason for reason in part.reasons if reason)
    return dict(sorted(counted.items()))


def as_csv(table: Iterable[dict[str, str]]) -> bytes:
    """The table as the bytes of a file."""
    text = io.StringIO()
    writer = csv.DictWriter(text, COLUMNS, lineterminator="\n")
    writer.writeheader()
    writer.writerows(table)
    return text.getvalue().encode()


def _column(part: Rows, each: Field, n: int) -> Array:
    values = part.outputs[each.name]
    return values[:, n] if each.axis else values


def _ordered(values: Array) -> Words:
    """Numbers as words of 64 bits that stand in the same order."""
    bits = np.ascontiguousarray(values + 0.0).view(np.uint64)
    sign = np.uint64(1 << 63)
    return np.where(bits & sign, ~bits, bits | sign)


def _number(word: int) -> float:
    sign = 1 << 63
    bits = word & ~sign if word & sign else ~word & (2**64 - 1)
    return float(np.array([bits], dtype=np.uint64).view(np.float64)[0])


def _quantiles(
    read: Reader, names: list[tuple[Field, int]], counts: list[int], below: list[int]
) -> list[list[float | None]]:
    """Exact quantiles of columns that are never held whole: each pass settles some bits of every quantile.

    `below` nulls stand before the numbers of a column; a quantile among them is None.
    """
    sizes = list(zip(counts, below, strict=True))
    ranked = [[max(1, math.ceil(share * (n + low))) - low for share in SHARES] for n, low in sizes]
    wanted = [
        [rank for rank in ranks if rank > 0] if n else [] for ranks, n in zip(ranked, counts, strict=True)
    ]
    words = [[0] * len(ranks) for ranks in wanted]
    for step in range(_PASSES):
        rest = np.uint64(64 - _DIGIT * (step + 1))
        above = np.uint64(64 - _DIGIT * step) if step else None
        tables: list[dict[int, NDArray[np.int64]]] = [
            {word: np.zeros(1 << _DIGIT, dtype=np.int64) for word in own} for own in words
        ]
        for part in read():
            done = part.status == 0
            for (each, n), table in zip(names, tables, strict=True):
                values = _column(part, each, n)[done]
                _count(_ordered(values[~np.isnan(values)]), table, rest, above)
        for own, ranks, table in zip(words, wanted, tables, strict=True):
            for place, word in enumerate(own):
                running = np.cumsum(table[word])
                digit = int(np.searchsorted(running, ranks[place]))
                ranks[place] -= int(running[digit - 1]) if digit else 0
                own[place] = (word << _DIGIT) | digit
    return [[None] * (len(SHARES) - len(own)) + [_number(word) for word in own] for own in words]


def _count(
    ordered: Words, table: dict[int, NDArray[np.int64]], rest: np.uint64, above: np.uint64 | None
) -> None:
    for word in table:
        inside = ordered if above is None else ordered[(ordered >> above) == np.uint64(word)]
        digits = ((inside >> rest) & np.uint64((1 << _DIGIT) - 1)).astype(np.intp)
        table[word] += np.bincount(digits, minlength=1 << _DIGIT)

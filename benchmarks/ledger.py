"""How long a ledger takes to import and to reconcile, and how the time grows with the number of identifiers.

`python -m benchmarks ledger` takes the volume of New START and two ledgers of 10,000 and 40,000 identifiers;
`python -m benchmarks.ledger 100000 1000000` takes sizes of your own. The growth is the ratio of the processor
times of reconciling the last two, over the ratio of their sizes: 1 is linear. Accurate means that the planted
faults were found, and nothing else.
"""

import resource
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from typing import Any

from detente.ledger.notification import add
from detente.ledger.reconcile import reconcile
from detente.ledger.store import create
from detente.ledger.synthetic import NEW_START, Size, tell


def of_size(identifiers: int) -> Size:
    """A ledger of so many identifiers: half of them move once in the year, and data are given three times."""
    return Size(
        items=identifiers // 2, notifications=identifiers // 2, half_years=2, inspections=36, faults=3,
        corrections=identifiers // 1000, statements=identifiers // 1000,
    )  # fmt: skip


def measure(folder: Path, size: Size, seed: int = 7) -> dict[str, Any]:
    """Processor seconds and facts of one made-up ledger, and whether just its planted faults were found."""
    story = tell(size, seed)
    ledger = create(folder, "benchmark", ("alpha", "beta"))
    began, told = time.process_time(), 0.0
    rows = iter(story.rows())

    def timed() -> Any:
        nonlocal told
        while True:
            start = time.process_time()
            row = next(rows, None)
            told += time.process_time() - start
            if row is None:
                return
            yield row

    with ledger.writing() as connection:
        added = add(connection, timed())
    import_s = time.process_time() - began - told
    began, wall = time.process_time(), time.perf_counter()
    found = reconcile(ledger)
    reconcile_s, wall_s = time.process_time() - began, time.perf_counter() - wall
    planted = Counter((fault.kind, fault.owner, fault.item) for fault in story.planted)
    got = Counter((finding.kind, finding.owner, finding.item) for finding in found.discrepancies)
    ledger.close()
    return {
        "identifiers": found.identifiers, "documents": added.documents, "facts": added.facts,
        "import_s": import_s, "reconcile_s": reconcile_s, "wall_s": wall_s, "accurate": planted == got,
    }  # fmt: skip


def main(sizes: tuple[int, ...] = (), repeat: int = 1) -> dict[str, Any]:
    """Print one line a ledger, and the growth between the last two."""
    del repeat
    made = [of_size(size) for size in sizes] or [NEW_START, of_size(10_000), of_size(40_000)]
    results = []
    with tempfile.TemporaryDirectory() as place:
        for number, size in enumerate(made):
            numbers = measure(Path(place) / str(number), size)
            results.append(numbers)
            print(
                f"{numbers['identifiers']:,} identifiers, {numbers['documents']:,} documents, "
                f"{numbers['facts']:,} facts: "
                f"import {numbers['import_s']:.1f} s, reconcile {numbers['reconcile_s']:.1f} s of processor "
                f"({numbers['wall_s']:.1f} s on the clock), {'exact' if numbers['accurate'] else 'NOT EXACT'}"
            )
    last, before = results[-1], results[-2]
    growth = (last["reconcile_s"] / before["reconcile_s"]) / (last["facts"] / before["facts"])
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"reconcile_s={last['reconcile_s']:.2f} growth={growth:.3f} peak_mb={peak:.0f}")
    return {
        "ledgers": results,
        "growth": growth,
        "peak_mb": peak,
        "accurate": all(r["accurate"] for r in results),
    }


if __name__ == "__main__":
    sys.exit(0 if main(tuple(int(word) for word in sys.argv[1:]))["accurate"] else 1)

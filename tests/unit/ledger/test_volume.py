"""The volume that New START reached by 2018, and time that grows in step with the ledger."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path

from detente.ledger.reconcile import reconcile
from detente.ledger.synthetic import NEW_START
from detente.ledger.synthetic import tell as tell_story
from tests.unit.ledger.told import ledger_in, tell

ROOT = Path(__file__).resolve().parents[3]


def test_seven_years_of_new_start_reconcile_within_their_limits(tmp_path: Path) -> None:
    story = tell_story(NEW_START, seed=2018)
    ledger = ledger_in(tmp_path)
    rows = list(story.rows())
    formats = Counter(row.header for row in rows)
    kinds = Counter(header.format for header in formats)
    assert len(formats) - kinds["inspection"] >= 14_600
    assert kinds["inspection"] == 252
    assert kinds["initial"] + kinds["update"] == 2 * 14, "each party gives its data 14 times"
    tell(ledger, rows)
    ledger.close()
    # in a process of its own, so that its memory is measured alone; getrusage would count what the parent
    # held when it forked, the high-water mark of the process's own memory does not
    program = (
        "import sys, time; from pathlib import Path; from detente.api import reconcile;"
        "began = time.process_time(); found = reconcile(sys.argv[1]); used = time.process_time() - began;"
        "state = Path('/proc/self/status'); lines = state.read_text().splitlines() if state.exists() else [];"
        "held = [int(line.split()[1]) / 1024 for line in lines if line.startswith('VmHWM')];"
        "print(used, held[0] if held else 0, found.by_kind())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, ledger.where], capture_output=True, text=True, check=True, timeout=300
    )
    seconds, megabytes, _ = done.stdout.split(" ", 2)
    assert float(seconds) < 10
    assert float(megabytes) < 500
    findings = reconcile(ledger).discrepancies
    planted = Counter((fault.kind, fault.owner, fault.item) for fault in story.planted)
    assert Counter((finding.kind, finding.owner, finding.item) for finding in findings) == planted


def measured(*sizes: int) -> dict[str, float]:
    """The benchmark on ledgers of these sizes, in a process of its own."""
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.ledger", *map(str, sizes)],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=3000,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr + done.stdout
    return {
        key: float(value) for key, value in (line.split("=") for line in done.stdout.split() if "=" in line)
    }


def test_time_grows_in_step_with_the_ledger() -> None:
    numbers = measured(2_500, 10_000)
    # four times the identifiers: 4 if linear, 16 if quadratic; small ledgers have a cost of their own
    assert numbers["growth"] < 1.6, numbers


if os.environ.get("DETENTE_LONG"):  # minutes; `just long`

    def test_a_million_identifiers_reconcile_within_five_minutes() -> None:
        numbers = measured(100_000, 1_000_000)
        assert numbers["reconcile_s"] < 300, numbers
        assert numbers["growth"] < 1.5, numbers

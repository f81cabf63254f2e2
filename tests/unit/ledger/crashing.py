"""Kills a writer of a ledger at random moments: `python crashing.py WHAT FOLDER FILE TIMES SEED`.

The writer is a forked process that ends by SIGKILL. After each kill the ledger is opened afresh: it must be
sound, and hold either everything that was being written or nothing of it. Prints how often it was which.
"""

import os
import random
import shutil
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path

from detente.ledger.chain import check_ledger
from detente.ledger.migrations import newest, revision_of
from detente.ledger.notification import add
from detente.ledger.store import connect, open_ledger, upgrade_ledger
from detente.records.notification_files import read_notifications


def write_import(folder: Path, file: Path) -> None:
    """Import a file, as `detente ledger import` does."""
    ledger = open_ledger(folder)
    with ledger.writing() as connection:
        add(connection, read_notifications(file, ledger.parties), file.name)


def write_upgrade(folder: Path, _: Path) -> None:
    """Bring a ledger to the newest form."""
    upgrade_ledger(folder)


def state_of_import(folder: Path) -> str:
    """How many documents there are, after every check."""
    checked = check_ledger(open_ledger(folder))
    assert not checked.problems, checked.problems
    return str(checked.documents)


def state_of_upgrade(folder: Path) -> str:
    """The form of the ledger; one that is half there would not upgrade or not be sound afterwards."""
    engine = connect(folder)
    with engine.connect() as connection:
        found = revision_of(connection)
    copy = folder.with_name("upgraded")
    shutil.copytree(folder, copy)
    upgrade_ledger(copy)
    ledger = open_ledger(copy)
    assert not check_ledger(ledger).problems
    assert check_ledger(ledger).documents == 1
    shutil.rmtree(copy)
    return str(found)


def in_a_child(action: Callable[[], None]) -> int:
    """Do it in a forked process and give its number."""
    child = os.fork()
    if child:
        return child
    try:
        action()
    except BaseException as fault:  # noqa: BLE001 - the child must end here, whatever happened
        sys.stderr.write(f"{type(fault).__name__}: {fault}\n")
        os._exit(1)
    os._exit(0)


def checked_in_a_child(state: Callable[[Path], str], folder: Path) -> str:
    """The state of the ledger, read by a process of its own; no connection outlives it."""
    answer = folder.with_name("answer")

    def tell() -> None:
        answer.write_text(state(folder), encoding="utf-8")

    child = in_a_child(tell)
    assert os.waitpid(child, 0)[1] == 0, "the ledger is not sound after the kill"
    return answer.read_text(encoding="utf-8")


def main(what: str, original: Path, file: Path, times: int, seed: int) -> None:
    """Time one writer undisturbed, then kill `times` of them."""
    write, state, after = {
        "import": (write_import, state_of_import, ""),
        "upgrade": (write_upgrade, state_of_upgrade, newest()),
    }[what]
    folder = original.with_name("victim")
    before = checked_in_a_child(state, original)
    shutil.copytree(original, folder)
    began = time.perf_counter()
    assert os.waitpid(in_a_child(lambda: write(folder, file)), 0)[1] == 0
    whole_s = time.perf_counter() - began
    after = checked_in_a_child(state, folder)
    assert after != before
    chance = random.Random(seed)  # noqa: S311 - moments, no secrets
    seen = {before: 0, after: 0}
    killed = 0
    for _ in range(times):
        shutil.rmtree(folder)
        shutil.copytree(original, folder)
        child = in_a_child(lambda: write(folder, file))
        time.sleep(chance.uniform(0, 1.15 * whole_s))
        os.kill(child, signal.SIGKILL)
        killed += os.WIFSIGNALED(os.waitpid(child, 0)[1])
        found = checked_in_a_child(state, folder)
        assert found in seen, f"neither {before} nor {after} but {found}"
        seen[found] += 1
        if found == before:  # and what was lost can be done again
            assert os.waitpid(in_a_child(lambda: write(folder, file)), 0)[1] == 0
            assert checked_in_a_child(state, folder) == after
    sys.stdout.write(f"{seen[before]} {seen[after]} {killed}\n")


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3]), int(sys.argv[4]), int(sys.argv[5]))

"""Accepts files in forked processes that are killed, as `python accepting.py FOLDER TIMES SEED`.

After each kill the relay is opened afresh: every file that was answered is there, the rows are sound, and
what was accepted and not logged yet is logged. Says how many files are there, and how many waited.
"""

import io
import os
import random
import signal
import sys
import time
from pathlib import Path

from detente.escrow.envelope import after, parse_envelope
from detente.escrow.notes import parse_note
from detente.ledger.relay.checking import check_relay
from detente.ledger.relay.desk import open_relay
from detente.ledger.relay.inbox import inbox, standing
from tests.unit.relay.members import ALPHA, BETA, NOW, RELAY, Sender


def content_of(sequence: int) -> bytes:
    """What the file of a number holds: more than one part."""
    return b"%d" % sequence * 200_000


def accept(folder: Path, pipe: int) -> None:
    """Accept one file after the other, and say of each that it was answered."""
    relay = open_relay(folder)
    relay.catch_up(RELAY)
    sent = standing(relay, ALPHA.name)["sent"]
    last = sent[0]["sequence"] if sent else 0
    sender = Sender()
    if last:
        note = inbox(relay, BETA.name, ALPHA.name, last - 1, 1)[0]["note"]
        sender.awaited = after(parse_envelope(parse_note(note.encode()).text))
    os.write(pipe, b"r")
    while True:
        last += 1
        content = content_of(last)
        relay.accept(sender.next(content), io.BytesIO(content), RELAY, NOW)
        os.write(pipe, b".")


def state(folder: Path, pipe: int) -> None:
    """Check the relay, and say how many files it holds and how many wait to be logged."""
    relay = open_relay(folder)
    found = check_relay(relay)
    assert not found.problems, found.problems
    os.write(pipe, f"{found.envelopes} {found.waiting}".encode())


def main(folder: Path, times: int, seed: int) -> None:
    """Kill an acceptor `times` times."""
    chance = random.Random(seed)  # noqa: S311 - no secret depends on it
    before, one_s = 0, 0.05
    for _ in range(times):
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            accept(folder, writing)
        os.close(writing)
        assert os.read(reading, 1) == b"r"
        began = time.perf_counter()
        time.sleep(chance.uniform(0, 4 * one_s))
        os.kill(child, signal.SIGKILL)
        assert os.WIFSIGNALED(os.waitpid(child, 0)[1])
        took_s = time.perf_counter() - began
        answered = before + len(os.read(reading, 100_000))
        os.close(reading)
        reading, writing = os.pipe()
        child = os.fork()
        if not child:
            state(folder, writing)
            os._exit(0)
        os.close(writing)
        assert os.waitpid(child, 0)[1] == 0, "the relay is not sound after the kill"
        there, waiting = (int(word) for word in os.read(reading, 100).split())
        os.close(reading)
        assert answered <= there <= answered + 1, f"{answered} were answered, {there} are there"
        assert waiting <= 1
        if there > before:
            one_s = took_s / (there - before)
        before = there
        sys.stdout.write(f"{there} {waiting}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]))

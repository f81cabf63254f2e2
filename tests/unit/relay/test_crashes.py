"""A relay that is killed while it accepts: what it answered is there, nothing is half there, and it goes on.

Twenty times in a usual run, two hundred with `DETENTE_LONG` (`just long`).
"""

import os
import random
import signal
import subprocess
import sys
import threading
from pathlib import Path
from urllib.parse import quote

import httpx
import pytest

from detente.ledger.relay.checking import check_relay
from detente.ledger.relay.desk import open_relay
from detente.ledger.relay.inbox import content, standing
from tests.unit.relay.members import ALPHA, BETA, RELAY, Sender, relay_in
from tests.unit.relay.running import key_file, serving

KILLS = 200 if os.environ.get("DETENTE_LONG") else 20
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGKILL and no fork")
ROOT = Path(__file__).resolve().parents[3]


def test_a_relay_that_is_killed_loses_nothing_that_it_answered(tmp_path: Path) -> None:
    """A process forks acceptors that are killed; each says on a pipe what it had answered by then."""
    folder = tmp_path / "relay"
    relay_in(folder).close()
    done = subprocess.run(
        [sys.executable, "-m", "tests.unit.relay.accepting", str(folder), str(KILLS), "7"],
        cwd=ROOT, capture_output=True, text=True, check=False, timeout=1800,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    rounds = [tuple(int(word) for word in line.split()) for line in done.stdout.splitlines()]
    assert len(rounds) == KILLS
    answered = [there for there, _ in rounds]
    assert answered == sorted(answered)
    assert answered[-1] > 0, "files were accepted between the kills"
    relay = open_relay(folder)
    relay.catch_up(RELAY)
    assert check_relay(relay).problems == ()
    last = standing(relay, ALPHA.name)["sent"][0]["sequence"]
    for sequence in range(1, last + 1):
        found = content(relay, BETA.name, ALPHA.name, sequence)
        assert found is not None
        assert b"".join(found[1]) == b"%d" % sequence * 200_000
    relay.close()


def test_a_server_that_is_killed_comes_back_with_what_it_answered(tmp_path: Path) -> None:
    """The same once over the network: a real server, killed while files come in."""
    folder = tmp_path / "relay"
    relay_in(folder).close()
    words = ("relay", "serve", str(folder), "--signing-key", key_file(tmp_path, RELAY), "--without-tls")
    alpha, body, answered = Sender(), b"x" * 300_000, 0
    after_s = random.uniform(0.1, 0.3)  # noqa: S311 - no secret depends on it
    with serving(*words) as server, httpx.Client(trust_env=False, timeout=30) as client:
        killer = threading.Timer(after_s, server.process.kill)
        killer.start()
        while server.process.poll() is None:
            headers = {"detente-note": quote(alpha.next(body).decode(), safe="")}
            try:
                answer = client.post(f"{server.url}/v1/envelopes", content=body, headers=headers)
            except httpx.HTTPError:
                break
            assert answer.status_code == 201
            answered += 1
        killer.join()
        assert server.process.wait(10) == -signal.SIGKILL
    relay = open_relay(folder)
    found = check_relay(relay)
    assert found.problems == ()
    assert answered <= found.envelopes <= answered + 1
    assert found.waiting <= 1
    with serving(*words) as server:
        assert server.stop() == 0
    assert check_relay(relay).waiting == 0, "the next start logs what was accepted"
    relay.close()

"""A plain file server is a log: everything is proved from files that it sends, and from nothing else."""

import functools
import http.server
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.escrow.errors import TamperedError
from detente.escrow.log import Log, LogReader, fsck
from detente.escrow.merkle import check_consistency
from detente.escrow.proofs import check_proof, parse_proof
from detente.escrow.tiles import Fetch
from tests.conformance.gallery import LOG_KEY


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def log(tmp_path: Path) -> Log:
    made = Log.create(tmp_path / "log", LOG_KEY.name, LOG_KEY)
    made.append([b"first"], LOG_KEY)
    made.append([b"entry %d" % n for n in range(700)], LOG_KEY)
    return made


@pytest.fixture
def fetch(log: Log) -> Iterator[Fetch]:
    handler = functools.partial(Quiet, directory=str(log.folder))
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()

    address = f"http://127.0.0.1:{server.server_port}"

    def get(path: str) -> bytes:
        try:
            with urllib.request.urlopen(f"{address}/{path}", timeout=10) as answer:  # noqa: S310
                content: bytes = answer.read()
                return content
        except urllib.error.HTTPError as fault:
            with fault:
                raise FileNotFoundError(path) from None

    yield get
    server.shutdown()
    thread.join()
    server.server_close()


def test_a_static_file_server_is_a_log(log: Log, fetch: Fetch) -> None:
    reader = LogReader(fetch)
    found = fsck(reader, [LOG_KEY.verifier()])
    assert (found.entries, found.tiles) == (701, 3 + 1)
    assert reader.entry(0) == b"first"
    assert list(reader.entries(699)) == [b"entry 698", b"entry 699"]
    opened = check_proof(parse_proof(bytes(reader.prove(300))), [LOG_KEY.verifier()], origin=LOG_KEY.name)
    assert opened.checkpoint.size == 701
    check_consistency(1, 701, log.root(1), reader.checkpoint.root, reader.consistency(1))


def test_a_server_that_changes_a_file_is_found(log: Log, fetch: Fetch) -> None:
    path = log.folder / "tile/entries/001"
    path.write_bytes(path.read_bytes().replace(b"entry 300", b"entry 999"))
    with pytest.raises(TamperedError, match="entry 301 is not the one that was logged"):
        fsck(LogReader(fetch), [])

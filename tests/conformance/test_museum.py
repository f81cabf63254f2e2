"""The museum of forgeries: two verifiers that share no code come to the same verdict on every exhibit.

The second verifier runs in a process of its own in which `detente` cannot be imported.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from detente.api.escrow import STANDALONE
from detente.escrow.archive import open_log
from detente.escrow.envelope import Awaited, open_envelope
from detente.escrow.errors import EscrowError, MalformedError
from detente.escrow.keys import unhex
from detente.escrow.log import fsck
from detente.escrow.notes import parse_note, parse_vkey
from detente.escrow.verify_log import Trust, compare, verify_any
from tests.conformance.gallery import Exhibit, build

DRIVER = """
import json, runpy, sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"detente", "rfc8785"}:
            raise ImportError(f"{name} is out of reach here")

sys.meta_path.insert(0, Nothing())
script, calls = sys.argv[1], json.loads(sys.stdin.read())
module = runpy.run_path(script, run_name="standalone")
out = []
for call in calls:
    sys.argv = [script, *call]
    code = module["main"]()
    out.append([code, module["STEP"][0] if code else 0])
assert "detente" not in sys.modules
sys.stdout.write("\\n" + json.dumps(out))
"""


@pytest.fixture(scope="module")
def museum(tmp_path_factory: pytest.TempPathFactory) -> list[Exhibit]:
    return build(tmp_path_factory.mktemp("museum"))


@pytest.fixture(scope="module")
def second_opinions(museum: list[Exhibit]) -> dict[str, tuple[int, int]]:
    calls = json.dumps([exhibit.call for exhibit in museum])
    done = subprocess.run(
        [sys.executable, "-I", "-c", DRIVER, str(STANDALONE)],
        input=calls, capture_output=True, text=True, check=False, encoding="utf-8",
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    verdicts = json.loads(done.stdout.splitlines()[-1])
    return {exhibit.name: tuple(verdict) for exhibit, verdict in zip(museum, verdicts, strict=True)}


def options(words: list[str]) -> Iterator[tuple[str, str]]:
    """The options of a call, one value each."""
    marks = [at for at, word in enumerate(words) if word.startswith("--")]
    return ((words[at], words[at + 1]) for at in marks)


def our_verdict(call: list[str]) -> tuple[int, int]:
    """Exit code and failing step of our own verifier."""
    what, *words = call
    paths = [Path(word) for word in words[: next((n for n, w in enumerate(words) if w[:2] == "--"), 99)]]
    given = list(options(words))
    value = dict(given)
    try:
        keys = []
        if what != "verify":
            keys = [parse_vkey(text) for name, text in given if name == "--trust"]
        if what == "fsck":
            fsck(open_log(paths[0]), keys)
        elif what == "compare":
            whole = paths[1].is_dir()
            other = open_log(paths[1]) if whole else parse_note(paths[1].read_bytes())
            if compare(open_log(paths[0]), other, keys).relation == "split":
                return 1, 5
        elif what == "envelope":
            previous = unhex(value.get("--previous", "00" * 32), 32, "previous")
            awaited = Awaited(int(value.get("--sequence", "1")), previous)
            open_envelope(paths[1].read_bytes(), paths[0].read_bytes(), keys, value["--to"], awaited)
        else:
            try:
                log_keys = tuple(parse_vkey(text) for name, text in given if name == "--trust")
                cosigners = tuple(parse_vkey(text) for name, text in given if name == "--cosigner")
            except EscrowError as fault:
                raise fault.at(1) from None
            root = unhex(value["--root"], 32, "the root") if "--root" in value else None
            verify_any(paths[0].read_bytes(), root, Trust(log_keys, cosigners, value.get("--origin")))
    except EscrowError as fault:
        return (2 if isinstance(fault, MalformedError) else 1), fault.step or 1
    return 0, 0


def test_there_is_a_museum(museum: list[Exhibit]) -> None:
    names = [exhibit.name for exhibit in museum]
    assert len(names) == len(set(names)) > 100
    assert {exhibit.code for exhibit in museum} == {0, 1, 2}
    for word in (
        "swapped leaves", "reused salt", "equivocation", "rollback", "dropped correction", "truncated tile",
        "wrong domain byte", "replayed envelope", "confused key", "path traversal",
    ):  # fmt: skip
        assert any(word in exhibit.name for exhibit in museum), word


def test_our_verifier_finds_each_forgery_at_its_step(museum: list[Exhibit]) -> None:
    found = {exhibit.name: our_verdict(exhibit.call) for exhibit in museum}
    assert found == {exhibit.name: (exhibit.code, exhibit.step) for exhibit in museum}


def test_the_second_verifier_comes_to_the_same_verdicts(
    museum: list[Exhibit], second_opinions: dict[str, tuple[int, int]]
) -> None:
    assert second_opinions == {exhibit.name: (exhibit.code, exhibit.step) for exhibit in museum}


def test_the_second_verifier_runs_alone(museum: list[Exhibit], tmp_path: Path) -> None:
    """As a stranger would run it: one file, copied, in an empty folder."""
    script = tmp_path / "verify.py"
    script.write_bytes(STANDALONE.read_bytes())
    for exhibit in [e for e in museum if e.name in {"a site", "a changed value", "a key twice"}]:
        done = subprocess.run(
            [sys.executable, "-I", str(script), *exhibit.call],
            cwd=tmp_path, capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert done.returncode == exhibit.code, done.stderr
        assert (f"step {exhibit.step}:" in done.stderr) == bool(exhibit.code)


def test_the_second_verifier_in_this_process(
    museum: list[Exhibit], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The same once more where coverage can see it."""
    from detente.escrow import standalone

    for exhibit in museum:
        monkeypatch.setattr(sys, "argv", ["standalone.py", *exhibit.call])
        assert standalone.main() == exhibit.code, exhibit.name
        said = capsys.readouterr()
        assert bool(said.err) == bool(exhibit.code)

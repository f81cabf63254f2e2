"""The second verifier's own arithmetic: it knows the same histories as ours, and no others."""

import json
import sys
from pathlib import Path

import pytest

from detente.escrow import standalone
from detente.escrow.merkle import EMPTY_ROOT, consistency_proof, leaf_hash, nodes_over, root_of


def test_it_knows_every_continuation_and_refuses_every_change_of_its_proof() -> None:
    leaves = [leaf_hash(bytes([n])) for n in range(24)]
    roots = [root_of(leaves[:size]) for size in range(25)]
    for new in range(1, 25):
        for old in range(1, new + 1):
            path = list(consistency_proof(old, new, nodes_over(leaves[:new])))
            assert standalone.continues(old, new, roots[old], roots[new], path)
            assert not standalone.continues(old, new, roots[old], roots[new], [*path, EMPTY_ROOT])
            assert not standalone.continues(old, new, EMPTY_ROOT, roots[new], path)
            assert not standalone.continues(old, new, roots[old], EMPTY_ROOT, path)
            assert not path or not standalone.continues(old, new, roots[old], roots[new], path[1:])


@pytest.mark.parametrize("change", [{"schema": "detente/split-view/2"}, {"first": 3}])
def test_other_json_is_no_evidence(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    change: dict[str, object],
) -> None:
    body = {
        "schema": "detente/split-view/1",
        "first": "",
        "second": "",
        "begins_with": "00" * 32,
        "proof": [],
    }
    path = tmp_path / "evidence.json"
    path.write_text(json.dumps(body | change))
    monkeypatch.setattr(sys, "argv", ["standalone.py", "split", str(path)])
    assert standalone.main() == 2
    assert "step 1: not evidence of a split view" in capsys.readouterr().err

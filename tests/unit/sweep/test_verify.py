"""A run that was touched is caught: each step of the check has a forgery that only it must find."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from detente.records.base import digest_of
from detente.records.errors import InputError
from detente.sweep.manifest import Manifest, read_manifest, sha256_of
from detente.sweep.run import Means, sweep
from detente.sweep.store import chunk_bytes, read_chunk
from detente.sweep.verify import Verification, verify_run
from tests.unit.sweep.toy import QUESTION, Columns, Outputs, rows, wave

ONE = Means(workers=1)


@pytest.fixture
def run(tmp_path: Path) -> Path:
    sweep(wave, rows(120), QUESTION, tmp_path / "run", ONE, chunk_rows=40)
    return tmp_path / "run"


def verified(folder: Path, **given: Any) -> Verification:
    return verify_run(folder, lambda _: wave, **given)


def test_an_untouched_run_holds(run: Path) -> None:
    whole, part = verified(run), verified(run, chunks=1, means=Means(workers=2))
    assert whole.ok
    assert (whole.agreement, whole.chunks_run_again, whole.rows_run_again) == ("same bytes", 3, 120)
    assert part.ok
    assert (part.chunks_run_again, part.rows_run_again) == (1, 40)
    assert whole.digest == part.digest == sha256_of((run / "run.json").read_bytes())


def test_a_changed_byte_of_a_chunk_is_found(run: Path) -> None:
    path = sorted(run.glob("chunks/*.nc"))[1]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    found = verified(run)
    assert [finding.file for finding in found.findings] == [f"chunks/{path.name}"]
    assert "was changed" in found.findings[0].fault
    assert found.chunks_run_again == 2


def test_missing_and_added_files_are_found(run: Path) -> None:
    sorted(run.glob("chunks/*.nc"))[0].unlink()
    (run / "chunks" / "more.nc").write_bytes(b"")
    (run / "summary.csv").write_text("output\n")
    faults = sorted(finding.fault.split(":")[0] for finding in verified(run).findings)
    assert faults == ["does not belong to this run", "is missing", "was changed"]


def test_a_changed_record_is_found(run: Path) -> None:
    path = run / "run.json"
    path.write_text(path.read_text().replace('"seed": 7', '"seed": 8'))
    with pytest.raises(InputError, match="does not match its own digest"):
        verified(run)
    path.write_text("{")
    with pytest.raises(InputError, match="damaged"):
        verified(run)
    path.write_text("{}")
    with pytest.raises(InputError, match="not of the form"):
        verified(run)
    path.unlink()
    with pytest.raises(InputError, match="not the folder of a run"):
        verified(run)


def forge(run: Path, change: Any) -> None:
    """Rewrite the record with every digest in order."""
    manifest = read_manifest(run)
    assert manifest.result is not None
    result = manifest.result.model_copy(update=change(manifest))
    (run / "run.json").write_bytes(manifest.model_copy(update={"result": result}).written())


def test_results_forged_with_all_their_digests_are_found_by_running_again(run: Path) -> None:
    def better(manifest: Manifest) -> dict[str, Any]:
        assert manifest.result is not None
        entry = manifest.result.chunks[0]
        _, held = read_chunk(run, manifest, entry)
        held.outputs["height"][3] += 1e-3
        content = chunk_bytes(manifest, 0, held)
        (run / entry.file).unlink()
        name = f"chunks/000000.{sha256_of(content)[:16]}.nc"
        (run / name).write_bytes(content)
        forged = entry.model_copy(update={"file": name, "sha256": sha256_of(content)})
        return {"chunks": (forged, *manifest.result.chunks[1:])}

    forge(run, better)
    found = verified(run)
    assert found.agreement == "different"
    assert "running it again gives other results" in {finding.fault for finding in found.findings}
    assert ("summary.csv", "does not follow from the chunks") in {(f.file, f.fault) for f in found.findings}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda m: {"chunks": m.result.chunks[:2]}, "do not hold every row exactly once"),
        (lambda m: {"chunks": (m.result.chunks[0], *m.result.chunks[:2])}, "do not hold every row"),
        (lambda _: {"failed": 5}, "do not add up"),
        (lambda _: {"rows": 119}, "do not add up"),
        (lambda _: {"reasons": {"made up": 3}}, "reasons do not follow"),
        (lambda _: {"chunks": ()}, "no chunk could be run again"),
    ],
)
def test_a_record_that_contradicts_itself_is_found(run: Path, change: Any, said: str) -> None:
    forge(run, change)
    assert any(said in finding.fault for finding in verified(run).findings)


def test_a_table_that_does_not_follow_is_found(run: Path) -> None:
    text = (run / "summary.csv").read_text().replace("120", "121", 1)
    (run / "summary.csv").write_text(text)
    forge(run, lambda _: {"summary_sha256": sha256_of(text.encode())})
    assert [finding.fault for finding in verified(run).findings] == ["does not follow from the chunks"]


def nearly(columns: Columns) -> Outputs:
    """The wave with the rounding of another machine."""
    return {name: values * (1 + 2e-16) for name, values in wave(columns).items()}


def other(columns: Columns) -> Outputs:
    """Another model."""
    return {name: values + 1e-3 for name, values in wave(columns).items()}


def test_rounding_is_told_from_another_model(run: Path) -> None:
    near = verify_run(run, lambda _: nearly)
    assert (near.ok, near.agreement) == (True, "same values")
    far = verify_run(run, lambda _: other)
    assert (far.ok, far.agreement) == (False, "different")
    assert len(far.findings) == 3


def test_an_unfinished_run_is_not_verified(run: Path) -> None:
    manifest = read_manifest(run).model_copy(update={"result": None})
    (run / "run.json").write_bytes(manifest.written())
    with pytest.raises(InputError, match="not finished"):
        verified(run)


def test_the_number_of_chunks_is_checked(run: Path) -> None:
    for chunks in (0, 4):
        with pytest.raises(InputError, match="at least one, at most all"):
            verified(run, chunks=chunks)


def test_the_folder_is_a_crate(run: Path) -> None:
    crate = json.loads((run / "ro-crate-metadata.json").read_text())
    assert crate["@context"] == "https://w3id.org/ro/crate/1.1/context"
    entities = {entity["@id"]: entity for entity in crate["@graph"]}
    assert entities["ro-crate-metadata.json"]["about"] == {"@id": "./"}
    assert entities["ro-crate-metadata.json"]["conformsTo"] == {"@id": "https://w3id.org/ro/crate/1.1"}
    root = entities["./"]
    assert {"name", "description", "datePublished", "hasPart"} <= root.keys()
    files = {part["@id"] for part in root["hasPart"]}
    shipped = {path.relative_to(run).as_posix() for path in run.rglob("*") if path.is_file()}
    assert shipped - files == {"journal.jsonl", "ro-crate-metadata.json"}
    for name in files:
        assert entities[name]["@type"] == "File"
        assert entities[name]["sha256"] == sha256_of((run / name).read_bytes())
    referred = [each["@id"] for e in entities.values() for v in e.values() for each in _references(v)]
    assert all(name in entities for name in referred if not name.startswith("https:"))


def _references(value: Any) -> list[dict[str, str]]:
    values = value if isinstance(value, list) else [value]
    return [each for each in values if isinstance(each, dict)]


def test_the_record_names_no_machine_and_no_path(run: Path) -> None:
    import getpass
    import socket

    text = "".join(path.read_text() for path in run.iterdir() if path.is_file())
    for private in (str(run), str(Path.home()) + "/", socket.gethostname()):
        assert private not in text
    assert getpass.getuser() not in json.loads((run / "run.json").read_text())["environment"].values()
    body = json.loads((run / "run.json").read_text())
    content = body.pop("content_sha256")
    assert digest_of(body) == content


def test_chunks_come_back_as_they_were_written(run: Path) -> None:
    manifest = read_manifest(run)
    assert manifest.result is not None
    for entry in manifest.result.chunks:
        varied, held = read_chunk(run, manifest, entry)
        assert chunk_bytes(manifest, entry.number, held) == (run / entry.file).read_bytes()
        np.testing.assert_array_equal(varied["b"], rows(120).varied(entry.start, entry.stop)["b"])

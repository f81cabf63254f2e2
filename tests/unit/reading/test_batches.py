"""Many pages: one bad page never ends the batch, and an interrupted batch goes on where it stopped."""

import json
from pathlib import Path

import pytest

from detente.reading.batch import page_of, pages_in, read_many
from detente.records.errors import InputError

PAGE = (Path(__file__).parent / "pages" / "harbour-talks.txt").read_bytes()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for number in range(4):
        (tmp_path / f"page-{number}.txt").write_bytes(PAGE + b"%d\n" % number)
    (tmp_path / "twin.txt").write_bytes(PAGE + b"0\n")
    (tmp_path / "empty.txt").write_bytes(b"")
    (tmp_path / "picture.txt").write_bytes(b"\x89PNG\r\n\x1a\n")
    (tmp_path / "story_files").mkdir()
    (tmp_path / "story_files" / "frame.html").write_bytes(b"<p>not a page of its own</p>")
    return tmp_path


def test_the_rest_of_a_batch_goes_on(folder: Path) -> None:
    out = folder / "out.jsonl"
    counts = read_many(pages_in(folder), out)
    assert (counts["read"], counts["refused"]) == (5, 2)
    assert [Path(twin["file"]).name for twin in counts["twins"]] == ["twin.txt"]
    assert {Path(problem["file"]).name for problem in counts["problems"]} == {"empty.txt", "picture.txt"}
    assert len(out.read_text(encoding="utf-8").splitlines()) == 7


def test_an_interrupted_batch_goes_on_where_it_stopped(folder: Path) -> None:
    whole, cut = folder / "whole.jsonl", folder / "cut.jsonl"
    read_many(pages_in(folder), whole)
    rows = whole.read_bytes().splitlines(keepends=True)
    cut.write_bytes(b"".join(rows[:3]) + rows[3][:40])
    counts = read_many(pages_in(folder), cut)
    assert counts["passed_over"] == 3
    assert cut.read_bytes() == whole.read_bytes()


def test_a_file_of_other_things_is_not_written_to(folder: Path) -> None:
    out = folder / "notes.jsonl"
    out.write_text('{"a": 1}\n', encoding="utf-8")
    with pytest.raises(InputError, match="other things"):
        read_many(pages_in(folder), out)


def test_a_saved_page_folder_is_its_one_page(tmp_path: Path, folder: Path) -> None:
    saved = tmp_path / "saved"
    (saved / "Talks_files").mkdir(parents=True)
    (saved / "Talks.html").write_bytes(b"<p>a</p>")
    (saved / "Talks_files" / "ad.html").write_bytes(b"<p>b</p>")
    assert page_of(saved).name == "Talks.html"
    with pytest.raises(InputError, match="pages"):
        page_of(folder)


def test_workers_write_the_same_rows(tmp_path: Path) -> None:
    for number in range(9):
        (tmp_path / f"{number}.txt").write_bytes(PAGE + b"%d\n" % number)
    one, two = tmp_path / "one.jsonl", tmp_path / "two.jsonl"
    read_many(pages_in(tmp_path), one)
    read_many(pages_in(tmp_path), two, workers=2)
    assert [json.loads(row) for row in one.read_text("utf-8").splitlines()] == [
        json.loads(row) for row in two.read_text("utf-8").splitlines()
    ]

"""The PDF of a declaration: PDF/A, the file of the machine inside, the same bytes, no text a command."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest

from detente.api import declaration_pdf as write_pdf
from detente.api import seal
from detente.report.declaration_sheet import declaration_pdf

DATA = b'{"schema": "detente/reveal/1"}\n'
ROOT = "0123456789abcdef" * 4
DAY = date(2011, 2, 5)
HOSTILE = '#panic("x") $x^2$ *bold* @ref <label> `code` \\ // Тула'


def made(opened: dict[str, Any], file: str = "reveal.json") -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(declaration_pdf(DATA, file, ROOT, opened, ["shown"], ["owed"], DAY)))


def words(document: pypdf.PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in document.pages).split())


def test_the_same_input_gives_the_same_bytes() -> None:
    one, two = (declaration_pdf(DATA, "a.json", ROOT, {"everything": []}, ["shown"], [], DAY) for _ in "12")
    assert one == two


def test_it_is_pdf_a_with_the_file_inside() -> None:
    document = made({"header": {"title": "Data of A", "party": "A", "as_of": "2011-02-05"}})
    assert document.attachments == {"reveal.json": [DATA]}
    xmp = document.xmp_metadata
    assert xmp is not None
    packet = xmp.stream.get_data()
    assert b"<pdfaid:part>3</pdfaid:part>" in packet
    assert b"<pdfaid:conformance>A</pdfaid:conformance>" in packet
    said = words(document)
    for line in ("Data of A", "Declared by A", "As of 2011-02-05", "shown", "owed"):
        assert line in said
    assert ROOT in said.replace(" ", "")


def test_text_from_outside_is_text() -> None:
    site = {"site": HOSTILE, "entries": [{HOSTILE: HOSTILE, "n": 3, "flag": True}, {"n": 4}]}
    said = words(made({"header": {"title": HOSTILE}, "everything": [site]}))
    assert said.count('#panic("x") $x^2$ *bold*') >= 4
    assert "exactly 2 entries, all shown" in said
    assert "true" in said


def test_a_part_of_a_site_and_an_entry_of_many_fields() -> None:
    wide = {f"f{n}": str(n) for n in range(12)}
    parts = [
        {"site": "A", "whole": False, "entries": [{"x": "1"}]},
        {"site": "B", "whole": True, "entries": [wide]},
    ]
    said = words(made({"sites": parts, "absent": []}))
    assert "a part of what is declared here" in said
    assert "exactly 1 entry, all shown" in said
    assert "f0: 0; f1: 1" in said
    assert said.startswith("Declaration ")


@pytest.mark.parametrize(("as_of", "day"), [("2011-02-05", None), ("some day", DAY), (None, DAY)])
def test_the_page_is_dated_by_the_declaration_or_by_the_caller(
    tmp_path: Path, as_of: str | None, day: date | None
) -> None:
    sealed = seal({"A": [{"x": 1}]}, tmp_path / "sealed", public={"as_of": as_of} if as_of else {})
    write_pdf(sealed["file"], tmp_path / "page.pdf", day)
    info = pypdf.PdfReader(tmp_path / "page.pdf").metadata
    assert info is not None
    assert str(info["/CreationDate"]).startswith("D:20110205")

"""Saved pages: read one, read a folder of them resumably, and put two reports of one event side by side."""

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from detente.reading import batch, propose
from detente.reading.compare import compare
from detente.reading.encoding import decode
from detente.records.errors import InputError, Problem
from detente.records.reading import Reading
from detente.records.reading_compare import Comparison

Where = str | Path
PageReading = Reading
PageComparison = Comparison


def read_page(page: Where) -> Reading:
    """What a saved page says: spans that tile its text, and proposals that nobody has confirmed yet.

    `page` is a file of text or HTML, or the folder of one saved page. Offsets are code points of the decoded
    text of the file. Raises `InputError` for what is no page.
    """
    return propose.read_page(Path(page))


def reading_rows(found: Reading) -> dict[str, Any]:
    """A reading as `detente read --json` prints it."""
    return found.as_rows()


def pages_of(places: Sequence[Where]) -> list[Path]:
    """The pages of some files and folders, in order. Raises `InputError` where a place does not exist."""
    found: list[Path] = []
    for place in map(Path, places):
        if not place.exists():
            raise InputError(
                Problem("there is no such file or folder", "give saved pages or folders", file=str(place))
            )
        found += batch.pages_in(place) if place.is_dir() else [place]
    if not found:
        names = ", ".join(str(place) for place in places)
        endings = ", ".join(sorted(batch.SUFFIXES))
        raise InputError(Problem("no page was found", f"pages end in {endings}", file=names))
    return found


def read_pages(
    places: Sequence[Where],
    out: Where,
    *,
    workers: int = 1,
    progress: Callable[[int, int], None] | None = None,
) -> dict[str, Any]:
    """Read many pages into `out`, one JSON row a page; run it again and it goes on where it stopped.

    A page that cannot be read becomes a row with its problems, and the rest goes on. Returns the counts, the
    problems, and which pages are the same byte for byte.
    """
    return batch.read_many(pages_of(places), Path(out), workers=workers, progress=progress)


def compare_pages(a: Where, b: Where) -> Comparison:
    """Two saved reports of one event: words taken over, drift of wordings, omissions, other channels."""
    pages = [batch.page_of(Path(place)) for place in (a, b)]
    readings = [propose.read_page(page) for page in pages]
    texts = [decode(page.read_bytes(), str(page)).text for page in pages]
    return compare(readings[0], texts[0], readings[1], texts[1], (pages[0].name, pages[1].name))

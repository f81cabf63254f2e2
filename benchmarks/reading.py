"""A thousand saved pages read whole, beside trafilatura alone, which extracts and proposes nothing.

Both run on the same pages in one process, in turns. Accurate means: every page's spans tile its text.
"""

import time
from importlib.resources import files
from pathlib import Path
from statistics import median
from typing import Any

from trafilatura import extract

from detente.reading.encoding import decode
from detente.reading.propose import read_content

PAGES = 1000
GOAL = 60.0
"""Seconds for all pages on two cores, so twice as many of one."""


def pages() -> list[bytes]:
    """The labelled pages again and again, each with a number of its own so that no two are the same."""
    folder = Path(str(files("detente") / "data" / "labelled-pages"))
    kept = [path.read_bytes() for path in sorted(folder.iterdir()) if path.suffix in {".txt", ".html"}]
    return [kept[number % len(kept)] + f"\n{number}\n".encode() for number in range(PAGES)]


def main(repeat: int = 3) -> dict[str, Any]:
    """Time both on the same pages; the ratio is the median of paired runs."""
    given = pages()
    tiled = all(
        "".join(text[span.start : span.end] for span in read_content(page).page.spans) == text
        for page in given[:12]
        for text in [decode(page).text]
    )
    ours, theirs = [], []
    for _ in range(repeat):
        begun = time.process_time()
        for page in given:
            read_content(page)
        ours.append(time.process_time() - begun)
        begun = time.process_time()
        for page in given:
            extract(decode(page).text)
        theirs.append(time.process_time() - begun)
    ratio = median(mine / other for mine, other in zip(ours, theirs, strict=True))
    told = f"{median(ours):.1f} s of one core (goal {2 * GOAL:.0f}), {ratio:.2f} times trafilatura"
    print(f"{PAGES} pages: {told}")
    return {"accurate": tiled and median(ours) < 2 * GOAL, "seconds": median(ours), "ratio": ratio}

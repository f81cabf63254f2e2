"""Builds the shipped typefaces from the foundries' own packages.

    npm pack source-serif@4.5.1 inter-ui@4.1.1 @ibm/plex-mono@2.5.0
    python builders/fonts.py source-serif-4.5.1.tgz inter-ui-4.1.1.tgz ibm-plex-mono-2.5.0.tgz

Needs fonttools and brotli. Source Serif and IBM Plex reserve their names, so their files ship complete and
unchanged; the TrueType file of Plex is only its WOFF2 file unpacked. Inter reserves
no name and is cut down to the characters that a brief can contain.
"""

from __future__ import annotations

import io
import sys
import tarfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont

OUTPUT = Path(__file__).resolve().parent.parent / "src" / "detente" / "data" / "fonts"

COPIED = {
    "source-serif-4.5.1.tgz": {
        "package/TTF/SourceSerif4-Regular.ttf": "SourceSerif4-Regular.ttf",
        "package/TTF/SourceSerif4-It.ttf": "SourceSerif4-Italic.ttf",
        "package/TTF/SourceSerif4-Semibold.ttf": "SourceSerif4-Semibold.ttf",
        "package/WOFF2/TTF/SourceSerif4-Regular.ttf.woff2": "SourceSerif4-Regular.woff2",
        "package/WOFF2/TTF/SourceSerif4-It.ttf.woff2": "SourceSerif4-Italic.woff2",
        "package/WOFF2/TTF/SourceSerif4-Semibold.ttf.woff2": "SourceSerif4-Semibold.woff2",
        "package/LICENSE.md": "SourceSerif4-OFL.txt",
    },
    "inter-ui-4.1.1.tgz": {"package/LICENSE.txt": "Inter-OFL.txt"},
    "ibm-plex-mono-2.5.0.tgz": {
        "package/fonts/complete/woff2/IBMPlexMono-Regular.woff2": "IBMPlexMono-Regular.woff2",
        "package/LICENSE.txt": "IBMPlexMono-OFL.txt",
    },
}
UNPACKED = {"IBMPlexMono-Regular.woff2": "IBMPlexMono-Regular.ttf"}
CUT = {
    "package/web/Inter-Regular.woff2": "Inter-Regular",
    "package/web/Inter-SemiBold.woff2": "Inter-SemiBold",
}

# Latin with the letters of Europe, Greek, Cyrillic, and the signs of a table or a formula.
CHARACTERS = [
    *range(0x20, 0x7F),
    *range(0xA0, 0x180),
    *range(0x218, 0x21C),
    *range(0x391, 0x3CA),
    *range(0x400, 0x460),
    *range(0x490, 0x492),
    *range(0x2010, 0x2028),
    *range(0x2030, 0x203B),
    *range(0x2080, 0x208A),
    *range(0x2190, 0x2196),
    *map(ord, "√∞≈≠≤≥−∆∑№€™·∕□■▲△●○◆"),
]


def write_in_both_formats(font: TTFont, name: str) -> None:
    """Save a font as `name.woff2` for pages and `name.ttf` for figures."""
    for flavour, ending in (("woff2", "woff2"), (None, "ttf")):
        font.flavor = flavour
        font.save(OUTPUT / f"{name}.{ending}")


def cut_down(packed: bytes, name: str) -> None:
    """Keep only CHARACTERS of a font, with kerning and tabular figures."""
    options = subset.Options()
    options.layout_features = ["kern", "mark", "ccmp", "locl", "tnum", "case"]
    options.name_IDs = ["*"]
    options.notdef_outline = True
    options.hinting = False
    options.recalc_timestamp = False
    font = subset.load_font(io.BytesIO(packed), options)
    subsetter = subset.Subsetter(options)
    subsetter.populate(unicodes=CHARACTERS)
    subsetter.subset(font)
    write_in_both_formats(font, name)


def main(archives: list[str]) -> None:
    """Copy, unpack or cut down every shipped font from the named package archives."""
    by_name = {Path(archive).name: Path(archive) for archive in archives}
    if missing := sorted(set(COPIED) - set(by_name)):
        raise SystemExit(f"missing package archives: {', '.join(missing)}; see the first lines of this file")
    OUTPUT.mkdir(parents=True, exist_ok=True)
    for archive, members in COPIED.items():
        with tarfile.open(by_name[archive]) as package:
            for member, target in members.items():
                (OUTPUT / target).write_bytes(package.extractfile(member).read())  # type: ignore[union-attr]
    for source, target in UNPACKED.items():
        font = TTFont(OUTPUT / source, recalcTimestamp=False)
        font.flavor = None
        font.save(OUTPUT / target)
    with tarfile.open(by_name["inter-ui-4.1.1.tgz"]) as package:
        for member, name in CUT.items():
            cut_down(package.extractfile(member).read(), name)  # type: ignore[union-attr]


if __name__ == "__main__":
    main(sys.argv[1:])

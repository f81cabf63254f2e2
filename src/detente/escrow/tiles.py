"""How a log lies on disk, so that any file server can serve it: tiles of 256 hashes, bundles of entries.

Source: C2SP tlog-tiles. A tile of level L holds the roots of consecutive complete subtrees of 256**L leaves;
a rightmost tile may be partial, 1 to 255 wide. Entries lie in bundles, each after its length in two bytes.
"""

import re
from collections import OrderedDict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from .errors import MalformedError, TamperedError
from .merkle import HASH_BYTES, node_hash

WIDTH = 256
HEIGHT = 8
HIGHEST_LEVEL = 63
LARGEST_ENTRY = 0xFFFF
"""Bytes of the longest entry that a bundle can hold."""
LARGEST_BUNDLE = WIDTH * (LARGEST_ENTRY + 2)
_KEPT_TILES = 512
_TILE_PATH = re.compile(
    r"tile/(?P<level>entries|0|[1-9][0-9]?)/(?P<number>(?:x[0-9]{3}/){0,6}[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
)

Fetch = Callable[[str], bytes]
"""Gives the bytes of a file of a log by its path; raises `FileNotFoundError` where there is none."""


@dataclass(frozen=True, slots=True, order=True)
class Tile:
    """One tile of hashes, or one bundle of entries (level -1), by number; `width` below 256 is partial."""

    level: int
    number: int
    width: int = WIDTH

    @property
    def path(self) -> str:
        """Where it lies, such as `tile/0/x001/x234/067` or `tile/entries/000.p/7`."""
        name = "entries" if self.level < 0 else str(self.level)
        partial = f".p/{self.width}" if self.width < WIDTH else ""
        return f"tile/{name}/{number_path(self.number)}{partial}"

    @property
    def full(self) -> "Tile":
        """The full tile in its place."""
        return Tile(self.level, self.number)


def number_path(number: int) -> str:
    """The number of a tile as path elements of three digits: 1234067 is `x001/x234/067`."""
    if number < 0:
        raise MalformedError(f"a tile cannot have the number {number}")
    digits = str(number)
    digits = digits.zfill(-(-len(digits) // 3) * 3)
    parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([*(f"x{part}" for part in parts[:-1]), parts[-1]])


def parse_path(path: str) -> Tile:
    """The tile that a path names; raises `MalformedError` for any other path."""
    found = _TILE_PATH.fullmatch(path)
    if found:
        level = -1 if found["level"] == "entries" else int(found["level"])
        number = int(re.sub(r"[x/]", "", found["number"]))
        width = int(found["width"] or WIDTH)
        tile = Tile(level, number, width)
        if level <= HIGHEST_LEVEL and (found["width"] is None or width < WIDTH) and tile.path == path:
            return tile
    raise MalformedError(f"{path!r:.80} is not the path of a tile", "such as tile/0/x001/x234/067.p/12")


def tiles_of(size: int, level: int) -> Iterator[Tile]:
    """The tiles of one level of a tree of `size` leaves, from the left; -1 gives the bundles of entries."""
    full, width = divmod(size >> HEIGHT * max(level, 0), WIDTH)
    for number in range(full):
        yield Tile(level, number)
    if width:
        yield Tile(level, full, width)


def levels_of(size: int) -> int:
    """How many levels of tiles a tree of `size` leaves has."""
    return -(-size.bit_length() // HEIGHT)


def all_tiles(size: int) -> Iterator[Tile]:
    """Every tile of hashes of a tree of `size` leaves, level by level."""
    for level in range(levels_of(size)):
        yield from tiles_of(size, level)


def check_entry_size(entry: bytes) -> None:
    """Raise `MalformedError` for an entry that is longer than a bundle can hold."""
    if len(entry) > LARGEST_ENTRY:
        raise MalformedError(
            f"an entry of {len(entry)} bytes is longer than a log can hold ({LARGEST_ENTRY})",
            "log the digest of the file instead",
        )


def bundle(entries: Sequence[bytes]) -> bytes:
    """Entries as a bundle: each after its length as two bytes, the high one first."""
    for entry in entries:
        check_entry_size(entry)
    return b"".join(len(entry).to_bytes(2, "big") + entry for entry in entries)


def parse_bundle(content: bytes, width: int) -> list[bytes]:
    """The `width` entries of a bundle; raises `MalformedError` if it is cut short or holds more."""
    entries: list[bytes] = []
    at = 0
    for _ in range(width):
        end = at + 2 + int.from_bytes(content[at : at + 2], "big")
        if at + 2 > len(content) or end > len(content):
            raise MalformedError(f"the bundle ends in the middle of entry {len(entries)} of {width}")
        entries.append(content[at + 2 : end])
        at = end
    if at != len(content):
        raise MalformedError(f"the bundle has {len(content) - at} bytes after its {width} entries")
    return entries


def parse_tile(content: bytes, width: int) -> list[bytes]:
    """The `width` hashes of a tile; a tile of another length was truncated or padded."""
    if len(content) != width * HASH_BYTES:
        raise MalformedError(
            f"the tile has {len(content)} bytes in place of {width * HASH_BYTES} for {width} hashes"
        )
    return [content[at : at + HASH_BYTES] for at in range(0, len(content), HASH_BYTES)]


class TileReader:
    """The nodes of a tree of `size` leaves, read from tiles as they are needed; a bounded number is kept."""

    def __init__(self, fetch: Fetch, size: int) -> None:
        self._fetch, self.size = fetch, size
        self._kept: OrderedDict[Tile, list[list[bytes]]] = OrderedDict()

    def node(self, level: int, index: int) -> bytes:
        """The hash of the complete subtree of 2**level leaves number `index` (a `merkle.Node`)."""
        if (index + 1) << level > self.size:
            raise MalformedError(f"a tree of {self.size} leaves has no complete subtree {level}/{index}")
        high, inside = divmod(level, HEIGHT)
        span = HEIGHT - inside
        number, place = index >> span, index & (1 << span) - 1
        return self._rows(high, number)[inside][place]

    def _rows(self, level: int, number: int) -> list[list[bytes]]:
        """The hashes of a tile and what they hash to, row above row, as far as pairs are complete."""
        width = min(WIDTH, (self.size >> HEIGHT * level) - number * WIDTH)
        tile = Tile(level, number, width)
        if tile in self._kept:
            self._kept.move_to_end(tile)
            return self._kept[tile]
        rows = [read_tile(self._fetch, tile)]
        while len(rows[-1]) > 1:
            below = rows[-1]
            rows.append([node_hash(*below[at : at + 2]) for at in range(0, len(below) - 1, 2)])
        self._kept[tile] = rows
        if len(self._kept) > _KEPT_TILES:
            self._kept.popitem(last=False)
        return rows


def read_tile(fetch: Fetch, tile: Tile) -> list[bytes]:
    """The hashes of a tile; where a partial one is gone, the beginning of the full one in its place."""
    return _read(fetch, tile, parse_tile)


def read_bundle(fetch: Fetch, tile: Tile) -> list[bytes]:
    """The entries of a bundle; where a partial one is gone, the beginning of the full one in its place."""
    return _read(fetch, tile, parse_bundle)


def _read(fetch: Fetch, tile: Tile, parse: Callable[[bytes, int], list[bytes]]) -> list[bytes]:
    for wanted in (tile, tile.full):
        try:
            content = fetch(wanted.path)
        except FileNotFoundError:
            continue
        try:
            return parse(content, wanted.width)[: tile.width]
        except MalformedError as fault:
            raise TamperedError(f"{wanted.path}: {fault.rule}") from fault
    raise TamperedError(f"{tile.path} is missing, and the checkpoint needs it")

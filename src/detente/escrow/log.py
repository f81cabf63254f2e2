"""A log that only grows: every root, reveal, notification and correction, in order, on any disk.

The folder is the public interface: `checkpoint`, `tile/LEVEL/NUMBER`, `tile/entries/NUMBER` (tlog-tiles),
so a static file server is a log. An append writes new files beside the old ones and the checkpoint last, by
one rename: whenever it is interrupted, the old log or the new one is there, and nothing in between.
"""

import itertools
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from .checkpoint import Checkpoint, open_checkpoint, parse_checkpoint, sign_checkpoint
from .disk import locked, make_folders, read_bounded, sweep_temporary, write_whole
from .errors import EscrowError, MalformedError, TamperedError
from .keys import SigningKey
from .merkle import (
    EMPTY_ROOT,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    root_of,
    subtree_root,
)
from .notes import LARGEST_NOTE, Note, Signed, Verifier, parse_note, verified
from .proofs import LogProof
from .tiles import (
    HEIGHT,
    LARGEST_BUNDLE,
    WIDTH,
    Fetch,
    Tile,
    TileReader,
    bundle,
    check_entry_size,
    parse_path,
    read_bundle,
    read_tile,
    tiles_of,
)

CHECKPOINT = "checkpoint"
LOCK = ".lock"


def folder_fetch(folder: Path) -> Fetch:
    """Reads a log from a folder; only the paths of a log are ever opened."""

    def fetch(path: str) -> bytes:
        if path == CHECKPOINT:
            return read_bounded(folder / path, LARGEST_NOTE)
        parse_path(path)
        return read_bounded(folder / path, LARGEST_BUNDLE)

    return fetch


class LogReader:
    """A log as anybody can read it: from a folder, an archive or a server, by a function that fetches files.

    Nothing is believed but what leads to the root of the checkpoint; who signed that, `open_checkpoint` says.
    """

    def __init__(self, fetch: Fetch) -> None:
        self.fetch = fetch
        try:
            content = fetch(CHECKPOINT)
        except FileNotFoundError:
            raise MalformedError("there is no log here: it has no checkpoint") from None
        self.note = parse_note(content)
        self.checkpoint = parse_checkpoint(self.note.text)
        self.tiles = TileReader(fetch, self.size)

    @property
    def size(self) -> int:
        """How many entries the checkpoint covers."""
        return self.checkpoint.size

    def root(self, size: int | None = None) -> bytes:
        """The root over the first `size` entries, from the tiles."""
        wanted = self.size if size is None else size
        self._within(wanted)
        return subtree_root((0, wanted), self.tiles.node) if wanted else EMPTY_ROOT

    def entry(self, index: int) -> bytes:
        """The bytes of one entry, checked against its leaf hash."""
        if not 0 <= index < self.size:
            raise MalformedError(f"there is no entry {index} in a log of {self.size}", "they count from 0")
        return next(self.entries(index, index + 1))

    def entries(self, start: int = 0, stop: int | None = None) -> Iterator[bytes]:
        """Entries from `start` up to `stop`, one bundle in memory at a time, each checked by its hash."""
        end = self.size if stop is None else min(stop, self.size)
        for number in range(start // WIDTH, -(-end // WIDTH)):
            width = min(WIDTH, self.size - number * WIDTH)
            held = read_bundle(self.fetch, Tile(-1, number, width))
            leaves = read_tile(self.fetch, Tile(0, number, width))
            first, last = max(start - number * WIDTH, 0), min(end - number * WIDTH, width)
            for place in range(first, last):
                if leaf_hash(held[place]) != leaves[place]:
                    raise TamperedError(f"entry {number * WIDTH + place} is not the one that was logged")
                yield held[place]

    def inclusion(self, index: int, size: int | None = None) -> tuple[bytes, ...]:
        """The inclusion proof of entry `index` in the first `size` entries (RFC 6962, 2.1.1)."""
        wanted = self.size if size is None else size
        self._within(wanted)
        return inclusion_proof(index, wanted, self.tiles.node)

    def consistency(self, old: int, new: int | None = None) -> tuple[bytes, ...]:
        """The consistency proof from `old` entries to `new` (RFC 6962, 2.1.2); old at least 1."""
        wanted = self.size if new is None else new
        self._within(wanted)
        return consistency_proof(old, wanted, self.tiles.node)

    def prove(self, index: int) -> LogProof:
        """Entry, inclusion proof and checkpoint in one file that can be checked anywhere."""
        return LogProof(index, self.inclusion(index), self.note, self.entry(index))

    def _within(self, size: int) -> None:
        if not 0 <= size <= self.size:
            raise MalformedError(f"the log has {self.size} entries, not {size}")


class Log(LogReader):
    """A log in a folder of one's own, to which entries can be added."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        super().__init__(folder_fetch(folder))

    @classmethod
    def create(cls, folder: Path, origin: str, key: SigningKey) -> "Log":
        """A new log without entries; its first checkpoint is signed. An existing one is never replaced."""
        make_folders(folder)
        with locked(folder / LOCK):
            if (folder / CHECKPOINT).exists():
                raise EscrowError("there is a log here already", where=folder.name)
            note = sign_checkpoint(Checkpoint(origin, 0, EMPTY_ROOT), key)
            write_whole(folder / CHECKPOINT, bytes(note))
        return cls(folder)

    def append(self, entries: Sequence[bytes], key: SigningKey) -> range:
        """Add entries and sign the new checkpoint; returns their indexes. All of them are added, or none.

        Under the lock: 1. the checkpoint is ours. 2. The tiles lead to its root. 3. New bundles and tiles are
        written. 4. What was written gives the root of the new checkpoint, and only then 5. it is published.
        """
        if not entries:
            raise MalformedError("there is nothing to append")
        for entry in entries:
            check_entry_size(entry)
        with locked(self.folder / LOCK):
            sweep_temporary(self.folder)
            self._reread()
            open_checkpoint(self.note, [key.verifier()])  # 1
            if self.root() != self.checkpoint.root:  # 2
                raise TamperedError("the tiles do not lead to the root of the checkpoint: run fsck")
            old, new = self.size, self.size + len(entries)
            leaves = [leaf_hash(entry) for entry in entries]
            self._write_bundles(old, entries)  # 3
            self._write_tiles(old, leaves)
            root = subtree_root((0, new), TileReader(self.fetch, new).node)  # 4
            note = sign_checkpoint(Checkpoint(self.checkpoint.origin, new, root), key)
            write_whole(self.folder / CHECKPOINT, bytes(note))  # 5
            self._drop_partial(old, new)
            self._reread()
        return range(old, new)

    def add_cosignatures(self, note: Note, cosigners: Sequence[Verifier]) -> tuple[Signed, ...]:
        """Take checked cosignatures of the present checkpoint from another copy of it, and publish them."""
        with locked(self.folder / LOCK):
            self._reread()
            if note.text != self.note.text:
                raise TamperedError("these signatures stand under another checkpoint than that of the log")
            found = verified(note, cosigners)
            known = {(entry.verifier.name, entry.verifier.key_id) for entry in found}
            merged = self.note
            for entry in note.signatures:
                if (entry.name, entry.key_id) in known:
                    merged = merged.with_signature(entry)
            write_whole(self.folder / CHECKPOINT, bytes(merged))
            self._reread()
        return found

    def _reread(self) -> None:
        super().__init__(self.fetch)

    def _write_bundles(self, old: int, entries: Sequence[bytes]) -> None:
        number, width = divmod(old, WIDTH)
        held = read_bundle(self.fetch, Tile(-1, number, width)) if width else []
        waiting = itertools.chain(held, entries)
        while chunk := list(itertools.islice(waiting, WIDTH)):
            self._write(Tile(-1, number, len(chunk)), bundle(chunk))
            number += 1

    def _write_tiles(self, old: int, leaves: Sequence[bytes]) -> None:
        """Write the tiles that new leaf hashes fill, and level by level what they complete above."""
        level, fresh = 0, list(leaves)
        while fresh:
            number, width = divmod(old >> HEIGHT * level, WIDTH)
            hashes = read_tile(self.fetch, Tile(level, number, width)) if width else []
            hashes += fresh
            fresh = []
            for at in range(0, len(hashes), WIDTH):
                chunk = hashes[at : at + WIDTH]
                self._write(Tile(level, number, len(chunk)), b"".join(chunk))
                fresh += [root_of(chunk)] if len(chunk) == WIDTH else []
                number += 1
            level += 1

    def _write(self, tile: Tile, content: bytes) -> None:
        path = self.folder / tile.path
        make_folders(path.parent)
        write_whole(path, content)

    def _drop_partial(self, old: int, new: int) -> None:
        """Remove partial tiles whose full tile is now there, as tlog-tiles allows."""
        for level in (-1, *range((new.bit_length() + HEIGHT - 1) // HEIGHT)):
            was, now = old >> HEIGHT * max(level, 0), new >> HEIGHT * max(level, 0)
            for number in range(was // WIDTH, now // WIDTH):
                partial = self.folder / (Tile(level, number).path + ".p")
                if partial.is_dir():
                    for path in sorted(partial.iterdir()):
                        path.unlink()
                    partial.rmdir()


@dataclass(frozen=True, slots=True)
class Checked:
    """What fsck found in order: sizes, and files that do not belong to the log (which is no fault)."""

    checkpoint: Checkpoint
    signed: tuple[Signed, ...]
    entries: int
    tiles: int
    strays: tuple[str, ...] = ()


Progress = Callable[[int, int], None]


def fsck(reader: LogReader, log_keys: Sequence[Verifier], progress: Progress | None = None) -> Checked:
    """Check a whole log, in five steps; raises with the number of the step that failed.

    1. The checkpoint is well formed and covers something. 2. A trusted key of the log signed it (left out,
    and owed by the caller, where no key is given). 3. Every entry hashes to its leaf in the tiles of level 0.
    4. Every hash of a higher tile is the root of the tile below it. 5. The tiles lead to the root of the
    checkpoint. One bundle and one tile are in memory at a time.
    """
    step = 1
    try:
        if not reader.size:
            raise MalformedError("the log has no entries: nothing would be checked")
        step = 2
        signed = verified(reader.note, log_keys) if log_keys else ()
        step = 3
        done = 0
        for done, _ in enumerate(reader.entries(), 1):
            if progress and done % WIDTH == 0:
                progress(done, reader.size)
        step = 4
        count = sum(1 for _ in tiles_of(reader.size, 0))
        level = 1
        while reader.size >> HEIGHT * level:
            for tile in tiles_of(reader.size, level):
                count += 1
                for place, hashed in enumerate(read_tile(reader.fetch, tile)):
                    below = Tile(level - 1, tile.number * WIDTH + place)
                    if root_of(read_tile(reader.fetch, below)) != hashed:
                        raise TamperedError(f"{tile.path}: hash {place} is not the root of {below.path}")
            level += 1
        step = 5
        if reader.root() != reader.checkpoint.root:
            raise TamperedError("the tiles do not lead to the root of the checkpoint")
    except EscrowError as fault:
        raise fault.at(step) from None
    return Checked(reader.checkpoint, signed, done, count)


def strays(folder: Path, size: int) -> tuple[str, ...]:
    """Files in the folder of a log that no checkpoint of its size needs: left by an interrupted append."""
    found = []
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or name in {CHECKPOINT, LOCK}:
            continue
        try:
            tile = parse_path(name)
        except MalformedError:
            found.append(name)
            continue
        high = size >> HEIGHT * max(tile.level, 0)
        if tile.number * WIDTH + tile.width > high:
            found.append(name)
    return tuple(found)

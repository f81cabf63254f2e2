"""A log in one ZIP file, for a memory stick: read where it lies, never unpacked.

Only the names that a log can have are in it, each once; a name that leads out of a folder, a link, or an
entry that unpacks to more than a tile or a bundle can hold is refused before anything is read.
"""

import io
import zipfile
from pathlib import Path

from .disk import write_whole
from .errors import MalformedError, shown
from .log import CHECKPOINT, LogReader, folder_fetch
from .notes import LARGEST_NOTE
from .tiles import LARGEST_BUNDLE, Fetch, all_tiles, parse_path, tiles_of

LARGEST_ARCHIVE = 2_000_000_000
MOST_FILES = 200_000
_EPOCH = (1980, 1, 1, 0, 0, 0)


def archive_fetch(content: bytes | Path) -> Fetch:
    """Reads a log from a ZIP archive; raises `MalformedError` for one that holds anything else."""
    if isinstance(content, Path) and content.stat().st_size > LARGEST_ARCHIVE:
        raise MalformedError(f"the archive is larger than {LARGEST_ARCHIVE // 1_000_000} MB")
    try:
        archive = zipfile.ZipFile(content if isinstance(content, Path) else io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, EOFError) as fault:
        raise MalformedError(f"this is not a ZIP archive: {fault}") from None
    entries = archive.infolist()
    if len(entries) > MOST_FILES:
        raise MalformedError(f"the archive holds more than {MOST_FILES} files")
    held: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        _check(entry)
        if entry.filename in held:
            raise MalformedError(f"the archive holds {shown(entry.filename)} twice")
        held[entry.filename] = entry

    def fetch(path: str) -> bytes:
        if path not in held:
            raise FileNotFoundError(path)
        largest = LARGEST_NOTE if path == CHECKPOINT else LARGEST_BUNDLE
        try:
            with archive.open(held[path]) as file:
                content = file.read(largest + 1)
        except (
            zipfile.BadZipFile,
            ValueError,
            RuntimeError,
            NotImplementedError,
            EOFError,
            OSError,
        ) as fault:
            raise MalformedError(f"{shown(path)} of the archive cannot be read: {fault}") from None
        if len(content) > largest:
            raise MalformedError(f"{shown(path)} of the archive unpacks to more than it can hold")
        return content

    return fetch


def _check(entry: zipfile.ZipInfo) -> None:
    name = entry.filename
    if name != CHECKPOINT:
        try:
            parse_path(name)
        except MalformedError:
            raise MalformedError(
                f"the archive holds {shown(name)}, which no log has",
                "take nothing from it: a name may lead out of the folder where it is unpacked",
            ) from None
    if entry.external_attr >> 28 == 0o12:
        raise MalformedError(f"{shown(name)} of the archive is a link")
    if entry.file_size > LARGEST_BUNDLE:
        raise MalformedError(f"{shown(name)} of the archive unpacks to more than it can hold")


def pack(folder: Path, out: Path) -> int:
    """Write the files of a log that its checkpoint needs into a new archive; returns how many."""
    reader = LogReader(folder_fetch(folder))
    names = [CHECKPOINT, *(tile.path for tile in tiles_of(reader.size, -1))]
    names += [tile.path for tile in all_tiles(reader.size)]
    memory = io.BytesIO()
    with zipfile.ZipFile(memory, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in names:
            archive.writestr(zipfile.ZipInfo(name, _EPOCH), reader.fetch(name))
    write_whole(out, memory.getvalue())
    return len(names)


def open_log(path: Path) -> LogReader:
    """A log from a folder or a ZIP archive, whichever stands at the path."""
    if path.is_dir():
        return LogReader(folder_fetch(path))
    if path.is_file():
        return LogReader(archive_fetch(path))
    raise MalformedError("there is no log here", "name its folder or its archive", where=path.name)

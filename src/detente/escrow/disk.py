"""Files that are there whole or not at all, whenever the power fails or the process is killed."""

import contextlib
import os
import stat
import sys
from collections.abc import Iterator
from pathlib import Path

from .errors import EscrowError, MalformedError

TEMPORARY = ".part-"


def write_whole(path: Path, content: bytes, mode: int = 0o644, *, new: bool = False) -> None:
    """Write a file by way of a temporary one beside it; `new` refuses to replace one that is there.

    On return the content is on the disk, not only in the memory of the operating system.
    """
    temporary = path.with_name(f"{TEMPORARY}{os.getpid()}-{path.name}")
    with contextlib.suppress(FileNotFoundError):
        temporary.unlink()
    handle = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if new:
            _put_in_place(temporary, path)
        else:
            temporary.replace(path)
    except BaseException:
        with contextlib.suppress(FileNotFoundError):
            temporary.unlink()
        raise
    sync_folder(path.parent)


def _put_in_place(temporary: Path, path: Path) -> None:
    """Give a file its name only if nothing has that name yet; a link, unlike a rename, never replaces."""
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise _taken(path) from None
    except OSError:  # the file system of a memory stick may know no links
        if path.exists():
            raise _taken(path) from None
        temporary.replace(path)
    else:
        temporary.unlink()


def _taken(path: Path) -> EscrowError:
    return EscrowError(
        "there is a file of this name already, and a secret is never overwritten",
        "choose another name, or move the old file away yourself",
        where=path.name,
    )


def sync_folder(folder: Path) -> None:
    """Bring the names in a folder to the disk."""
    if sys.platform == "win32":  # pragma: no cover - Windows cannot open a folder, and has no need to
        return
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def make_folders(folder: Path, mode: int = 0o755) -> None:
    """Make a folder and those above it, each name brought to the disk."""
    missing = []
    while not folder.is_dir():
        missing.append(folder)
        folder = folder.parent
    for made in reversed(missing):
        made.mkdir(mode=mode, exist_ok=True)
        sync_folder(made.parent)


def read_bounded(path: Path, largest: int) -> bytes:
    """The bytes of a plain file of at most `largest`; a larger one is refused before it fills the memory."""
    with path.open("rb") as file:
        found = os.fstat(file.fileno())
        # a reader takes as much memory as it is asked for, not as there is
        content = file.read((min(found.st_size, largest) if stat.S_ISREG(found.st_mode) else largest) + 1)
    if len(content) > largest:
        raise MalformedError(f"the file is larger than the {largest} bytes that are read", where=path.name)
    return content


def sweep_temporary(folder: Path) -> None:
    """Remove what interrupted writes left behind below a folder; call it under the lock alone."""
    for path in folder.rglob(f"{TEMPORARY}*"):
        path.unlink(missing_ok=True)


@contextlib.contextmanager
def locked(path: Path) -> Iterator[None]:
    """Hold the lock of a folder while one process changes it; it ends with the process, even a killed one."""
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        _lock(handle)
        yield
    finally:
        os.close(handle)


def _lock(handle: int) -> None:
    if sys.platform == "win32":  # pragma: no cover - the same by the means of Windows
        import msvcrt

        msvcrt.locking(handle, msvcrt.LK_LOCK, 1)
    else:
        import fcntl

        fcntl.flock(handle, fcntl.LOCK_EX)

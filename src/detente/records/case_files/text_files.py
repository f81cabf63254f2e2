"""Reading one file of a case as text: there, a file, not too large, and in UTF-8."""

import errno
import os
import stat
from pathlib import Path

from detente.records.errors import Problem

LARGEST_BYTES = 4_000_000
"""No file of a case comes near this; a larger one is something else put there by mistake."""


def read_text(path: Path, shown: str) -> str | Problem:
    """The text of a file with one kind of line end, or what keeps it from being read."""
    fault = _kind_fault(path, shown)
    if fault:
        return fault
    try:
        content = path.read_bytes()
    except OSError as error:
        return _unreadable(error, shown)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        rule = f"the file is not UTF-8 text (byte 0x{content[error.start]:02x})"
        return Problem(rule, "save it in the encoding UTF-8", file=shown, line=line)
    return text.replace("\r\n", "\n")


def _kind_fault(path: Path, shown: str) -> Problem | None:
    try:
        found = path.stat()
    except OSError as error:
        return _unreadable(error, shown)
    if stat.S_ISDIR(found.st_mode):
        return Problem(
            "a file is expected here and this is a folder", "put the file in its place", file=shown
        )
    if not stat.S_ISREG(found.st_mode):
        return Problem("this is not a plain file", "put a plain file in its place", file=shown)
    if found.st_size > LARGEST_BYTES:
        size = f"{found.st_size / 1e6:.0f} MB, more than {LARGEST_BYTES / 1e6:.0f} MB"
        return Problem(
            f"the file is too large to be part of a case: {size}", "split or shorten it", file=shown
        )
    return None


def _unreadable(error: OSError, shown: str) -> Problem:
    if error.errno in {errno.ENOENT, errno.ENOTDIR}:
        return Problem("there is no such file", "add it; `detente new` shows what it looks like", file=shown)
    if error.errno == errno.ELOOP:
        return Problem(
            "the file is a link that leads back to itself", "put the file in its place", file=shown
        )
    reason = os.strerror(error.errno) if error.errno else str(error)
    return Problem(f"the file cannot be read: {reason}", "check its name and its permissions", file=shown)

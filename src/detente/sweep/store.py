"""The folder of a run: chunks of rows as NetCDF files, named after their content, whole or not there.

NetCDF-3 (64-bit offset) through SciPy: every NetCDF reader opens it, it needs no further library, and it
holds no date, so that the same rows give the same bytes.
"""

import contextlib
import errno
import os
import re
import warnings
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .chunk import Rows
from .errors import DiskFullError
from .manifest import ChunkEntry, Manifest, sha256_of
from .sampling import Samples

CHUNKS = "chunks"
_NAME = re.compile(r"(?P<number>[0-9]{6})\.(?P<digest>[0-9a-f]{16})\.nc")
_FULL = {errno.ENOSPC, errno.EDQUOT} if hasattr(errno, "EDQUOT") else {errno.ENOSPC}
Array = NDArray[np.float64]


def write_file(path: Path, content: bytes) -> None:
    """Put a file in place whole: written beside it, forced to the disk, then renamed.

    Raises `DiskFullError` where there is no room, and leaves nothing half written.
    """
    beside = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(path)
    except BaseException as fault:
        with contextlib.suppress(OSError):
            beside.unlink(missing_ok=True)
        if isinstance(fault, OSError) and fault.errno in _FULL:
            said = (
                f"the disk is full: {path.name} could not be written, finished chunks are kept\n"
                "  way out: make room, then give the same command again: it goes on from what is finished"
            )
            raise DiskFullError(said) from None
        raise


def chunk_bytes(manifest: Manifest, number: int, rows: Rows) -> bytes:
    """A chunk as the bytes of a NetCDF file: rows, what varied, outputs, status and reason."""
    from scipy.io import netcdf_file

    start, stop = manifest.span(number)
    buffer = BytesIO()
    file = netcdf_file(buffer, "w", version=2)
    _describe(
        file,
        Conventions="CF-1.11",
        title=f"{manifest.question.study}, rows {start} to {stop - 1}",
        configuration_sha256=manifest.configuration,
    )
    file.createDimension("row", stop - start)
    _put(file, "row", ("row",), np.arange(start, stop, dtype=np.int32), long_name="number of the row")
    drawn = Samples(manifest.plan).varied(start, stop)
    for each in manifest.plan.varied:
        _put(file, each.name, ("row",), drawn[each.name], units=each.unit, long_name="drawn value")
    for axis in manifest.question.axes:
        _put_texts(file, axis.name, axis.name, axis.of)
    for field in manifest.question.fields:
        named = {"units": field.unit, "long_name": field.meaning, "comment": _comment(field.null_means)}
        over = ("row", field.axis) if field.axis else ("row",)
        _put(file, field.name, over, rows.outputs[field.name], **named)
    flags = {"flag_values": np.array([0, 1], dtype=np.int8), "flag_meanings": "done failed"}
    _put(file, "status", ("row",), rows.status, long_name="what became of the row", **flags)
    known = sorted(set(rows.reasons) - {""})
    _put_texts(file, "reason_text", "reason_number", ("", *known))
    place = {"": 0} | {reason: 1 + n for n, reason in enumerate(known)}
    numbers = np.array([place[reason] for reason in rows.reasons], dtype=np.int32)
    _put(file, "reason", ("row",), numbers, long_name="index into reason_text")
    file.flush()
    return buffer.getvalue()


def _comment(null_means: str) -> str:
    failed = "NaN where status is failed"
    return f"{failed}; otherwise NaN means: {null_means}" if null_means else failed


def _put(file: Any, name: str, over: tuple[str, ...], values: NDArray[Any], **attributes: Any) -> None:
    codes = {"f": "f8", "i": f"i{values.dtype.itemsize}"}
    variable = file.createVariable(name, codes[values.dtype.kind], over)
    variable[:] = values
    _describe(variable, **attributes)


def _describe(what: Any, **attributes: Any) -> None:
    """Set attributes; texts as UTF-8, empty ones not at all."""
    for key, value in attributes.items():
        if not isinstance(value, str):
            setattr(what, key, value)
        elif value:
            setattr(what, key, value.encode())


def _put_texts(file: Any, name: str, dimension: str, texts: tuple[str, ...]) -> None:
    packed = [text.encode() for text in texts]
    length = max(1, *(len(each) for each in packed))
    file.createDimension(dimension, len(texts))
    file.createDimension(f"{name}_length", length)
    variable = file.createVariable(name, "c", (dimension, f"{name}_length"))
    _describe(variable, _Encoding="utf-8")
    variable[:] = np.array([list(each.ljust(length, b"\0")) for each in packed], dtype=np.uint8).view("S1")


def write_chunk(folder: Path, manifest: Manifest, number: int, rows: Rows) -> ChunkEntry:
    """Write a finished chunk and give its entry. Raises `DiskFullError`."""
    content = chunk_bytes(manifest, number, rows)
    digest = sha256_of(content)
    name = f"{number:06d}.{digest[:16]}.nc"
    write_file(folder / CHUNKS / name, content)
    return _entry(manifest, number, int(np.count_nonzero(rows.status)), name, digest)


def _entry(manifest: Manifest, number: int, failed: int, name: str, digest: str) -> ChunkEntry:
    start, stop = manifest.span(number)
    return ChunkEntry(
        number=number, start=start, stop=stop, failed=failed, file=f"{CHUNKS}/{name}", sha256=digest
    )


def finished_chunks(folder: Path, manifest: Manifest) -> tuple[dict[int, ChunkEntry], tuple[Path, ...]]:
    """Finished chunks of this very run by number, and files in their place that are none.

    A chunk counts where its content has the digest of its name and says that it belongs to the
    configuration of this run and to these rows.
    """
    found: dict[int, ChunkEntry] = {}
    strange = []
    for path in sorted((folder / CHUNKS).iterdir()) if (folder / CHUNKS).is_dir() else []:
        named = _NAME.fullmatch(path.name)
        content = path.read_bytes() if path.is_file() else b""
        digest = sha256_of(content)
        number = int(named["number"]) if named else -1
        if named is None and not path.name.endswith(".part"):
            continue  # not ours: left alone, and named by verify
        right = named is not None and digest.startswith(named["digest"])
        if not right or number >= manifest.chunk_count or number in found:
            strange.append(path)
            continue
        try:
            with opened(content) as file:
                ours = file.configuration_sha256.decode() == manifest.configuration
                ours &= np.array_equal(file.variables["row"][:], np.arange(*manifest.span(number)))
                failed = int(np.count_nonzero(file.variables["status"][:]))
        except (AttributeError, KeyError, TypeError, ValueError):
            ours = False
        if ours:
            found[number] = _entry(manifest, number, failed, path.name, digest)
        else:
            strange.append(path)
    return found, tuple(strange)


@contextlib.contextmanager
def opened(content: bytes) -> Iterator[Any]:
    """A NetCDF file from its bytes."""
    from scipy.io import netcdf_file

    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # SciPy warns of maps into memory; there is none
        yield netcdf_file(BytesIO(content), "r", mmap=False)


def read_chunk(folder: Path, manifest: Manifest, entry: ChunkEntry) -> tuple[dict[str, Array], Rows]:
    """What varied and what came out in a finished chunk."""
    with opened((folder / entry.file).read_bytes()) as file:
        held = file.variables
        varied = {each.name: _native(held[each.name]) for each in manifest.plan.varied}
        outputs = {field.name: _native(held[field.name]) for field in manifest.question.fields}
        texts = [bytes(row.tobytes()).rstrip(b"\0").decode() for row in held["reason_text"][:]]
        reasons = tuple(texts[number] for number in held["reason"][:])
        return varied, Rows(outputs, held["status"][:].astype(np.int8), reasons)


def _native(variable: Any) -> Array:
    return np.asarray(variable[:], dtype=np.float64)


def open_run(folder: Path, manifest: Manifest) -> Any:
    """All rows of a finished run as one `xarray.Dataset` in memory, with units and names as attributes."""
    import xarray as xr

    entries = manifest.result.chunks if manifest.result else ()
    parts = [xr.load_dataset(folder / entry.file, engine="scipy") for entry in entries]
    texts = []
    for number, part in enumerate(parts):
        reasons = part["reason_text"].values.astype(str)[part["reason"].values]
        plain = part.drop_vars(["reason", "reason_text"]).drop_dims("reason_number", errors="ignore")
        parts[number] = plain
        texts.append(reasons)
    whole = xr.concat(parts, dim="row", data_vars="minimal", coords="minimal", compat="equals", join="exact")
    whole.attrs["title"] = f"{manifest.question.study}, {manifest.plan.samples} rows"
    whole["reason"] = ("row", np.concatenate(texts) if texts else np.array([], dtype=str))
    return whole

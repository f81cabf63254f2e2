"""A witness: it cosigns a checkpoint only after a proof that it continues the last one that it cosigned.

Source: C2SP tlog-witness (the request `add-checkpoint`) and tlog-cosignature. What was seen is on the disk
before a cosignature leaves, so that a witness that is killed or restarted cannot be shown another past. A
log of which two histories were seen is never cosigned again; the evidence stays in the witness's folder.
"""

import base64
import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .checkpoint import Checkpoint, SignedCheckpoint, open_checkpoint, parse_checkpoint
from .disk import locked, make_folders, read_bounded, sweep_temporary, write_whole
from .errors import EscrowError, MalformedError, TamperedError, shown
from .keys import SigningKey
from .log import LogReader
from .merkle import LONGEST_PROOF, check_consistency
from .notes import LARGEST_NOTE, Note, Signature, Verifier, decode_base64, parse_note
from .split_view import SplitView, SplitViewError, find_split

LARGEST_REQUEST = 64_000
_LOCK = ".lock"


class OldSizeError(EscrowError):
    """A proof begins at another size than the one that was cosigned last; `size` is that one."""

    def __init__(self, size: int) -> None:
        super().__init__(f"the checkpoint cosigned last has {size} entries", "prove consistency from there")
        self.size = size


@dataclass(frozen=True, slots=True)
class Request:
    """What a log asks: the size that it says was cosigned last, a proof from there, the checkpoint."""

    old: int
    proof: tuple[bytes, ...]
    note: Note

    def __bytes__(self) -> bytes:
        lines = [f"old {self.old}", *(base64.b64encode(hashed).decode() for hashed in self.proof)]
        return "\n".join(lines).encode() + b"\n\n" + bytes(self.note)


def parse_request(content: bytes) -> Request:
    """Read the body of an `add-checkpoint`; raises `MalformedError`."""
    if len(content) > LARGEST_REQUEST:
        raise MalformedError(f"a request of {len(content)} bytes is refused unread")
    head, gap, below = content.partition(b"\n\n")
    try:
        first, *lines = head.decode("ascii").split("\n")
    except UnicodeDecodeError:
        raise MalformedError("the lines of the request are not plain ASCII") from None
    word, _, old = first.partition(" ")
    if not gap or word != "old" or not old.isdigit() or len(old) > 19 or (old[0] == "0" and old != "0"):
        raise MalformedError('the request does not begin with "old SIZE"')
    if len(lines) > LONGEST_PROOF:
        raise MalformedError(f"the proof has {len(lines)} hashes; no tree is so high")
    proof = tuple(decode_base64(line, "a hash of the proof") for line in lines)
    return Request(int(old), proof, parse_note(below))


class Witness:
    """A folder with the last checkpoint of each log, the key that cosigns, and the keys of the logs."""

    def __init__(self, folder: Path, key: SigningKey, logs: Iterable[Verifier]) -> None:
        self.folder, self.key = folder, key
        self.logs: Mapping[str, tuple[Verifier, ...]] = {}
        trusted: dict[str, list[Verifier]] = {}
        for log_key in logs:
            trusted.setdefault(log_key.name, []).append(log_key)
        self.logs = {name: tuple(keys) for name, keys in trusted.items()}
        make_folders(folder)

    def last(self, origin: str) -> Checkpoint | None:
        """The checkpoint of a log that was cosigned last."""
        path = self._path(origin, "checkpoint")
        if not path.is_file():
            return None
        return parse_checkpoint(parse_note(read_bounded(path, LARGEST_NOTE)).text)

    def evidence(self, origin: str) -> Path | None:
        """The file of evidence against a log that showed two histories."""
        path = self._path(origin, "split-view.json")
        return path if path.is_file() else None

    def add(self, request: Request, now: int) -> Signature:
        """Cosign a checkpoint at a time in POSIX seconds, in six steps, or raise with the step.

        1. The log is one of those that are watched, and its own key signed. 2. No split view of it is known.
        3. The proof begins at the checkpoint cosigned last (`OldSizeError`). 4. It leads from there to this
        one (`SplitViewError` for two roots of one size). 5. The new state is on the disk. 6. Cosigned.
        """
        with locked(self.folder / _LOCK):
            sweep_temporary(self.folder)
            opened = self._opened(request.note)
            point = opened.checkpoint
            last = self.last(point.origin)
            step = 3
            try:
                if request.old != (last.size if last else 0):
                    raise OldSizeError(last.size if last else 0)
                step = 4
                if last is None or not last.size:
                    if request.proof:
                        raise MalformedError("a first checkpoint comes without a proof")
                elif last.size == point.size and last.root != point.root:
                    raise self._split(SplitView(self._note(point.origin), request.note, point.root))
                else:
                    check_consistency(last.size, point.size, last.root, point.root, request.proof)
            except EscrowError as fault:
                raise fault.at(step) from None
            return self._cosigned(request.note, point, now)

    def watch(self, readers: Sequence[LogReader], now: int) -> Signature:
        """Compare every view of one log with what was cosigned last, and cosign the longest of them.

        All views must be of one history; `SplitViewError` carries the evidence where they are not, and it is
        kept. Raises `TamperedError` for a log behind what it was before.
        """
        longest = max(readers, key=lambda reader: reader.size)
        for reader in readers:
            self._opened(reader.note)
        with locked(self.folder / _LOCK):
            sweep_temporary(self.folder)
            point = longest.checkpoint
            last = self.last(point.origin)
            notes = [reader.note for reader in readers if reader is not longest]
            if last is not None:
                notes.insert(0, self._note(point.origin))
            for note in notes:
                other = parse_checkpoint(note.text)
                found = find_split(longest, note) if other.size or other.origin != point.origin else None
                if found is not None:
                    raise self._split(found)
            return self._cosigned(longest.note, point, now)

    def _opened(self, note: Note) -> SignedCheckpoint:
        origin = parse_checkpoint(note.text).origin
        if origin not in self.logs:
            raise MalformedError(f"{shown(origin)} is no log that is watched here").at(1)
        try:
            opened = open_checkpoint(note, self.logs[origin], origin=origin)
        except EscrowError as fault:
            fault.step = 1
            raise
        if self.evidence(origin) is not None:
            raise TamperedError(
                f"the log {shown(origin)} has shown two histories, and is not cosigned any more",
                "the evidence is in the witness's folder: detente witness check",
            ).at(2)
        return opened

    def _cosigned(self, note: Note, point: Checkpoint, now: int) -> Signature:
        signature = self.key.cosign(note.text, now)
        write_whole(self._path(point.origin, "checkpoint"), bytes(note.with_signature(signature)))
        return signature

    def _split(self, found: SplitView) -> SplitViewError:
        origin = parse_checkpoint(found.first.text).origin
        write_whole(self._path(origin, "split-view.json"), bytes(found))
        return SplitViewError(found)

    def _note(self, origin: str) -> Note:
        return parse_note(read_bounded(self._path(origin, "checkpoint"), LARGEST_NOTE))

    def _path(self, origin: str, kind: str) -> Path:
        return self.folder / f"{hashlib.sha256(origin.encode()).hexdigest()[:32]}.{kind}"

"""A witness's rounds: look at every log that it watches, wherever it is shown, and cosign what continues.

A log may be shown at several places: the same relay to two parties, a folder, a file server. All views of
one log are held against each other and against what was cosigned last, so that a log which shows two
histories is found by the first round that sees both, with evidence for everybody.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.escrow.archive import open_log
from detente.escrow.errors import EscrowError
from detente.escrow.keys import SigningKey
from detente.escrow.log import LogReader
from detente.escrow.notes import Note, Signature, Verifier
from detente.escrow.split_view import SplitViewError
from detente.escrow.witness import Witness, parse_request
from detente.records.errors import DetenteError

from .visit import Address, Line, Relay, RelayError


@dataclass
class View:
    """A log as it is shown at one place; `line` where that is an address."""

    place: str
    reader: LogReader
    line: Line | None = None
    is_relay: bool = False

    def give_back(self, signature: Signature) -> bool:
        """Hand a cosignature to a relay; False where nobody takes it there, or the log grew meanwhile."""
        if self.line is None or not self.is_relay:
            return False
        note = bytes(Note(self.reader.note.text, (signature,)))
        return self.line.call("POST", "/v1/cosignatures", None, note).status_code == 200


def round_of(
    folder: Path, key: SigningKey, logs: Sequence[Verifier], sources: Sequence[Any], now: int
) -> list[dict[str, Any]]:
    """Look at every source once; a row for each log, and one for each source that cannot be read."""
    witness = Witness(folder, key, logs)
    found: list[dict[str, Any]] = []
    views: dict[str, list[View]] = {}
    opened: list[Line] = []
    try:
        for source in sources:
            place = source.url if isinstance(source, Address) else str(source)
            try:
                view = _view(source, place, opened)
                views.setdefault(view.reader.checkpoint.origin, []).append(view)
            except (EscrowError, DetenteError, OSError) as fault:
                found.append(_row(place, [place], state="unread", said=str(fault)))
        found += [_round(witness, origin, held, now) for origin, held in sorted(views.items())]
    finally:
        for line in opened:
            line.close()
    return found


def _view(source: Any, place: str, opened: list[Line]) -> View:
    if not isinstance(source, Address):
        return View(place, open_log(Path(source)))
    line = Line(source)
    opened.append(line)
    is_relay = line.call("GET", "/v1/hello").status_code == 200
    return View(place, line.log(Relay.LOG if is_relay else ""), line, is_relay)


def _round(witness: Witness, origin: str, views: list[View], now: int) -> dict[str, Any]:
    places = [view.place for view in views]
    last = witness.last(origin)
    size = last.size if last else 0
    try:
        signature = witness.watch([view.reader for view in views], now)
    except SplitViewError as fault:
        kept = str(witness.evidence(origin))
        return _row(origin, places, state="split", size=size, said=fault.rule, evidence=kept)
    except (EscrowError, RelayError, OSError) as fault:
        known = witness.evidence(origin)
        state = "refused" if known is None else "split"
        return _row(origin, places, state=state, size=size, said=str(fault), evidence=str(known or ""))
    longest = max(view.reader.size for view in views)
    taken = []
    for view in views:
        if view.reader.size == longest:
            try:
                taken += [view.place] if view.give_back(signature) else []
            except (EscrowError, DetenteError):
                continue
    return _row(origin, places, state="cosigned", size=longest, taken=taken)


def _row(
    log: str, places: list[str], *, state: str, size: int = 0, said: str = "", evidence: str = "",
    taken: Sequence[str] = (),
) -> dict[str, Any]:  # fmt: skip
    return {
        "log": log, "places": places, "state": state, "size": size, "said": said, "evidence": evidence,
        "given_back_to": list(taken),
    }  # fmt: skip


def answer(folder: Path, key: SigningKey, logs: Sequence[Verifier], body: bytes, now: int) -> bytes:
    """The cosignature line in answer to an `add-checkpoint`; raises `EscrowError` where it is refused."""
    witness = Witness(folder, key, logs)
    return f"{witness.add(parse_request(body), now).line}\n".encode()

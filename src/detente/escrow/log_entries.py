"""What one entry of a log says: which kind of document was logged, its digest, and its root or its text.

An entry is canonical JSON. A commitment is logged as a `root`, a reveal as a `reveal`; a `notification` and a
`correction` carry their text where it is JSON and short enough, and always their digest. A correction adds an
entry that names the one it corrects; nothing is ever replaced.
"""

import hashlib
from typing import Any, Literal, get_args

from .canonical import LARGEST_FILE, canonical, parse
from .declaration import COMMITMENT_SCHEMA
from .errors import MalformedError, shown
from .keys import unhex
from .merkle import HASH_BYTES
from .reveal import REVEAL_SCHEMA
from .tiles import LARGEST_ENTRY

ENTRY_SCHEMA = "detente/log-entry/1"
Kind = Literal["root", "reveal", "notification", "correction"]
_OF_SCHEMA: dict[str, Kind] = {COMMITMENT_SCHEMA: "root", REVEAL_SCHEMA: "reveal"}


def entry_of(content: bytes, kind: Kind | None = None, corrects: int | None = None) -> bytes:
    """The entry that logs a document; its kind follows from the document unless it is stated.

    `corrects` is the index of the entry that a correction corrects, and stands with no other kind.
    """
    body = _json(content)
    schema = body.get("schema") if isinstance(body, dict) else None
    found = _OF_SCHEMA.get(schema) if isinstance(schema, str) else None
    wanted: Kind = kind or ("correction" if corrects is not None else found or "notification")
    if wanted in {"root", "reveal"} and found != wanted:
        raise MalformedError(f'this is not a document that can be logged as "{wanted}"')
    if (wanted == "correction") != (corrects is not None):
        raise MalformedError("a correction names the entry that it corrects, and nothing else does")
    entry: dict[str, Any] = {
        "schema": ENTRY_SCHEMA,
        "kind": wanted,
        "sha256": hashlib.sha256(content).hexdigest(),
        "length": len(content),
    }
    if corrects is not None:
        entry["corrects"] = corrects
    if wanted in {"root", "reveal"}:
        entry["root"] = unhex(body["root"], HASH_BYTES, "the root").hex()
    elif body is not None and len(whole := canonical(entry | {"content": body})) <= LARGEST_ENTRY:
        return whole
    return canonical(entry)


def read_entry(content: bytes) -> dict[str, Any] | None:
    """What an entry says; None for one that was not written by `entry_of`, which a log may hold too."""
    body = _json(content)
    if not isinstance(body, dict) or body.get("schema") != ENTRY_SCHEMA:
        return None
    if body.get("kind") not in get_args(Kind) or canonical(body) != content:
        raise MalformedError(f"the entry is not a canonical one of {shown(ENTRY_SCHEMA)}")
    return body


def _json(content: bytes) -> Any:
    """The value of a document in strict JSON; None for any other document."""
    if len(content) > LARGEST_FILE:
        return None
    try:
        return parse(content)
    except MalformedError:
        return None

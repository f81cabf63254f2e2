"""One root of 32 bytes over a whole declaration, from which nothing of it can be read.

    root
    +- header                       public: how many places each level has
    +- sites: 4,096 places          a site stands where a hash of its name puts it
       +- label, or "empty site"
       +- entries: 256 places       in the order of their hashes
          +- label, or "empty entry"
          +- fields: 32 places      a field stands where a hash of its name puts it

Leaf = SHA-256(0x00 | salt of 32 bytes | length of 8 bytes, high one first | canonical bytes); node = SHA-256(
0x01 | left | right). Every level has a fixed number of places, all filled, so that no hash tells the declared
from the empty. Each salt comes from the key tree. `docs/design/escrow.md` gives the reasons.
"""

import hashlib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from .canonical import canonical
from .errors import MalformedError, shown
from .keys import unhex
from .keytree import child
from .merkle import node_hash

SCHEMA = "detente/declaration/1"
SITE_PLACES = (4096, 65536, 1048576)
ENTRY_PLACES = (256, 4096, 65536)
FIELD_PLACES = (32, 128, 512, 2048)
NONCE_BYTES = 16
LONGEST_NAME = 400
MOST_PLACES = 32_000_000
_TRIES = 5000
_PUBLIC = ("title", "party", "as_of")

Fields = Mapping[str, Any]
Levels = list[list[bytes]]


@dataclass(frozen=True, slots=True)
class Header:
    """What is public of a declaration: places a level (powers of two), a nonce, and what its maker adds."""

    sites: int
    entries: int
    fields: int
    nonce: bytes
    public: Mapping[str, str] = field(default_factory=dict)

    @property
    def content(self) -> dict[str, Any]:
        """The header as it is sealed and shown."""
        places = {"sites": self.sites, "entries": self.entries, "fields": self.fields}
        return {"schema": SCHEMA, "places": places, "nonce": self.nonce.hex(), **self.public}

    def leaf(self, salt: bytes) -> bytes:
        """The leaf that binds the header to the root."""
        return salted_leaf(salt, canonical(["declaration", self.content]))

    def place_of_site(self, name: str) -> int:
        """The one place where a site of this name can stand."""
        return place(self.nonce, "site", site_key(name), self.sites)

    def place_of_field(self, name: str) -> int:
        """The one place of its entry where a field of this name can stand."""
        return place(self.nonce, "field", name, self.fields)


def parse_header(content: object) -> Header:
    """The header that a file shows; raises `MalformedError` for one that no declaration can have."""
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        raise MalformedError(f"the header is not one of {SCHEMA}")
    places, public = content.get("places"), {key: content[key] for key in _PUBLIC if key in content}
    if set(content) - {"schema", "places", "nonce", *_PUBLIC} or not isinstance(places, dict):
        raise MalformedError("the header has other keys than it should")
    if not all(isinstance(text, str) and len(text) <= LONGEST_NAME for text in public.values()):
        raise MalformedError("title, party and date of the header are short texts")
    counts = [places.get(key) for key in ("sites", "entries", "fields")]
    allowed = (SITE_PLACES, ENTRY_PLACES, FIELD_PLACES)
    if len(places) != 3 or any(count not in known for count, known in zip(counts, allowed, strict=True)):
        raise MalformedError(f"the header states places that no declaration has: {shown(places)}")
    sites, entries, fields = (int(str(count)) for count in counts)
    return Header(sites, entries, fields, unhex(content.get("nonce"), NONCE_BYTES, "the nonce"), public)


def salted_leaf(salt: bytes, content: bytes) -> bytes:
    """SHA-256(0x00 | salt | length in 8 bytes | content)."""
    return hashlib.sha256(b"\x00" + salt + len(content).to_bytes(8, "big") + content).digest()


def place(nonce: bytes, level: str, name: str, places: int) -> int:
    """Where a name stands among so many places: a hash of the nonce, the level and the name."""
    hashed = hashlib.sha256(b"detente/place/1/" + level.encode() + b"/" + nonce + name.encode()).digest()
    return int.from_bytes(hashed[:8], "big") % places


def check_work(header: Header, sites: int, entries: int) -> None:
    """Raise `MalformedError` for so many sites and entries that computing all their places takes hours."""
    count = header.sites + sites * header.entries + entries * header.fields
    if count > MOST_PLACES:
        raise MalformedError(
            f"{count} places are more than the {MOST_PLACES} that are computed",
            "choose fewer places, or seal it as several declarations",
        )


def site_key(name: str) -> str:
    """A name of a site without what only looks different: spaces at its ends, double spaces, capitals."""
    once = unicodedata.normalize("NFC", " ".join(name.split())).casefold()
    return unicodedata.normalize("NFC", once)


def check_site(name: object) -> str:
    """A name that a site can have; raises `MalformedError`."""
    if not isinstance(name, str) or not site_key(name) or len(name) > LONGEST_NAME or not name.isprintable():
        raise MalformedError(f"{shown(name)} cannot be the name of a site", "a printable text, not empty")
    return name


def levels(nodes: list[bytes]) -> Levels:
    """A complete tree over 2**n nodes: its rows from the bottom up to the root."""
    rows = [nodes]
    while len(rows[-1]) > 1:
        below = rows[-1]
        rows.append([node_hash(below[at], below[at + 1]) for at in range(0, len(below), 2)])
    return rows


def path_in(rows: Levels, at: int) -> tuple[bytes, ...]:
    """The hashes beside the way from one place up to the root of its tree."""
    return tuple(row[(at >> height) ^ 1] for height, row in enumerate(rows[:-1]))


def climb(node: bytes, at: int, path: Sequence[bytes]) -> bytes:
    """The root to which a node at a place and the hashes beside its way lead."""
    for hashed in path:
        node = node_hash(hashed, node) if at & 1 else node_hash(node, hashed)
        at >>= 1
    return node


def label(kind: str, name: str | None = None) -> bytes:
    """The canonical bytes of a label: `["site", NAME]`, `["entry"]`, `["empty site"]`, `["empty entry"]`."""
    return canonical([kind] if name is None else [kind, name])


EMPTY_SITE, EMPTY_ENTRY, ENTRY = label("empty site"), label("empty entry"), label("entry")


def field_leaf(salt: bytes, name: str, value: Any) -> bytes:
    """The leaf of one field of one entry."""
    return salted_leaf(salt, canonical(["field", name, value]))


def field_leaves(seed: bytes, fields: Fields, header: Header) -> list[bytes]:
    """The leaves of an entry, each field at its place and the rest filled with hashes of nothing."""
    placed = {header.place_of_field(name): name for name in fields}
    if len(placed) != len(fields):
        raise MalformedError("two fields of one entry have the same place: no declaration is sealed so")
    found = []
    for at in range(header.fields):
        salt = child(seed, b"field", at)
        name = placed.get(at)
        found.append(salt if name is None else field_leaf(salt, name, fields[name]))
    return found


def entry_node(seed: bytes, fields: Fields | None, header: Header) -> bytes:
    """The node of an entry below its seed; None stands for an empty one."""
    salt = child(seed, b"label")
    if fields is None:
        return node_hash(salted_leaf(salt, EMPTY_ENTRY), child(seed, b"hidden"))
    return node_hash(salted_leaf(salt, ENTRY), levels(field_leaves(seed, fields, header))[-1][0])


def entry_nodes(seed: bytes, entries: Sequence[Fields], header: Header) -> list[bytes]:
    """The nodes of a site's entries in their order, then those of its empty places."""
    if len(entries) > header.entries:
        raise MalformedError(f"{len(entries)} entries of one site do not fit {header.entries} places")
    declared: list[Fields | None] = [*entries, *([None] * (header.entries - len(entries)))]
    return [entry_node(child(seed, b"entry", n), fields, header) for n, fields in enumerate(declared)]


def site_node(seed: bytes, name: str | None, entries: Sequence[Fields], header: Header) -> bytes:
    """The node of a site below its seed; a name of None stands for an empty place."""
    salt = child(seed, b"label")
    if name is None:
        return node_hash(salted_leaf(salt, EMPTY_SITE), child(seed, b"hidden"))
    below = levels(sorted(entry_nodes(seed, entries, header)))[-1][0]
    return node_hash(salted_leaf(salt, label("site", name)), below)


def site_nodes(seed: bytes, sites: Mapping[str, Sequence[Fields]], header: Header) -> list[bytes]:
    """The nodes of all places of a declaration below its seed."""
    placed = {header.place_of_site(name): name for name in sites}
    if len(placed) != len(sites):
        raise MalformedError("two sites have the same place: no declaration is sealed so")
    found = []
    for at in range(header.sites):
        name = placed.get(at)
        below = sites[name] if name is not None else ()
        found.append(site_node(child(seed, b"site", at), name, below, header))
    return found


def root_of_sites(seed: bytes, sites: Mapping[str, Sequence[Fields]], header: Header) -> bytes:
    """The root over all places of a declaration, the header not yet among them."""
    return levels(site_nodes(seed, sites, header))[-1][0]


def header_for(
    seed: bytes,
    sites: Mapping[str, Sequence[Fields]],
    public: Mapping[str, str] | None = None,
    places: Sequence[int] | None = None,
) -> Header:
    """The header of a declaration: the usual number of places, larger only where it does not fit.

    The nonce is the first of a series from the seed by which no two names meet in one place. `places` fixes
    the numbers of places of sites, entries and fields. Raises `MalformedError` where nothing fits.
    """
    most = max((len(entries) for entries in sites.values()), default=0)
    columns = _widest({frozenset(fields) for entries in sites.values() for fields in entries})
    widest = max(map(len, columns), default=0)
    # with n names in N places a nonce without two in one place has the chance exp(-n**2 / 2N) or so
    needed = (len(sites) ** 2 / 8, most, widest**2 / 8)
    known = (SITE_PLACES, ENTRY_PLACES, FIELD_PLACES)
    rooms: list[list[int]] = []
    for what, offered, least in zip(("sites", "entries", "fields"), known, needed, strict=True):
        wanted = (places[len(rooms)],) if places else offered
        if not set(wanted) <= set(offered):
            raise MalformedError(f"places for {what} are one of {', '.join(map(str, offered))}")
        rooms.append([size for size in wanted if size >= least])
        if not rooms[-1]:
            raise MalformedError(
                f"there are too many {what} for {max(wanted)} places",
                "choose more places, or seal it as several declarations",
            )
    for sizes in zip(rooms[0], [rooms[1][0]] * 9, _extended(rooms[2], len(rooms[0])), strict=False):
        for attempt in range(_TRIES):
            nonce = child(seed, b"nonce", attempt)[:NONCE_BYTES]
            header = Header(*sizes, nonce, dict(public or {}))
            if _no_two_meet(header, sites, columns):
                check_work(header, len(sites), sum(map(len, sites.values())))
                return parse_header(header.content)
    raise MalformedError("no arrangement was found in which every name has a place of its own")


def _extended(sizes: list[int], length: int) -> list[int]:
    return [sizes[min(n, len(sizes) - 1)] for n in range(length)]


def _widest(columns: set[frozenset[str]]) -> list[frozenset[str]]:
    """The sets of names that no other set contains."""
    found: list[frozenset[str]] = []
    for names in sorted(columns, key=len, reverse=True):
        if not any(names <= wider for wider in found):
            found.append(names)
    return found


def _no_two_meet(header: Header, sites: Mapping[str, Any], columns: list[frozenset[str]]) -> bool:
    if any(len({header.place_of_field(name) for name in names}) < len(names) for names in columns):
        return False
    taken: set[int] = set()
    for name in sites:
        at = header.place_of_site(name)
        if at in taken:
            return False
        taken.add(at)
    return True

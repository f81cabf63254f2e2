"""Opening a part of a sealed declaration: everything, a site, an entry, a field, or that a site is absent.

A reveal is JSON that a person can read. Beside each part that is opened stand the seed or salt that opens it,
and the hashes that lead from it to the root; what is not opened stays hidden behind hashes.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from .commitment import entry_nodes, field_leaves, levels, path_in, site_key
from .declaration import Sealed
from .errors import EscrowError, MalformedError, shown
from .keytree import child

REVEAL_SCHEMA = "detente/reveal/1"


@dataclass(frozen=True, slots=True)
class Wish:
    """What to open of a site: all of it, or one entry (counted from 1), or some fields of that entry."""

    site: str
    entry: int | None = None
    fields: tuple[str, ...] = ()


class NotDeclaredError(MalformedError):
    """A wish for something that the declaration does not hold; `known` are the names that it does hold."""

    def __init__(self, rule: str, wanted: str, known: Sequence[str]) -> None:
        super().__init__(rule)
        self.wanted, self.known = wanted, tuple(known)


def reveal(sealed: Sealed, wishes: Sequence[Wish] = (), absent: Sequence[str] = ()) -> dict[str, Any]:
    """Open what is wished for, and show which sites were never declared. Raises `EscrowError`."""
    if not wishes and not absent:
        raise MalformedError("nothing is opened", "name a site, an absent site, or everything")
    if len({site_key(wish.site) for wish in wishes}) < len(wishes):
        raise MalformedError("a site is wished for twice", "ask for one part of a site in one file")
    return _head(sealed) | {
        "sites": [_site(sealed, wish) for wish in wishes],
        "absent": [_absent(sealed, name) for name in absent],
    }


def reveal_everything(sealed: Sealed) -> dict[str, Any]:
    """Open the whole declaration."""
    declared = [{"site": name, "entries": list(held)} for name, held in sealed.declaration.sites.items()]
    return _head(sealed) | {"seed": sealed.seed.hex(), "everything": declared}


def _head(sealed: Sealed) -> dict[str, Any]:
    header = {"salt": sealed.header_salt.hex(), "content": sealed.header.content}
    return {"schema": REVEAL_SCHEMA, "root": sealed.root.hex(), "header": header}


def declared_name(sealed: Sealed, site: str) -> str:
    """The declared name of a site, however it is spelt; raises `NotDeclaredError`."""
    names = {site_key(name): name for name in sealed.declaration.sites}
    if site_key(site) not in names:
        raise NotDeclaredError(f"{shown(site)} is not declared", site, list(sealed.declaration.sites))
    return names[site_key(site)]


def _site(sealed: Sealed, wish: Wish) -> dict[str, Any]:
    name = declared_name(sealed, wish.site)
    at = sealed.header.place_of_site(name)
    seed = child(sealed.seed, b"site", at)
    entries = sealed.declaration.sites[name]
    path = _hex(path_in(sealed.rows, at))
    if wish.entry is None:
        if wish.fields:
            raise MalformedError("fields are opened one entry at a time", "say which entry")
        return {"site": name, "seed": seed.hex(), "entries": list(entries), "path": path}
    if not 1 <= wish.entry <= len(entries):
        raise MalformedError(
            f"{shown(name)} has no entry {wish.entry}", f"its entries count from 1 to {len(entries)}"
        )
    nodes = entry_nodes(seed, entries, sealed.header)
    rows = levels(sorted(nodes))
    place = rows[0].index(nodes[wish.entry - 1])
    opened = _entry(sealed, child(seed, b"entry", wish.entry - 1), entries[wish.entry - 1], wish.fields)
    return {
        "site": name,
        "salt": child(seed, b"label").hex(),
        "opened": [{"place": place, **opened, "path": _hex(path_in(rows, place))}],
        "path": path,
    }


def _entry(sealed: Sealed, seed: bytes, fields: Any, wanted: Sequence[str]) -> dict[str, Any]:
    if not wanted:
        return {"fields": dict(fields), "seed": seed.hex()}
    rows = levels(field_leaves(seed, fields, sealed.header))
    openings = {}
    for name in wanted:
        if name not in fields:
            raise NotDeclaredError(f"the entry has no field {shown(name)}", name, list(fields))
        at = sealed.header.place_of_field(name)
        openings[name] = {"salt": child(seed, b"field", at).hex(), "path": _hex(path_in(rows, at))}
    return {
        "fields": {name: fields[name] for name in wanted},
        "salt": child(seed, b"label").hex(),
        "openings": openings,
    }


def _absent(sealed: Sealed, name: str) -> dict[str, Any]:
    """Open the one place where a site of this name could stand: it is empty, or another's."""
    at = sealed.header.place_of_site(name)
    seed = child(sealed.seed, b"site", at)
    here = next((n for n in sealed.declaration.sites if sealed.header.place_of_site(n) == at), None)
    if here is not None and site_key(here) == site_key(name):
        raise EscrowError(f"{shown(name)} is declared: its absence cannot be shown")
    if here is None:
        rest = child(seed, b"hidden")
    else:
        rest = levels(sorted(entry_nodes(seed, sealed.declaration.sites[here], sealed.header)))[-1][0]
    return {
        "site": name,
        "stands_here": here,
        "salt": child(seed, b"label").hex(),
        "rest": rest.hex(),
        "path": _hex(path_in(sealed.rows, at)),
    }


def _hex(hashes: Sequence[bytes]) -> list[str]:
    return [hashed.hex() for hashed in hashes]

"""Is what was opened the thing that was committed? A proof in seven numbered steps, from the root alone.

1. The file is strict JSON within its limits, with the keys of its kind and no others.
2. The header is one that a declaration can have; every hash has its length and every path its height.
3. Something is opened.
4. A site that is said to be absent does not stand in the one place where it could.
5. Everything opened leads, from its salts and its own bytes, to one and the same root of sites.
6. That root and the header give the root that the file states.
7. The root is the one that the other side committed to.

A step that fails raises `MalformedError` (1, 2, 3) or `TamperedError` (4 to 7) with its number. What the
caller still owes stands in `Proof.owed`; `standalone.py` is the same proof without this package.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .canonical import parse
from .commitment import (
    EMPTY_SITE,
    ENTRY,
    Header,
    check_site,
    check_work,
    climb,
    entry_node,
    field_leaf,
    label,
    parse_header,
    root_of_sites,
    salted_leaf,
    site_key,
    site_node,
)
from .declaration import COMMITMENT_SCHEMA, check_entry, read_declaration
from .errors import EscrowError, MalformedError, TamperedError, shown
from .keys import unhex
from .keytree import SEED_BYTES
from .merkle import HASH_BYTES, node_hash
from .reveal import REVEAL_SCHEMA

COMPARED = "consistent with the root that you gave"
NOT_COMPARED = "consistent with its own root, which was not compared with yours"
_MOST_OPENED = 10_000
_OWED_ROOT = "compare the root with the one that was handed over at the outset: this check did not have it"
_OWED = (
    "that the root was committed before it could matter: a log, a timestamp or a witness shows when",
    "that what is declared is true and complete: inspection shows that, never a hash",
)


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a proof that was taken, by its number."""

    number: int
    text: str


def numbered(text: str) -> tuple[Step, ...]:
    """The numbered lines of a text as the steps of a proof."""
    lines = [line for line in text.splitlines() if line[:1].isdigit()]
    return tuple(Step(int(line[0]), line[3:]) for line in lines)


STEPS = numbered(__doc__ or "")


@dataclass(frozen=True, slots=True)
class Proof:
    """What was proved of a file, in which steps, and what the caller still owes.

    `compared`: the root was the caller's own. `shown` are sentences, and `opened` is the same as data.
    """

    kind: str
    root: str
    compared: bool
    verdict: str
    steps: tuple[Step, ...]
    shown: tuple[str, ...]
    owed: tuple[str, ...]
    opened: Mapping[str, Any]


def verify(content: bytes, root: bytes | None = None) -> Proof:
    """Check a reveal or a commitment against a root, or against its own; raises where a step fails."""
    step = [1]
    try:
        return _verify(content, root, step)
    except EscrowError as fault:
        raise fault.at(step[0]) from None


def _verify(content: bytes, root: bytes | None, step: list[int]) -> Proof:
    body = parse(content)
    kind = body.get("schema") if isinstance(body, dict) else None
    if kind not in {REVEAL_SCHEMA, COMMITMENT_SCHEMA}:
        raise MalformedError(f"this is neither a reveal nor a commitment: its schema is {shown(kind)}")
    if kind == COMMITMENT_SCHEMA:
        keys = {"sites_root"}
    else:
        keys = {"seed", "everything"} if "everything" in body else {"sites", "absent"}
    _keys(body, "the file", {"schema", "root", "header"} | keys)
    _keys(body["header"], "the header", {"salt", "content"})
    stated = unhex(body["root"], HASH_BYTES, "the root")
    step[0] = 2
    header = parse_header(body["header"]["content"])
    header_leaf = header.leaf(_hash(body["header"]["salt"], "the salt of the header"))
    roots, said, opened = _sites_roots(body, header, step)
    step[0] = 5
    first = next(iter(roots.values()))
    for what, found in roots.items():
        if found != first:
            raise TamperedError(f"{what} and {next(iter(roots))} lead to two different roots of sites")
    step[0] = 6
    if node_hash(header_leaf, first) != stated:
        raise TamperedError("what is opened does not lead to the root that the file states")
    step[0] = 7
    if root is not None and root != stated:
        raise TamperedError(
            f"the root is {stated.hex()}, and not the one that you gave, {root.hex()}",
            "it belongs to another declaration, or the root was copied wrongly",
        )
    return Proof(
        kind="commitment" if kind == COMMITMENT_SCHEMA else "reveal",
        root=stated.hex(),
        compared=root is not None,
        verdict=NOT_COMPARED if root is None else COMPARED,
        steps=STEPS if root is not None else STEPS[:-1],
        shown=tuple(said),
        owed=(() if root is not None else (_OWED_ROOT,)) + _OWED,
        opened={"header": header.content, **opened},
    )


def _sites_roots(
    body: Mapping[str, Any], header: Header, step: list[int]
) -> tuple[dict[str, bytes], list[str], dict[str, Any]]:
    """The root of sites to which each opening leads, what is shown in words, and the same as data."""
    if "sites_root" in body:
        step[0] = 3
        room = f"room for {header.sites} sites, {header.entries} entries each, {header.fields} fields each"
        nothing = f"a declaration was committed; it has {room}, and nothing of it is opened"
        return {"the commitment": _hash(body["sites_root"], "the root of sites")}, [nothing], {}
    if "everything" in body:
        return _everything(body, header)
    sites, absent = _list(body["sites"], "sites"), _list(body["absent"], "absent sites")
    step[0] = 3
    if not sites and not absent:
        raise MalformedError("nothing is opened: a file that shows nothing proves nothing")
    if len(sites) + len(absent) > _MOST_OPENED:
        raise MalformedError(f"more than {_MOST_OPENED} sites are opened; open everything instead")
    step[0] = 2
    roots: dict[str, bytes] = {}
    said: list[str] = []
    _fits(header, {n: entry["entries"] for n, entry in enumerate(sites) if _whole(entry, "entries")})
    for entry in sites:
        found, words = _site(entry, header)
        what = f"site {shown(entry['site'])}"
        if what in roots:
            raise MalformedError(f"{what} is opened twice")
        roots[what] = found
        said += words
    held: list[tuple[str, str | None]] = []
    for entry in absent:
        name, here, found = _absent(entry, header)
        roots[f"the place of {shown(name)}"] = found
        held.append((name, here))
    step[0] = 4
    for name, here in held:
        if here is not None and site_key(here) == site_key(name):
            raise TamperedError(f"{shown(name)} is said to be absent and stands there")
        said.append(_absence(name, here))
    shown_absent = [{"site": name, "stands_here": here} for name, here in held]
    return roots, said, {"sites": [_bare(entry) for entry in sites], "absent": shown_absent}


def _everything(
    body: Mapping[str, Any], header: Header
) -> tuple[dict[str, bytes], list[str], dict[str, Any]]:
    declared = read_declaration({"sites": body["everything"]})
    seed = unhex(body["seed"], SEED_BYTES, "the seed")
    _fits(header, declared.sites)
    count = sum(len(entries) for entries in declared.sites.values())
    held = f"{_count(len(declared.sites), 'site', 'sites')} with {_count(count, 'entry', 'entries')}"
    words = f"the whole declaration: {held}, and nothing else"
    sites = [{"site": name, "entries": list(held)} for name, held in declared.sites.items()]
    return {"the declaration": root_of_sites(seed, declared.sites, header)}, [words], {"everything": sites}


def _whole(entry: Any, key: str) -> bool:
    return isinstance(entry, dict) and isinstance(entry.get(key), list)


def _site(entry: Any, header: Header) -> tuple[bytes, list[str]]:
    whole = isinstance(entry, dict) and "seed" in entry
    _keys(entry, "an opened site", {"site", "path"} | ({"seed", "entries"} if whole else {"salt", "opened"}))
    name = check_site(entry["site"])
    path = _path(entry["path"], header.sites, f"the path of {shown(name)}")
    if whole:
        entries = _list(entry["entries"], "entries")
        node = site_node(unhex(entry["seed"], SEED_BYTES, "the seed of a site"), name, entries, header)
        said = [f"site {shown(name)}: exactly {_count(len(entries), 'entry', 'entries')}, all opened"]
    else:
        below: set[bytes] = set()
        said = []
        opened = _list(entry["opened"], "opened entries")
        if not opened:
            raise MalformedError(f"no entry of {shown(name)} is opened")
        for one in opened:
            found, words = _entry(one, name, header)
            below.add(found)
            said.append(words)
        if len(below) > 1:
            raise TamperedError(f"the entries opened of {shown(name)} lead to different roots").at(5)
        salt = _hash(entry["salt"], "the salt of a site")
        node = node_hash(salted_leaf(salt, label("site", name)), below.pop())
    return climb(node, header.place_of_site(name), path), said


def _entry(one: Any, site: str, header: Header) -> tuple[bytes, str]:
    whole = isinstance(one, dict) and "seed" in one
    keys = {"place", "fields", "path"} | ({"seed"} if whole else {"salt", "openings"})
    _keys(one, "an opened entry", keys)
    place, fields = one["place"], one["fields"]
    if isinstance(place, bool) or not isinstance(place, int) or not 0 <= place < header.entries:
        raise MalformedError(f"an entry cannot stand in the place {shown(place)} of {header.entries}")
    check_entry(fields)
    path = _path(one["path"], header.entries, "the path of an entry")
    if whole:
        node = entry_node(unhex(one["seed"], SEED_BYTES, "the seed of an entry"), fields, header)
        said = (
            f"site {shown(site)}: one entry with exactly {len(fields)} fields; how many others is not shown"
        )
    else:
        openings = one["openings"]
        _keys(openings, "the openings of an entry", set(fields))
        roots = {_field(openings[name], name, value, header) for name, value in fields.items()}
        if len(roots) > 1:
            raise TamperedError("the fields opened of one entry lead to different roots").at(5)
        salt = _hash(one["salt"], "the salt of an entry")
        node = node_hash(salted_leaf(salt, ENTRY), roots.pop())
        names = ", ".join(fields)
        said = (
            f"site {shown(site)}: of one entry the fields {names}; no others, and no other entries, are shown"
        )
    return climb(node, place, path), said


def _field(opening: Any, name: str, value: Any, header: Header) -> bytes:
    _keys(opening, "the opening of a field", {"salt", "path"})
    path = _path(opening["path"], header.fields, f"the path of the field {shown(name)}")
    leaf = field_leaf(_hash(opening["salt"], "the salt of a field"), name, value)
    return climb(leaf, header.place_of_field(name), path)


def _absent(entry: Any, header: Header) -> tuple[str, str | None, bytes]:
    _keys(entry, "an absent site", {"site", "stands_here", "salt", "rest", "path"})
    name, here = check_site(entry["site"]), entry["stands_here"]
    content = EMPTY_SITE if here is None else label("site", check_site(here))
    leaf = salted_leaf(_hash(entry["salt"], "the salt of a place"), content)
    node = node_hash(leaf, _hash(entry["rest"], "what stands beside a label"))
    path = _path(entry["path"], header.sites, f"the path of the place of {shown(name)}")
    return name, here, climb(node, header.place_of_site(name), path)


def _absence(name: str, here: str | None) -> str:
    leak = "this shows that one place is empty, and nothing about any other site"
    if here is not None:
        leak = f"this shows that {shown(here)} is declared, because it has the same place, and nothing else"
    return f"site {shown(name)} was never declared under this name: its one place is not its own ({leak})"


def _count(number: int, one: str, many: str) -> str:
    return f"{number} {one if number == 1 else many}"


def _bare(entry: Mapping[str, Any]) -> dict[str, Any]:
    """An opened site without what opens it."""
    held = entry["entries"] if "entries" in entry else [one["fields"] for one in entry["opened"]]
    return {"site": entry["site"], "whole": "entries" in entry, "entries": held}


def _fits(header: Header, sites: Mapping[Any, Any]) -> None:
    """What is opened whole has room, and no more places than can be computed in minutes."""
    check_work(header, len(sites), sum(map(len, sites.values())))
    for entries in sites.values():
        for entry in entries:
            check_entry(entry)


def _keys(value: Any, what: str, wanted: set[str]) -> None:
    if not isinstance(value, dict) or set(value) != wanted:
        found = ", ".join(sorted(map(str, value)))[:80] if isinstance(value, dict) else "no table"
        raise MalformedError(f"{what} should have the keys {', '.join(sorted(wanted))}, and has {found}")


def _list(value: Any, what: str) -> list[Any]:
    if not isinstance(value, list):
        raise MalformedError(f"{what} are not a list")
    return value


def _hash(value: Any, what: str) -> bytes:
    return unhex(value, HASH_BYTES, what)


def _path(value: Any, places: int, what: str) -> list[bytes]:
    hashes = _list(value, what)
    height = places.bit_length() - 1
    if len(hashes) != height:
        raise MalformedError(f"{what} has {len(hashes)} hashes, and its tree is {height} high")
    return [_hash(entry, what) for entry in hashes]

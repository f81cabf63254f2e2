"""A declaration: sites, their entries and fields; sealed into a folder, of which one file may be shown.

`commitment.json` is for the other side. `secret.json` holds the seed and the declaration itself, can be read
by its owner alone and may be encrypted; whoever has it can open everything. No signing key is needed.
"""

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from .canonical import canonical
from .commitment import (
    LONGEST_NAME,
    Fields,
    Header,
    Levels,
    check_site,
    header_for,
    levels,
    parse_header,
    site_key,
    site_nodes,
)
from .disk import make_folders, sync_folder, write_whole
from .errors import EscrowError, MalformedError, TamperedError, shown
from .keys import Passphrase, load_secret, save_secret, unhex
from .keytree import SEED_BYTES, child
from .merkle import node_hash

COMMITMENT_SCHEMA = "detente/commitment/1"
COMMITMENT_FILE, SECRET_FILE = "commitment.json", "secret.json"
_PUBLIC = ("title", "party", "as_of")


@dataclass(frozen=True, slots=True)
class Declaration:
    """Entries by site, in order; an entry is a table of fields. `public` stands in the open header."""

    sites: Mapping[str, Sequence[Fields]]
    public: Mapping[str, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not self.sites:
            raise MalformedError("a declaration without a site declares nothing")
        keys: dict[str, str] = {}
        for name, entries in self.sites.items():
            other = keys.setdefault(site_key(check_site(name)), name)
            if other != name:
                raise MalformedError(f"{shown(other)} and {shown(name)} are two spellings of one site")
            for entry in entries:
                check_entry(entry)
        if set(self.public) - set(_PUBLIC) or not all(isinstance(text, str) for text in self.public.values()):
            raise MalformedError(f"what is public is one of {', '.join(_PUBLIC)}, each a text")

    @property
    def content(self) -> dict[str, Any]:
        """The declaration as JSON."""
        sites = [{"site": name, "entries": list(entries)} for name, entries in self.sites.items()]
        return {"public": dict(self.public), "sites": sites}


def check_entry(entry: object) -> None:
    """Raise `MalformedError` unless this can be an entry: a table of at least one field, no float in it."""
    if not isinstance(entry, dict) or not entry:
        raise MalformedError("an entry is a table of at least one field")
    for name in entry:
        if not isinstance(name, str) or not name or len(name) > LONGEST_NAME:
            raise MalformedError(f"{shown(name)} cannot be the name of a field")
    canonical(entry)


def read_declaration(content: object) -> Declaration:
    """The declaration that JSON states, as in a secret file."""
    if not isinstance(content, dict) or not isinstance(content.get("sites"), list):
        raise MalformedError("this is not a declaration: it has no list of sites")
    sites: dict[str, Sequence[Fields]] = {}
    for site in content["sites"]:
        if not isinstance(site, dict) or not isinstance(site.get("entries"), list):
            raise MalformedError("a site of the declaration has no list of entries")
        name = check_site(site.get("site"))
        if name in sites:
            raise MalformedError(f"the site {shown(name)} stands twice")
        sites[name] = site["entries"]
    public = content.get("public")
    return Declaration(sites, public if isinstance(public, dict) else {})


@dataclass(frozen=True)
class Sealed:
    """A declaration with its seed: everything that is needed to open any part of it."""

    declaration: Declaration
    header: Header
    seed: bytes = field(repr=False)

    @cached_property
    def rows(self) -> Levels:
        """The tree over the places of sites, row by row."""
        return levels(site_nodes(self.seed, self.declaration.sites, self.header))

    @property
    def header_salt(self) -> bytes:
        """The salt of the header's leaf, which is public."""
        return child(self.seed, b"header")

    @property
    def root(self) -> bytes:
        """The commitment: 32 bytes."""
        return node_hash(self.header.leaf(self.header_salt), self.rows[-1][0])

    @property
    def commitment(self) -> dict[str, Any]:
        """What is given to the other side at the outset."""
        return {
            "schema": COMMITMENT_SCHEMA,
            "root": self.root.hex(),
            "header": {"salt": self.header_salt.hex(), "content": self.header.content},
            "sites_root": self.rows[-1][0].hex(),
        }


def seal(declaration: Declaration, places: Sequence[int] | None = None, seed: bytes | None = None) -> Sealed:
    """Seal a declaration under a new random seed (given only to make a result again)."""
    made = os.urandom(SEED_BYTES) if seed is None else seed
    return Sealed(declaration, header_for(made, declaration.sites, declaration.public, places), made)


def as_text(value: Mapping[str, Any]) -> bytes:
    """JSON for people to read: indented, in UTF-8."""
    return (json.dumps(value, indent=1, ensure_ascii=False) + "\n").encode()


def save_sealed(sealed: Sealed, folder: Path, passphrase: Passphrase = None) -> Path:
    """Write secret and commitment into a new folder, which appears whole or not at all.

    Returns the path of the commitment. A folder with anything in it is refused.
    """
    if folder.is_dir() and any(folder.iterdir()):
        raise EscrowError(
            "the folder holds something already, and a sealed declaration is never overwritten",
            "choose a new folder",
            where=folder.name,
        )
    make_folders(folder.absolute().parent)
    making = folder.absolute().with_name(f".part-{folder.name}")
    shutil.rmtree(making, ignore_errors=True)
    making.mkdir(mode=0o700)
    try:
        secret = {
            "kind": "declaration",
            "seed": sealed.seed.hex(),
            "header": sealed.header.content,
            "root": sealed.root.hex(),
            "declaration": sealed.declaration.content,
        }
        save_secret(making / SECRET_FILE, secret, passphrase, head={"root": sealed.root.hex()})
        write_whole(making / COMMITMENT_FILE, as_text(sealed.commitment))
        if folder.is_dir():
            folder.rmdir()
        making.rename(folder.absolute())
    except BaseException:
        shutil.rmtree(making, ignore_errors=True)
        raise
    sync_folder(folder.absolute().parent)
    return folder / COMMITMENT_FILE


def load_sealed(folder: Path, passphrase: Passphrase = None) -> Sealed:
    """Read a folder that `save_sealed` wrote; what it holds must give the root that was committed."""
    path = folder / SECRET_FILE
    if not path.is_file():
        raise MalformedError(
            "there is no sealed declaration here", "detente seal makes one", where=folder.name
        )
    content = load_secret(path, passphrase)
    if content.get("kind") != "declaration":
        raise MalformedError("this secret is not a sealed declaration", where=folder.name)
    seed = unhex(content.get("seed"), SEED_BYTES, "the seed")
    sealed = Sealed(read_declaration(content.get("declaration")), parse_header(content.get("header")), seed)
    if sealed.root.hex() != content.get("root"):
        raise TamperedError("the declaration is not the one that was committed", where=folder.name)
    return sealed

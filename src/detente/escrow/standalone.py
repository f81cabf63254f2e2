"""A verifier in one file, for somebody who trusts neither side nor the authors of this program.

It needs Python 3.11 and the library `cryptography`, and nothing else; it shares no code with the rest of the
package and must come to the same verdicts. Read it from top to bottom in an hour:

    python standalone.py verify FILE... [--root HEX] [--trust VKEY] [--cosigner VKEY] [--origin NAME]
    python standalone.py fsck LOG [--trust VKEY]
    python standalone.py compare LOG OTHER [--trust VKEY]
    python standalone.py envelope FILE ENVELOPE --trust VKEY --to NAME [--sequence N] [--previous HEX]
    python standalone.py split EVIDENCE --trust VKEY

Exit 0: it holds. 1: it is false, with the number of the step that failed. 2: it is malformed.
Steps of a reveal: 1 strict JSON with the right keys; 2 header, lengths, heights; 3 something is opened; 4 the
absent are absent; 5 all that is opened leads to one root of sites; 6 with the header to the root stated; 7 to
the root you gave. Of a proof of a log: 1 form; 2 origin; 3 signed by the log; 4 cosigned; 5 an entry; 6 it
leads to the root of the checkpoint; 7 it logs the root you gave. Of fsck: 1 form, not empty; 2 signed;
3 entries; 4 tiles; 5 root. Of compare: 1 form; 2 one origin; 3 signed; 4 tiles; 5 one is the beginning of the
other. Of an envelope: 1 form; 2 signed; 3 by its sender; 4 for this recipient; 5 awaited; 6 covers the file.
Of a split view: 1 form; 2 one origin; 3 both signed; 4 the second tree does not begin with the first.
"""

import argparse
import base64
import hashlib
import hmac
import json
import re
import sys
import unicodedata
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

HEX64, STEP = re.compile(r"[0-9a-f]{64}"), [1]
PLACES = {"sites": (4096, 65536, 1048576), "entries": (256, 4096, 65536), "fields": (32, 128, 512, 2048)}
MOST_BYTES, DEEPEST, BIGGEST = 32_000_000, 16, 2**53 - 1


class Verdict(Exception):  # noqa: N818 - it ends the program, and is not always an error
    """Ends the check with an exit code and the number of the step."""

    def __init__(self, code: int, said: str) -> None:
        super().__init__(f"step {STEP[0]}: {said}")
        self.code, self.step = code, STEP[0]


def malformed(said: str) -> NoReturn:
    """The bytes are not what they should be: exit 2."""
    raise Verdict(2, said)


def tampered(said: str) -> NoReturn:
    """The bytes do not agree with what was committed or signed: exit 1."""
    raise Verdict(1, said)


# ---- bytes of values: RFC 8785 without floating-point numbers; keys in the order of UTF-16


def ordered(value: Any) -> Any:
    """The value with the keys of every table in canonical order."""
    if isinstance(value, dict):
        return {key: ordered(value[key]) for key in sorted(value, key=lambda key: key.encode("utf-16be"))}
    return [ordered(entry) for entry in value] if isinstance(value, list) else value


def canonical(value: Any) -> bytes:
    """The one string of bytes of a value."""
    return json.dumps(ordered(value), ensure_ascii=False, separators=(",", ":")).encode()


def read_json(content: bytes) -> Any:
    """A value from strict JSON: no float, no key twice, no number beyond 2**53 - 1, nothing too deep."""
    depth = 0
    for count, found in enumerate(re.finditer(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{},:]', content, re.DOTALL)):
        depth += (found[0] in b"[{") - (found[0] in b"]}")
        if depth > DEEPEST or count > 3_000_000:
            malformed("nested too deep, or too many values")

    def table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(dict(pairs)) != len(pairs):
            malformed("a key stands twice")
        return dict(pairs)

    def whole(text: str) -> int:
        if len(text) > 17 or text == "-0" or abs(int(text)) > BIGGEST:
            malformed("a number is not a whole number within 2**53 - 1")
        return int(text)

    def refuse(_: str) -> NoReturn:
        malformed("a number is not a whole number")

    try:
        value = json.loads(
            content.decode(),
            object_pairs_hook=table,
            parse_int=whole,
            parse_float=refuse,
            parse_constant=refuse,
        )
        canonical(value)  # a lone surrogate has no bytes, and is refused here
    except ValueError as fault:
        malformed(f"not strict JSON in UTF-8: {fault}")
    return value


# ---- hashes: RFC 6962 for trees, RFC 5869 for seeds


def sha(*parts: bytes) -> bytes:
    """SHA-256 of the parts one after the other."""
    return hashlib.sha256(b"".join(parts)).digest()


def node(left: bytes, right: bytes) -> bytes:
    """Two nodes become one."""
    return sha(b"\x01", left, right)


def leaf(salt: bytes, value: Any) -> bytes:
    """The salted leaf of a value."""
    content = canonical(value)
    return sha(b"\x00", salt, len(content).to_bytes(8, "big"), content)


def child(seed: bytes, level: str, place: int = 0) -> bytes:
    """The seed or salt at a place below a seed."""
    info = f"detente/keytree/1/{level}/".encode() + place.to_bytes(8, "big")
    return hmac.digest(seed, info + b"\x01", "sha256")


def top(nodes: list[bytes]) -> bytes:
    """The root over 2**n nodes."""
    while len(nodes) > 1:
        nodes = [node(nodes[at], nodes[at + 1]) for at in range(0, len(nodes), 2)]
    return nodes[0]


def climb(start: bytes, at: int, path: list[bytes]) -> bytes:
    """The root to which a node at a place leads by the hashes beside its way."""
    for beside in path:
        start, at = (node(beside, start) if at & 1 else node(start, beside)), at >> 1
    return start


def tree(leaves: list[bytes]) -> bytes:
    """The root of RFC 6962 over any number of leaf hashes."""
    if len(leaves) < 2:
        return leaves[0] if leaves else sha()
    half = 1 << (len(leaves) - 1).bit_length() - 1
    return node(tree(leaves[:half]), tree(leaves[half:]))


# ---- a reveal or a commitment


def keys(value: Any, wanted: str) -> dict[str, Any]:
    """The value, if it is a table with exactly these keys."""
    if not isinstance(value, dict) or set(value) != set(wanted.split()):
        malformed(f"a table should have the keys {wanted}")
    return value


def hash_of(text: Any) -> bytes:
    """32 bytes from 64 lower-case hexadecimal digits."""
    return bytes.fromhex(text) if isinstance(text, str) and HEX64.fullmatch(text) else malformed("not a hash")


def listed(value: Any) -> list[Any]:
    """The value, if it is a list."""
    return value if isinstance(value, list) else malformed("not a list")


def name_of(name: Any) -> str:
    """The value, if it can be the name of a site."""
    if not isinstance(name, str) or not folded(name) or len(name) > 400 or not name.isprintable():
        malformed("not the name of a site")
    return name


def folded(name: str) -> str:
    """The name without what only looks different."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", " ".join(name.split())).casefold())


def check_entry(entry: Any) -> None:
    """An entry is a table of at least one named field."""
    if not isinstance(entry, dict) or not entry or any(not key or len(key) > 400 for key in entry):
        malformed("not an entry")


class Reveal:
    """What the header of a file fixes, and the roots to which its openings lead."""

    def __init__(self, header: Any) -> None:
        if not isinstance(header, dict) or header.get("schema") != "detente/declaration/1":
            malformed("not the header of a declaration")
        public = {key: header[key] for key in ("title", "party", "as_of") if key in header}
        keys(header, " ".join(["schema places nonce", *public]))
        keys(header["places"], "sites entries fields")
        if any(
            type(header["places"][key]) is not int or header["places"][key] not in PLACES[key]
            for key in PLACES
        ):
            malformed("places that no declaration has")
        if any(not isinstance(text, str) or len(text) > 400 for text in public.values()):
            malformed("title, party and date are short texts")
        if not isinstance(header["nonce"], str) or not re.fullmatch("[0-9a-f]{32}", header["nonce"]):
            malformed("not a nonce")
        self.nonce, self.places = bytes.fromhex(header["nonce"]), header["places"]

    def place(self, level: str, name: str) -> int:
        """The one place of a site or a field."""
        key = folded(name) if level == "site" else name
        hashed = sha(f"detente/place/1/{level}/".encode(), self.nonce, key.encode())
        return int.from_bytes(hashed[:8], "big") % int(self.places[f"{level}s"])

    def path(self, value: Any, level: str) -> list[bytes]:
        """The hashes beside a way, exactly as many as the tree is high."""
        hashes = [hash_of(text) for text in listed(value)]
        return hashes if 1 << len(hashes) == self.places[level] else malformed("a path has the wrong height")

    def room(self, sites: int, entries: int) -> None:
        """Refuse what takes hours."""
        counts = self.places
        if counts["sites"] + sites * counts["entries"] + entries * counts["fields"] > 32_000_000:
            malformed("too many places to compute")

    def fields_root(self, seed: bytes, fields: dict[str, Any]) -> bytes:
        """An entry's fields, each in its place, empty places filled."""
        placed = {self.place("field", name): name for name in fields}
        if len(placed) != len(fields):
            malformed("two fields have one place")
        leaves = [child(seed, "field", at) for at in range(self.places["fields"])]
        for at, name in placed.items():
            leaves[at] = leaf(leaves[at], ["field", name, fields[name]])
        return top(leaves)

    def entry(self, seed: bytes, fields: dict[str, Any] | None) -> bytes:
        """The node of an entry, or of an empty place."""
        label = leaf(child(seed, "label"), ["empty entry" if fields is None else "entry"])
        return node(label, child(seed, "hidden") if fields is None else self.fields_root(seed, fields))

    def site(self, seed: bytes, name: str | None, entries: list[Any]) -> bytes:
        """The node of a site with all its entries, or of an empty place."""
        if name is None:
            return node(leaf(child(seed, "label"), ["empty site"]), child(seed, "hidden"))
        if len(entries) > self.places["entries"]:
            malformed("too many entries for a site")
        held = [*entries, *[None] * (self.places["entries"] - len(entries))]
        nodes = sorted(self.entry(child(seed, "entry", n), fields) for n, fields in enumerate(held))
        return node(leaf(child(seed, "label"), ["site", name]), top(nodes))

    def everything(self, body: dict[str, Any]) -> bytes:
        """The root of sites of a declaration that is opened whole."""
        sites: dict[str, list[Any]] = {}
        for entry in listed(body["everything"]):
            if not isinstance(entry, dict) or not isinstance(entry.get("entries"), list):
                malformed("a site has no list of entries")
            if name_of(entry.get("site")) in sites:
                malformed("a site stands twice")
            sites[entry["site"]] = entry["entries"]
        for entries in sites.values():
            for one in entries:
                check_entry(one)
        if not sites or len({folded(name) for name in sites}) < len(sites):
            malformed("no sites, or two spellings of one")
        self.room(len(sites), sum(map(len, sites.values())))
        seed, placed = hash_of(body["seed"]), {self.place("site", name): name for name in sites}
        if len(placed) != len(sites):
            malformed("two sites have one place")
        nodes = []
        for at in range(self.places["sites"]):
            name = placed.get(at)
            nodes.append(self.site(child(seed, "site", at), name, sites[name] if name else []))
        return top(nodes)

    def opened_site(self, entry: Any) -> bytes:
        """The root of sites to which an opened site leads."""
        if isinstance(entry, dict) and "seed" in entry:
            keys(entry, "site path seed entries")
            name, path = name_of(entry["site"]), self.path(entry["path"], "sites")
            found = self.site(hash_of(entry["seed"]), name, listed(entry["entries"]))
        else:
            keys(entry, "site path salt opened")
            name, path = name_of(entry["site"]), self.path(entry["path"], "sites")
            below = {self.opened_entry(one) for one in listed(entry["opened"])}
            found = node(leaf(hash_of(entry["salt"]), ["site", name]), self.single(below))
        return climb(found, self.place("site", name), path)

    def opened_entry(self, one: Any) -> bytes:
        """The root of a site's entries to which an opened entry leads."""
        whole = isinstance(one, dict) and "seed" in one
        keys(one, "place fields path " + ("seed" if whole else "salt openings"))
        at, fields = one["place"], one["fields"]
        if type(at) is not int or not 0 <= at < self.places["entries"]:
            malformed("an entry has no such place")
        check_entry(fields)
        path = self.path(one["path"], "entries")
        if whole:
            return climb(self.entry(hash_of(one["seed"]), fields), at, path)
        roots = set()
        if not isinstance(one["openings"], dict) or set(one["openings"]) != set(fields):
            malformed("each field is opened once")
        for name, value in fields.items():
            opening = keys(one["openings"][name], "salt path")
            start = leaf(hash_of(opening["salt"]), ["field", name, value])
            roots.add(climb(start, self.place("field", name), self.path(opening["path"], "fields")))
        return climb(node(leaf(hash_of(one["salt"]), ["entry"]), self.single(roots)), at, path)

    def absent(self, entry: Any) -> bytes:
        """The root of sites to which the place of an absent site leads."""
        keys(entry, "site stands_here salt rest path")
        name, here = name_of(entry["site"]), entry["stands_here"]
        label = ["empty site"] if here is None else ["site", name_of(here)]
        found = node(leaf(hash_of(entry["salt"]), label), hash_of(entry["rest"]))
        return climb(found, self.place("site", name), self.path(entry["path"], "sites"))

    @staticmethod
    def single(roots: set[bytes]) -> bytes:
        """The one root of several openings; none at all is malformed, two are a forgery."""
        if len(roots) > 1:
            STEP[0] = 5
            tampered("what is opened of one site or entry leads to different roots")
        return roots.pop() if roots else malformed("nothing is opened")


def check_reveal(content: bytes, root: bytes | None) -> str:
    """Steps 1 to 7 of a reveal or a commitment; returns its root in hexadecimal."""
    body = read_json(content)
    kind = body.get("schema") if isinstance(body, dict) else None
    if kind not in {"detente/reveal/1", "detente/commitment/1"}:
        malformed("neither a reveal nor a commitment")
    whole = "seed everything" if "everything" in body else "sites absent"
    keys(body, "schema root header " + ("sites_root" if kind == "detente/commitment/1" else whole))
    keys(body["header"], "salt content")
    stated = hash_of(body["root"])
    STEP[0] = 2
    file = Reveal(body["header"]["content"])
    header = leaf(hash_of(body["header"]["salt"]), ["declaration", body["header"]["content"]])
    if "sites_root" in body:
        STEP[0] = 3
        roots = [hash_of(body["sites_root"])]
    elif "everything" in body:
        roots = [file.everything(body)]
    else:
        sites, absent = listed(body["sites"]), listed(body["absent"])
        STEP[0] = 3
        if not 1 <= len(sites) + len(absent) <= 10_000:
            malformed("nothing is opened, or too much one by one")
        STEP[0] = 2
        full = [
            one["entries"] for one in sites if isinstance(one, dict) and isinstance(one.get("entries"), list)
        ]
        file.room(len(full), sum(map(len, full)))
        for entries in full:
            for one in entries:
                check_entry(one)
        roots = [file.opened_site(one) for one in sites]
        if len({one["site"] for one in sites}) < len(sites):
            malformed("a site is opened twice")
        roots += [file.absent(one) for one in absent]
        STEP[0] = 4
        if any(one["stands_here"] and folded(one["stands_here"]) == folded(one["site"]) for one in absent):
            tampered("a site that is said to be absent stands in its place")
    STEP[0] = 5
    if len(set(roots)) > 1:
        tampered("what is opened leads to different roots of sites")
    STEP[0] = 6
    if node(header, roots[0]) != stated:
        tampered("what is opened does not lead to the root that the file states")
    STEP[0] = 7
    if root is not None and root != stated:
        tampered("the root is not the one that you gave")
    return stated.hex()


# ---- signed notes, checkpoints and logs: C2SP signed-note, tlog-checkpoint, tlog-cosignature, tlog-tiles


def unbase64(text: str) -> bytes:
    """The bytes of base64 in its one right form."""
    try:
        raw = base64.b64decode(text, validate=True)
    except ValueError:
        malformed("not base64")
    return raw if base64.b64encode(raw).decode() == text else malformed("base64 in another form than its own")


def public_key(vkey: str) -> tuple[str, bytes, bytes]:
    """Name, ID and material (type, then public key) of a vkey line; the ID must be that of the key."""
    name, key_id, material = [*vkey.strip().split("+", 2), "", ""][:3]
    raw = unbase64(material)
    size = {1: 32, 4: 32, 6: 1312}.get(raw[0] if raw else 0)
    if size != len(raw) - 1 or not key_name(name) or sha(name.encode(), b"\n", raw)[:4].hex() != key_id:
        malformed("not a public key, or its ID is that of another")
    return name, bytes.fromhex(key_id), raw


def key_name(name: str) -> bool:
    """Whether a key can have this name."""
    return bool(re.fullmatch(r"[^\s+]+", name)) and len(name) <= 255 and name.isprintable()


def decimal(text: str) -> int:
    """A number without leading zeros, below 2**63."""
    if not re.fullmatch(r"0|[1-9][0-9]{0,18}", text) or int(text) >= 1 << 63:
        malformed("not a decimal number")
    return int(text)


class Note:
    """A text and the signatures below it."""

    def __init__(self, content: bytes) -> None:
        try:
            whole = content.decode()
        except UnicodeDecodeError:
            malformed("a note is UTF-8 text")
        text, gap, below = whole.rpartition("\n\n")
        if (
            len(content) > 1_000_000
            or any(c < " " and c != "\n" for c in whole)
            or not gap
            or below[-1:] != "\n"
        ):
            malformed("not a signed note")
        self.content, self.text, self.signatures = content, text + "\n", []
        for line in below[:-1].split("\n"):
            parts = line.split(" ")
            raw = unbase64(parts[2]) if len(parts) == 3 and parts[0] == "—" and key_name(parts[1]) else b""
            self.signatures.append(
                (parts[1], raw[:4], raw[4:]) if len(raw) > 4 else malformed("not a signature")
            )
        if len(self.signatures) > 64:
            malformed("too many signatures")

    def signed_by(self, trusted: list[tuple[str, bytes, bytes]]) -> set[str]:
        """Names of trusted keys that signed; a signature of one of them that does not fit is a forgery."""
        known = {(name, key_id): raw for name, key_id, raw in trusted}
        found = set()
        for name, key_id, value in self.signatures:
            if (name, key_id) in known:
                self.check(name, known[name, key_id], value)
                found.add(name)
        return found

    def check(self, name: str, raw: bytes, value: bytes) -> None:
        """One signature of a known key: plain (1), over a time (4), or over a time with ML-DSA-44 (6)."""
        kind, public = raw[0], raw[1:]
        time, value = (value[:8], value[8:]) if kind != 1 else (b"", value)
        if len(value) != (2420 if kind == 6 else 64) or int.from_bytes(time, "big") >= 1 << 63:
            tampered(f"the signature of {name} has the wrong length or time")
        message = self.text.encode()
        if kind == 4:
            message = f"cosignature/v1\ntime {int.from_bytes(time, 'big')}\n".encode() + message
        try:
            if kind == 6:
                from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey

                point, named = Checkpoint(self.content), name.encode()
                origin = point.origin.encode()
                head = b"subtree/v1\n\0" + bytes([len(named)]) + named + time + bytes([len(origin)]) + origin
                message = head + bytes(8) + point.size.to_bytes(8, "big") + point.root
                MLDSA44PublicKey.from_public_bytes(public).verify(value, message)
            else:
                Ed25519PublicKey.from_public_bytes(public).verify(value, message)
        except InvalidSignature:
            tampered(f"the signature of {name} does not fit")


class Checkpoint(Note):
    """A signed note whose text states the origin, the size and the root of a log."""

    def __init__(self, content: bytes) -> None:
        super().__init__(content)
        lines = self.text[:-1].split("\n")
        if len(lines) < 3 or not all(lines):
            malformed("not a checkpoint")
        self.origin, self.size, self.root = lines[0], decimal(lines[1]), unbase64(lines[2])
        if len(self.root) != 32 or (self.size == 0 and self.root != sha()):
            malformed("not the root of a log")

    def believed(self, given: argparse.Namespace) -> None:
        """Steps 2, 3 and 4: origin, log and cosigners, as far as the caller names them."""
        log, cosigners = ([public_key(line) for line in lines] for lines in (given.trust, given.cosigner))
        if not log and (cosigners or given.origin):
            STEP[0] = 3
            malformed("an origin or a cosigner proves nothing without a key of the log")
        STEP[0] = 2
        if given.origin not in {None, self.origin}:
            tampered("a checkpoint of another log")
        STEP[0] = 3
        if log and not self.signed_by(log):
            tampered("no trusted key of the log has signed")
        STEP[0] = 4
        if {name for name, _, _ in cosigners} - self.signed_by(cosigners):
            tampered("a cosigner has not signed")


def root_from(start: bytes, index: int, size: int, path: list[bytes]) -> bytes:
    """The root to which an inclusion proof leads (RFC 9162, 2.1.3.2)."""
    at, last = index, size - 1
    for beside in path:
        if last == 0:
            tampered("the proof is too long")
        if at & 1 or at == last:
            start = node(beside, start)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            start = node(start, beside)
        at, last = at >> 1, last >> 1
    return start if last == 0 else tampered("the proof is too short")


def continues(old: int, new: int, before: bytes, after: bytes, path: list[bytes]) -> bool:
    """Whether a tree of `new` leaves begins with one of `old`, at least 1 (RFC 9162, 2.1.4.2)."""
    if old == new:
        return not path and before == after
    if not path:
        return False
    hashes = path if old & (old - 1) else [before, *path]
    at, last = old - 1, new - 1
    while at & 1:
        at, last = at >> 1, last >> 1
    was = now = hashes[0]
    for beside in hashes[1:]:
        if last == 0:
            return False
        if at & 1 or at == last:
            was, now = node(beside, was), node(beside, now)
            while at and not at & 1:
                at, last = at >> 1, last >> 1
        else:
            now = node(now, beside)
        at, last = at >> 1, last >> 1
    return last == 0 and (was, now) == (before, after)


def check_split(content: bytes, given: argparse.Namespace) -> str:
    """The four steps of evidence that a log showed two histories; returns how the second begins instead."""
    body = keys(read_json(content), "schema first second begins_with proof")
    texts = [body["first"], body["second"]]
    if body["schema"] != "detente/split-view/1" or not all(isinstance(text, str) for text in texts):
        malformed("not evidence of a split view")
    first, second = (Checkpoint(text.encode()) for text in texts)
    begins, path = hash_of(body["begins_with"]), [hash_of(text) for text in listed(body["proof"])]
    STEP[0] = 2
    if first.origin != second.origin or not 1 <= first.size <= second.size or len(path) > 64:
        malformed("two logs, or nothing that could differ")
    STEP[0] = 3
    trusted = [public_key(line) for line in given.trust]
    if not (trusted and first.signed_by(trusted) and second.signed_by(trusted)):
        tampered("no trusted key of the log has signed")
    STEP[0] = 4
    if not continues(first.size, second.size, begins, second.root, path) or begins == first.root:
        tampered("this proves nothing against the log")
    return begins.hex()


def check_proof(content: bytes, root: bytes | None, given: argparse.Namespace) -> str:
    """Steps 1 to 7 of a proof that an entry stands in a log."""
    head, gap, below = content.partition(b"\n\n")
    lines = head.decode("ascii", "replace").split("\n")[1:]
    if not gap or len(content) > 1_200_000 or len(lines) > 65 or not head.isascii():
        malformed("not a proof of a log")
    extra = lines.pop(0)[6:] if lines and lines[0].startswith("extra ") else None
    entry = None if extra is None else unbase64(extra)
    index = decimal(lines.pop(0)[6:] if lines and lines[0].startswith("index ") else "")
    path = [unbase64(line) for line in lines]
    if any(len(hashed) != 32 for hashed in path) or len(path) > 63 or len(entry or b"") > 65535:
        malformed("not a proof of a log")
    point = Checkpoint(below)
    point.believed(given)
    STEP[0] = 5
    if entry is None:
        malformed("no entry to prove")
    STEP[0] = 6
    if index >= point.size:
        malformed("no such entry")
    if root_from(sha(b"\x00", entry), index, point.size, path) != point.root:
        tampered("the proof does not lead to the root of the checkpoint")
    STEP[0] = 7
    if root is not None:
        body = read_json(entry) if entry[:1] == b"{" else {}
        if (
            not isinstance(body, dict)
            or body.get("schema") != "detente/log-entry/1"
            or body.get("root") != root.hex()
        ):
            tampered("the entry does not log the root that you gave")
    return point.root.hex()


def packed(path: Path) -> Any:
    """The inside of an archive that holds the files of a log and nothing else; it is never unpacked."""
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        malformed("neither the folder of a log nor its archive")
    entries = archive.infolist()
    tile = r"checkpoint|tile/(entries|[0-9]{1,2})/(x[0-9]{3}/)*[0-9]{3}(\.p/[1-9][0-9]{0,2})?"
    if len({entry.filename for entry in entries}) < len(entries) or len(entries) > 200_000:
        malformed("the archive holds a file twice, or too many")
    for entry in entries:
        link = entry.external_attr >> 28 == 0o12
        if not re.fullmatch(tile, entry.filename) or link or entry.file_size > 256 * 65_537:
            malformed("the archive holds what no log has: a name may lead out of the folder")
    return zipfile.Path(archive)


class Log:
    """A log in a folder or an archive: its checkpoint, its entries, its tiles."""

    def __init__(self, path: Path) -> None:
        self.folder: Any = path if path.is_dir() else packed(path)
        if not (self.folder / "checkpoint").is_file():
            malformed("no log here")
        self.point = Checkpoint(read(self.folder / "checkpoint", 1_000_000))

    def file(self, name: str, number: int, width: int) -> tuple[bytes, int]:
        """A tile or bundle, and how many it holds: a partial one, else the full one in its place."""
        digits = str(number).zfill(-(-len(str(number)) // 3) * 3)
        parts = [digits[at : at + 3] for at in range(0, len(digits), 3)]
        path = "/".join(["tile", name, *("x" + part for part in parts[:-1]), parts[-1]])
        partial = self.folder / f"{path}.p/{width}"
        if width < 256 and partial.is_file():
            return read(partial, 256 * 65_537), width
        if not (self.folder / path).is_file():
            tampered(f"{path} is missing")
        return read(self.folder / path, 256 * 65_537), 256

    def widths(self, level: int) -> list[int]:
        """How many hashes each tile of a level holds; all but the last hold 256."""
        full, rest = divmod(self.point.size >> 8 * level, 256)
        return [256] * full + ([rest] if rest else [])

    def hashes(self, level: int) -> list[bytes]:
        """All hashes of one level of tiles."""
        found: list[bytes] = []
        for number, width in enumerate(self.widths(level)):
            content, held = self.file(str(level), number, width)
            if len(content) != 32 * held:
                tampered(f"tile {level}/{number} was truncated")
            found += [content[at : at + 32] for at in range(0, 32 * width, 32)]
        return found

    def entries(self) -> Iterator[bytes]:
        """All entries, each after its length in two bytes."""
        for number, width in enumerate(self.widths(0)):
            content, held = self.file("entries", number, width)
            at = 0
            for place in range(held):
                end = at + 2 + int.from_bytes(content[at : at + 2], "big")
                if at + 2 > len(content) or end > len(content):
                    tampered("a bundle was cut short")
                if place < width:
                    yield content[at + 2 : end]
                at = end
            if at != len(content):
                tampered("a bundle holds more than its entries")

    def fsck(self, given: argparse.Namespace) -> str:
        """The five steps of fsck."""
        if not self.point.size:
            malformed("the log is empty: nothing would be checked")
        STEP[0] = 2
        trusted = [public_key(line) for line in given.trust]
        if trusted and not self.point.signed_by(trusted):
            tampered("no trusted key of the log has signed")
        STEP[0] = 3
        leaves = self.hashes(0)
        for entry, wanted in zip(self.entries(), leaves, strict=True):
            if sha(b"\x00", entry) != wanted:
                tampered("an entry is not the one that was logged")
        STEP[0] = 4
        below, level = leaves, 1
        while self.point.size >> 8 * level:
            above = self.hashes(level)
            if any(tree(below[n * 256 : n * 256 + 256]) != hashed for n, hashed in enumerate(above)):
                tampered("a hash of a tile is not the root of the tile below it")
            below, level = above, level + 1
        STEP[0] = 5
        if tree(leaves) != self.point.root:
            tampered("the tiles do not lead to the root of the checkpoint")
        return self.point.root.hex()


def compare(first: Log, other: Path, given: argparse.Namespace) -> str:
    """Whether the shorter history is the beginning of the longer."""
    whole = other.is_dir() or zipfile.is_zipfile(other)
    second = Log(other) if whole else None
    one, two = first.point, second.point if second else Checkpoint(read(other, 1_000_000))
    STEP[0] = 2
    if one.origin != two.origin:
        malformed("two different logs")
    STEP[0] = 3
    trusted = [public_key(line) for line in given.trust]
    if trusted and not (one.signed_by(trusted) and two.signed_by(trusted)):
        tampered("no trusted key of the log has signed")
    STEP[0] = 4
    leaves = first.hashes(0)
    others = second.hashes(0) if second else leaves
    if tree(leaves) != one.root or (second and tree(others) != two.root):
        tampered("the tiles do not lead to the root of the checkpoint")
    STEP[0] = 5
    if not second and two.size > one.size:
        tampered("the log was rolled back behind a checkpoint of its own")
    longer = leaves if one.size >= two.size else others
    if tree(longer[: min(one.size, two.size)]) != (two.root if one.size >= two.size else one.root):
        tampered("two histories of one log")
    return one.root.hex()


def envelope(path: Path, given: argparse.Namespace) -> str:
    """The six steps of a signed file."""
    note, content = Note(read(given.paths[-1], 1_000_000)), read(path)
    form = (
        r"detente/envelope/1\nfrom (\S+)\nto (\S+)\nsequence ([1-9][0-9]{0,15})\nprevious ([0-9a-f]{64})\n"
        r"content ([0-9a-f]{64}) (0|[1-9][0-9]{0,15})\n"
    )
    found = re.fullmatch(form, note.text) or malformed("not an envelope")
    if not key_name(found[1]) or not key_name(found[2]):
        malformed("not the name of a party")
    STEP[0] = 2
    signed = note.signed_by([public_key(line) for line in given.trust])
    if not signed:
        tampered("no pinned key has signed")
    STEP[0] = 3
    if found[1] not in signed:
        tampered("the sender has not signed")
    STEP[0] = 4
    if found[2] != given.to:
        tampered("it is for somebody else")
    STEP[0] = 5
    if (int(found[3]), found[4]) != (given.sequence, given.previous):
        tampered("not the envelope that is awaited: sent again, left out, or in another order")
    STEP[0] = 6
    if (sha(content).hex(), len(content)) != (found[5], int(found[6])):
        tampered("not the file that was signed")
    return found[5]


def read(path: Any, most: int = MOST_BYTES) -> bytes:
    """The bytes of a file that is not too large."""
    with path.open("rb") as file:
        content: bytes = file.read(most + 1)
    return content if len(content) <= most else malformed("the file is too large")


def check_file(path: Path, given: argparse.Namespace) -> str:
    """The root of a file that holds, by what it begins with."""
    content = read(path)
    root = None if given.root is None else hash_of(given.root.lower())
    if content.startswith(b"c2sp.org/tlog-proof@v1"):
        return check_proof(content, root, given)
    if content.lstrip()[:1] in {b"{", b"["}:
        return check_reveal(content, root)
    point = Checkpoint(content)
    point.believed(given)
    return point.root.hex()


def main() -> int:
    """Run one check and say how it ended."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("what", choices=["verify", "fsck", "compare", "envelope", "split"])
    parser.add_argument("paths", nargs="+", type=Path)
    for option in ("--root", "--origin", "--to"):
        parser.add_argument(option)
    parser.add_argument("--sequence", type=int, default=1)
    parser.add_argument("--previous", default="0" * 64)
    for option in ("--trust", "--cosigner"):
        parser.add_argument(option, action="append", default=[])
    given = parser.parse_args()
    for path in given.paths if given.what == "verify" else given.paths[:1]:
        STEP[0] = 1
        try:
            if given.what == "verify":
                root = check_file(path, given)
            elif given.what == "fsck":
                root = Log(path).fsck(given)
            elif given.what == "envelope":
                root = envelope(path, given)
            elif given.what == "split":
                root = check_split(read(path), given)
            else:
                root = compare(Log(path), given.paths[-1], given)
        except (Verdict, OSError, zipfile.BadZipFile) as found:
            sys.stderr.write(f"{path.name}: {found}\n")
            return found.code if isinstance(found, Verdict) else 2
        compared = "" if given.root else " (consistent with its own root, which was not compared with yours)"
        sys.stdout.write(f"{path.name}: {root}{compared if given.what == 'verify' else ''}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())

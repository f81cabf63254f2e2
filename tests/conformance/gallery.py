"""What hangs in the museum: honest files, and each forgery beside the step that must find it.

An exhibit is a call that both verifiers understand (`verify`, `fsck`, `compare`, `envelope`), with the exit
code and the number of the step that are expected of both.
"""

import copy
import json
import warnings
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from detente.escrow.checkpoint import Checkpoint, cosign, sign_checkpoint
from detente.escrow.declaration import Declaration, Sealed, as_text, seal
from detente.escrow.envelope import Awaited, after, parse_envelope, seal_envelope
from detente.escrow.keys import SigningKey
from detente.escrow.log import Log
from detente.escrow.log_entries import entry_of
from detente.escrow.merkle import leaf_hash, node_hash
from detente.escrow.notes import COSIGNED, Note, Signature, Verifier
from detente.escrow.proofs import LogProof
from detente.escrow.reveal import Wish, reveal, reveal_everything

SITES: dict[str, list[dict[str, Any]]] = {
    "Alpha": [{"type": "T-1", "id": "a1", "deployed": "1"}, {"type": "T-2", "id": "a2", "deployed": "0"}],
    "Bravo": [{"type": "T-1", "id": "b1", "deployed": "1"}],
    "Charlie": [{"type": "T-9", "id": f"c{n}", "warheads": n} for n in range(5)],
}
LOG_KEY = SigningKey("log.example/treaty", bytes(range(32)))
PARTY = SigningKey("party-b.example", bytes(range(1, 33)))
WITNESS = SigningKey("witness.example", bytes(range(2, 34)))
STRANGER = SigningKey("log.example/treaty", bytes(range(3, 35)))
TIME = 1_300_000_000


@dataclass(frozen=True)
class Exhibit:
    """One call of a verifier, and how it must end; `step` is the one that fails, 0 where none does."""

    name: str
    call: list[str]
    code: int
    step: int = 0


def sealed() -> Sealed:
    """A small declaration under a fixed seed."""
    return seal(Declaration(SITES, {"title": "An example"}), seed=bytes(range(100, 132)))


class Museum:
    """Writes exhibits into a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.exhibits: list[Exhibit] = []
        self.sealed = sealed()
        self.root = self.sealed.root.hex()

    def file(self, name: str, content: bytes | Note | dict[str, Any]) -> str:
        """A file of the museum, by its path."""
        path = self.folder / name
        path.write_bytes(as_text(content) if isinstance(content, dict) else bytes(content))
        return str(path)

    def hang(self, name: str, code: int, step: int, *call: str) -> None:
        """One more exhibit."""
        self.exhibits.append(Exhibit(name, list(call), code, step))

    def reveal(self, name: str, code: int, step: int, body: Any, *, root: bool = True) -> None:
        """A reveal or commitment, checked against the root."""
        path = self.file(f"{len(self.exhibits)}.json", body)
        self.hang(name, code, step, "verify", path, *(["--root", self.root] if root else []))

    def bent(self, name: str, code: int, step: int, body: Any, *bends: Callable[[Any], object]) -> None:
        """A reveal that somebody changed."""
        changed = copy.deepcopy(body)
        for bend in bends:
            bend(changed)
        self.reveal(name, code, step, changed)


def build(folder: Path) -> list[Exhibit]:
    """The whole museum."""
    museum = Museum(folder)
    honest_reveals(museum)
    forged_reveals(museum)
    malformed_reveals(museum)
    log = honest_log(museum)
    forged_logs(museum, log)
    forged_proofs(museum, log)
    envelopes(museum)
    archives(museum, log)
    return museum.exhibits


def honest_reveals(museum: Museum) -> None:
    made = museum.sealed
    museum.reveal("the commitment", 0, 0, made.commitment)
    museum.reveal("a site", 0, 0, reveal(made, [Wish("Alpha")]))
    museum.reveal("two sites", 0, 0, reveal(made, [Wish("bravo"), Wish(" CHARLIE ")]))
    museum.reveal("an entry", 0, 0, reveal(made, [Wish("Charlie", 2)]))
    museum.reveal("a field", 0, 0, reveal(made, [Wish("Charlie", 5, ("warheads",))]))
    museum.reveal("two fields", 0, 0, reveal(made, [Wish("Alpha", 1, ("type", "id"))]))
    museum.reveal("an absence", 0, 0, reveal(made, [], ["Delta"]))
    museum.reveal("an absence beside a site", 0, 0, reveal(made, [Wish("Bravo")], ["Delta"]))
    museum.reveal("everything", 0, 0, reveal_everything(made))
    museum.reveal("a site, no root given", 0, 0, reveal(made, [Wish("Alpha")]), root=False)
    other = next(f"Site {n}" for n in range(10**6) if in_the_place_of(made, f"Site {n}"))
    museum.reveal("an absence where another stands", 0, 0, reveal(made, [], [other]))


def in_the_place_of(made: Sealed, name: str) -> bool:
    """Whether a name that is not declared has the place of one that is."""
    return made.header.place_of_site(name) in {made.header.place_of_site(site) for site in SITES}


def site(body: Any) -> Any:
    """The first opened site of a reveal."""
    return body["sites"][0]


def forged_reveals(museum: Museum) -> None:
    made = museum.sealed
    whole, entry = reveal(made, [Wish("Alpha")]), reveal(made, [Wish("Alpha", 1)])
    field, two = reveal(made, [Wish("Alpha", 1, ("id",))]), reveal(made, [Wish("Alpha", 1, ("type", "id"))])
    everything, absence = reveal_everything(made), reveal(made, [], ["Delta"])
    museum.bent("a changed value", 1, 6, whole, lambda b: site(b)["entries"][0].update(deployed="0"))
    museum.bent("swapped leaves: two entries", 1, 6, whole, lambda b: site(b)["entries"].reverse())
    museum.bent("an entry left out", 1, 6, whole, lambda b: site(b)["entries"].pop())
    museum.bent("an entry added", 1, 6, whole, lambda b: site(b)["entries"].append({"id": "x"}))
    museum.bent(
        "an entry moved",
        1,
        6,
        entry,
        lambda b: site(b)["opened"][0].update(place=0 if site(b)["opened"][0]["place"] else 1),
    )
    museum.bent("a field hidden", 1, 6, entry, lambda b: site(b)["opened"][0]["fields"].pop("id"))
    museum.bent("a changed field", 1, 6, field, lambda b: site(b)["opened"][0]["fields"].update(id="a9"))

    def swap(body: Any) -> None:
        opened = site(body)["opened"][0]["openings"]
        opened["type"], opened["id"] = opened["id"], opened["type"]

    museum.bent("swapped leaves: two fields", 1, 5, two, swap)

    def one_salt(body: Any) -> None:
        opened = site(body)["opened"][0]["openings"]
        opened["type"]["salt"] = opened["id"]["salt"]

    museum.bent("a reused salt", 1, 5, two, one_salt)
    museum.bent("a site under another name", 1, 6, whole, lambda b: site(b).update(site="Bravo"))
    museum.bent("everything but one site", 1, 6, everything, lambda b: b["everything"].pop())
    museum.bent("everything with another seed", 1, 6, everything, lambda b: b.update(seed="00" * 32))
    museum.bent("another title", 1, 6, whole, lambda b: b["header"]["content"].update(title="Another"))
    museum.bent("another nonce", 1, 6, absence, lambda b: b["header"]["content"].update(nonce="00" * 16))
    museum.bent("another salt of the header", 1, 6, whole, lambda b: b["header"].update(salt="00" * 32))
    museum.bent("another root", 1, 6, whole, lambda b: b.update(root="00" * 32))
    other = seal(Declaration(SITES), seed=bytes(32))
    museum.reveal("a sound reveal of another declaration", 1, 7, reveal(other, [Wish("Alpha")]))
    museum.bent(
        "two declarations in one file", 1, 5, reveal(made, [Wish("Alpha"), Wish("Bravo")]),
        lambda b: b["sites"].__setitem__(1, reveal(other, [Wish("Bravo")])["sites"][0]),
    )  # fmt: skip
    declared = {
        "site": "Alpha",
        "stands_here": None,
        "salt": "00" * 32,
        "rest": "00" * 32,
        "path": site(whole)["path"],
    }
    museum.bent("a declared site said to be absent", 1, 6, absence, lambda b: b.update(absent=[declared]))
    museum.bent(
        "an absent site that stands there",
        1,
        4,
        absence,
        lambda b: b["absent"][0].update(stands_here="DELTA"),
    )
    museum.bent(
        "an absence shown at another place", 1, 6, absence, lambda b: b["absent"][0].update(site="Echo")
    )
    museum.bent("a wrong domain byte", 1, 6, whole, lambda b: b.update(root=wrong_domain(made).hex()))


def wrong_domain(made: Sealed) -> bytes:
    """The root that comes out where the last node is hashed as if it were a leaf."""
    return leaf_hash(made.header.leaf(made.header_salt) + made.rows[-1][0])


def malformed_reveals(museum: Museum) -> None:
    made = museum.sealed
    whole, entry = reveal(made, [Wish("Alpha")]), reveal(made, [Wish("Alpha", 1)])
    museum.bent("nothing opened", 2, 3, whole, lambda b: b.update(sites=[]))
    museum.bent("no entry opened", 2, 2, entry, lambda b: site(b).update(opened=[]))
    museum.bent("an unknown key", 2, 1, whole, lambda b: b.update(note="x"))
    museum.bent("an unknown schema", 2, 1, whole, lambda b: b.update(schema="detente/reveal/2"))
    museum.bent("a key missing", 2, 2, whole, lambda b: site(b).pop("path"))
    museum.bent("a short path", 2, 2, whole, lambda b: site(b)["path"].pop())
    museum.bent("a long path", 2, 2, whole, lambda b: site(b)["path"].append("00" * 32))
    museum.bent("capital digits", 2, 1, whole, lambda b: b.update(root=b["root"].upper()))
    museum.bent("a short hash", 2, 2, whole, lambda b: site(b).update(seed="00"))
    museum.bent("a place that is not there", 2, 2, entry, lambda b: site(b)["opened"][0].update(place=256))
    museum.bent("a place that is no number", 2, 2, entry, lambda b: site(b)["opened"][0].update(place=True))
    museum.bent("an empty name", 2, 2, whole, lambda b: site(b).update(site=" "))
    museum.bent("an empty entry", 2, 2, whole, lambda b: site(b)["entries"].append({}))
    museum.bent("a site opened twice", 2, 2, whole, lambda b: b["sites"].append(site(b)))
    for key, value in (("sites", 8), ("entries", True), ("fields", "32")):
        odd = copy.deepcopy(whole)
        odd["header"]["content"]["places"][key] = value
        museum.reveal(f"odd places of {key}", 2, 2, odd)
    oversized(museum, whole, entry)
    raw = json.dumps(whole)
    for name, text in (
        ("a key twice", raw.replace('"absent"', '"sites": [], "absent"')),
        ("a floating-point number", raw.replace('"absent": []', '"absent": [1.5]')),
        ("a number beyond all", raw.replace('"absent": []', f'"absent": [{2**53}]')),
        ("not a number", raw.replace('"absent": []', '"absent": [NaN]')),
        ("too deep", raw.replace('"absent": []', '"absent": ' + "[" * 40 + "]" * 40)),
        ("cut short", raw[:-40]),
        ("a lone surrogate", raw.replace("T-1", "\\ud800")),
        ("something after it", raw + "{}"),
        ("a list", "[]"),
    ):
        museum.reveal(name, 2, 1, text.encode())
    museum.reveal("not UTF-8", 2, 1, raw.encode().replace(b"T-1", b"\xff\xfe\xfd"))


def oversized(museum: Museum, whole: Any, entry: Any) -> None:
    """Headers that no declaration has, and more of something than there are places."""
    everything = reveal_everything(museum.sealed)
    two = reveal(museum.sealed, [Wish("Alpha", 1, ("type", "id"))])

    def openings(body: Any) -> Any:
        return site(body)["opened"][0]["openings"]

    def header(body: Any) -> Any:
        return body["header"]["content"]

    museum.bent("a header of another kind", 2, 2, whole, lambda b: header(b).update(schema="x"))
    museum.bent("a header with another key", 2, 2, whole, lambda b: header(b).update(note="x"))
    museum.bent("a title that is too long", 2, 2, whole, lambda b: header(b).update(title="x" * 401))
    museum.bent("a title that is no text", 2, 2, whole, lambda b: header(b).update(title=["x"]))
    museum.bent("an odd nonce", 2, 2, whole, lambda b: header(b).update(nonce="0"))
    museum.bent("an odd number of kinds of places", 2, 2, whole, lambda b: header(b)["places"].update(rows=4))
    many = [{"site": f"s{n}", "entries": []} for n in range(1000)]
    museum.bent("two sites in one place", 2, 2, everything, lambda b: b.update(everything=many))
    museum.bent("no site at all", 2, 2, everything, lambda b: b.update(everything=[]))
    museum.bent("a site without entries", 2, 2, everything, lambda b: b["everything"][0].pop("entries"))
    museum.bent("a site declared twice", 2, 2, everything, lambda b: b["everything"].extend(b["everything"]))
    spelt = {"site": "ALPHA", "entries": []}
    museum.bent("two spellings of a site", 2, 2, everything, lambda b: b["everything"].append(spelt))
    museum.bent(
        "hours of work", 2, 2, everything,
        lambda b: (header(b)["places"].update(entries=65536), b.update(everything=many[:600])),
    )  # fmt: skip
    full = {f"f{n}": n for n in range(60)}
    museum.bent("two fields in one place", 2, 2, entry, lambda b: site(b)["opened"][0].update(fields=full))
    museum.bent("more entries than places", 2, 2, whole, lambda b: site(b).update(entries=[{"x": 1}] * 257))
    museum.bent("a field without its opening", 2, 2, two, lambda b: openings(b).pop("id"))
    museum.bent(
        "a field with half an opening",
        2,
        2,
        two,
        lambda b: openings(b)["id"].pop("salt"),
    )
    museum.bent("an entry that is no table", 2, 2, two, lambda b: site(b).update(opened=["x"]))
    museum.bent("entries that are no list", 2, 2, two, lambda b: site(b).update(opened={}))
    museum.bent("a name that is no text", 2, 2, whole, lambda b: site(b).update(site=7))


def add(log: Log, *texts: str, corrects: int | None = None) -> None:
    """Log notifications, or a correction."""
    log.append([entry_of(json.dumps({"text": text}).encode(), corrects=corrects) for text in texts], LOG_KEY)


def trust(*keys: Verifier) -> list[str]:
    """The options that name public keys of a log."""
    return [word for key in keys for word in ("--trust", key.vkey)]


TRUST = trust(LOG_KEY.verifier())


def honest_log(museum: Museum) -> Log:
    log = Log.create(museum.folder / "log", "log.example/treaty", LOG_KEY)
    museum.hang("an empty log", 2, 1, "fsck", str(empty_log(museum)), *TRUST)
    log.append([entry_of(as_text(museum.sealed.commitment))], LOG_KEY)
    add(log, *(f"notification {n}" for n in range(300)))
    museum.file("old-checkpoint", log.note)
    add(log, "notification 3 was wrong", corrects=4)
    add(log, "one more")
    museum.file("checkpoint", log.note)
    museum.hang("an honest log", 0, 0, "fsck", str(log.folder), *TRUST)
    museum.hang("an honest log, no key given", 0, 0, "fsck", str(log.folder))
    museum.hang(
        "a log and its older checkpoint",
        0,
        0,
        "compare",
        str(log.folder),
        str(museum.folder / "old-checkpoint"),
        *TRUST,
    )
    (museum.folder / "nothing").mkdir()
    museum.hang("a folder that is no log", 2, 1, "fsck", str(museum.folder / "nothing"))
    lagging = copied(museum, log, "lagging")
    (lagging / "checkpoint").write_bytes((museum.folder / "old-checkpoint").read_bytes())
    for partial in lagging.rglob("*.p"):
        for path in partial.iterdir():
            path.unlink()
    grown = Log.create(museum.folder / "grown", "log.example/treaty", LOG_KEY)
    grown.append([b"%d" % n for n in range(200)], LOG_KEY)
    early = bytes(grown.note)
    grown.append([b"%d" % n for n in range(200, 300)], LOG_KEY)
    (grown.folder / "checkpoint").write_bytes(early)
    museum.hang("a checkpoint whose partial tiles are full by now", 0, 0, "fsck", str(grown.folder), *TRUST)
    museum.hang("a checkpoint whose partial tiles are gone", 1, 3, "fsck", str(lagging), *TRUST)
    museum.hang("a log and itself", 0, 0, "compare", str(log.folder), str(log.folder))
    return log


def empty_log(museum: Museum) -> Path:
    return Log.create(museum.folder / "empty", "log.example/treaty", LOG_KEY).folder


def another_log(
    museum: Museum, name: str, texts: list[str], key: SigningKey = LOG_KEY, origin: str = "log.example/treaty"
) -> Log:
    """A log that tells another story under the same name."""
    log = Log.create(museum.folder / name, origin, key)
    log.append([entry_of(as_text(museum.sealed.commitment))], key)
    log.append([entry_of(json.dumps({"text": text}).encode()) for text in texts], key)
    return log


def copied(museum: Museum, log: Log, name: str) -> Path:
    """A copy of a log, for damage."""
    target = museum.folder / name
    for path in log.folder.rglob("*"):
        if path.is_file():
            to = target / path.relative_to(log.folder)
            to.parent.mkdir(parents=True, exist_ok=True)
            to.write_bytes(path.read_bytes())
    return target


def forged_logs(museum: Museum, log: Log) -> None:
    told = [f"notification {n}" for n in range(300)]
    same_size = another_log(museum, "split", [*told, "another past", "one more"])
    museum.hang(
        "equivocation: two histories of one size",
        1,
        5,
        "compare",
        str(log.folder),
        str(same_size.folder),
        *TRUST,
    )
    museum.hang(
        "equivocation: a log and a checkpoint",
        1,
        5,
        "compare",
        str(same_size.folder),
        str(museum.folder / "checkpoint"),
        *TRUST,
    )
    dropped = another_log(museum, "dropped", [*told, "one more", "and more", "and more again"])
    museum.hang("a dropped correction", 1, 5, "compare", str(dropped.folder), str(log.folder), *TRUST)
    short = another_log(museum, "short", told)
    museum.hang("a log and a longer copy", 0, 0, "compare", str(short.folder), str(log.folder), *TRUST)
    museum.hang(
        "rollback behind a checkpoint",
        1,
        5,
        "compare",
        str(short.folder),
        str(museum.folder / "checkpoint"),
        *TRUST,
    )
    other = another_log(museum, "other", told, origin="other.example/log")
    museum.hang("two different logs", 2, 2, "compare", str(log.folder), str(other.folder))
    stranger = another_log(museum, "stranger", told, key=STRANGER)
    museum.hang("a log signed by another key of its name", 1, 2, "fsck", str(stranger.folder), *TRUST)
    museum.hang(
        "a copy signed by another key of its name",
        1,
        3,
        "compare",
        str(log.folder),
        str(stranger.folder),
        *TRUST,
    )
    for name, path, step, change in (
        ("a truncated tile", "tile/0/000", 3, lambda b: b[:-1]),
        ("a tile cut by one hash", "tile/0/001.p/47", 3, lambda b: b[:-32]),
        ("a changed hash of a tile", "tile/0/000", 3, lambda b: b[:-1] + bytes([b[-1] ^ 1])),
        ("a changed hash of a higher tile", "tile/1/000.p/1", 4, lambda b: bytes([b[0] ^ 1]) + b[1:]),
        ("a changed entry", "tile/entries/000", 3, lambda b: b.replace(b"notification 3", b"notification 8")),
        ("a truncated bundle", "tile/entries/001.p/47", 3, lambda b: b[:-1]),
        ("a bundle with something after it", "tile/entries/001.p/47", 3, lambda b: b + b"\0\0"),
        ("an entry longer than its bundle", "tile/entries/000", 3, lambda b: b"\xff\xff" + b[2:]),
        ("a missing tile", "tile/0/000", 3, lambda _: None),
        ("a missing bundle", "tile/entries/000", 3, lambda _: None),
    ):  # fmt: skip
        damaged = copied(museum, log, name.replace(" ", "-"))
        changed = change((damaged / path).read_bytes())
        if changed is None:
            (damaged / path).unlink()
        else:
            (damaged / path).write_bytes(changed)
        museum.hang(name, 1, step, "fsck", str(damaged), *TRUST)
    false_root = copied(museum, log, "false-root")
    (false_root / "checkpoint").write_bytes(
        bytes(sign_checkpoint(Checkpoint(log.checkpoint.origin, log.size, bytes(32)), LOG_KEY))
    )
    museum.hang("a signed root that the tiles do not have", 1, 5, "fsck", str(false_root), *TRUST)
    museum.hang(
        "a compared root that the tiles do not have",
        1,
        4,
        "compare",
        str(false_root),
        str(log.folder),
        *TRUST,
    )
    domain = copied(museum, log, "domain")
    leaves = (domain / "tile/0/000").read_bytes()
    held = (domain / "tile/entries/000").read_bytes()
    first = held[2 : 2 + int.from_bytes(held[:2], "big")]
    (domain / "tile/0/000").write_bytes(node_hash(first, b"") + leaves[32:])
    museum.hang("a wrong domain byte in a log", 1, 3, "fsck", str(domain), *TRUST)


def forged_proofs(museum: Museum, log: Log) -> None:
    proof = log.prove(0)
    cosigned = cosign(cosign(proof.note, PARTY, TIME), WITNESS, TIME + 1)
    cosigners = [word for key in (PARTY, WITNESS) for word in ("--cosigner", key.cosigner_vkey)]
    whole = LogProof(proof.index, proof.hashes, cosigned, proof.entry)
    serial = iter(range(1000))

    def hang(name: str, code: int, step: int, content: Any, *more: str) -> None:
        museum.hang(name, code, step, "verify", museum.file(f"proof-{next(serial)}", content), *more)

    hang(
        "a proof",
        0,
        0,
        bytes(whole),
        *TRUST,
        *cosigners,
        "--origin",
        "log.example/treaty",
        "--root",
        museum.root,
    )
    hang("a proof, nothing given", 0, 0, bytes(proof))
    hang("a checkpoint", 0, 0, cosigned, *TRUST, *cosigners)
    hang("a checkpoint, nothing given", 0, 0, cosigned)
    hang("a proof of another origin", 1, 2, bytes(whole), *TRUST, "--origin", "other.example/log")
    hang("nobody who is trusted has signed", 1, 3, bytes(whole), *trust(STRANGER.verifier()))
    hang("a cosigner is missing", 1, 4, bytes(proof), *TRUST, *cosigners)
    hang("a cosigner, and no log", 2, 3, bytes(whole), *cosigners)
    hang("a proof of no entry", 2, 5, bytes(LogProof(0, proof.hashes, proof.note)), *TRUST)
    hang("another entry", 1, 6, bytes(LogProof(0, proof.hashes, proof.note, b"another")), *TRUST)
    hang("another index", 1, 6, bytes(LogProof(1, proof.hashes, proof.note, proof.entry)), *TRUST)
    hang(
        "an index beyond the log",
        2,
        6,
        bytes(LogProof(log.size, proof.hashes, proof.note, proof.entry)),
        *TRUST,
    )
    hang("a short proof", 1, 6, bytes(LogProof(0, proof.hashes[:-1], proof.note, proof.entry)), *TRUST)
    hang(
        "a long proof", 1, 6, bytes(LogProof(0, (*proof.hashes, bytes(32)), proof.note, proof.entry)), *TRUST
    )
    pair = leaf_hash(log.entry(0)) + leaf_hash(log.entry(1))
    hang("a node sold as an entry", 1, 6, bytes(LogProof(0, proof.hashes[1:], proof.note, pair)), *TRUST)
    hang("an entry of another root", 1, 7, bytes(whole), *TRUST, "--root", "11" * 32)
    hang("an entry without a root", 1, 7, bytes(log.prove(3)), *TRUST, "--root", museum.root)
    hang("a signature changed", 1, 3, bent_signature(proof.note), *TRUST)
    hang(
        "a text changed below its signature", 1, 3, bytes(proof.note).replace(b"\n303\n", b"\n302\n"), *TRUST
    )
    confused = PARTY.sign(proof.note.text)
    wrong = Signature(PARTY.name, PARTY.verifier(COSIGNED).key_id, bytes(8) + confused.value)
    hang(
        "a confused key: a plain signature as a cosignature",
        1,
        4,
        proof.note.with_signature(wrong),
        *TRUST,
        *cosigners[:2],
    )
    cut = Signature(PARTY.name, PARTY.verifier(COSIGNED).key_id, confused.value)
    hang("a confused key: without the time", 1, 4, proof.note.with_signature(cut), *TRUST, *cosigners[:2])
    stolen = cosigned.signatures[-1]
    moved = Signature(PARTY.name, PARTY.verifier(COSIGNED).key_id, stolen.value)
    hang(
        "a confused key: a witness's cosignature under another name",
        1,
        4,
        proof.note.with_signature(moved),
        *TRUST,
        *cosigners[:2],
    )
    late = SigningKey("quantum.example", bytes(range(4, 36)), "ml-dsa-44")
    safe = cosign(proof.note, late, TIME)
    hang("a cosignature for the time after quantum computers", 0, 0, safe, *TRUST, "--cosigner", late.vkey)
    bent = Note(safe.text, (*safe.signatures[:1], *bent_signature(Note("", safe.signatures[1:])).signatures))
    hang("a forged one of those", 1, 4, bent, *TRUST, "--cosigner", late.vkey)
    hang("a proof of a late entry", 0, 0, bytes(log.prove(300)), *TRUST)
    hang("a proof of an entry with a low neighbour", 0, 0, bytes(log.prove(256)), *TRUST)
    hang("a proof of the last entry", 0, 0, bytes(log.prove(log.size - 1)), *TRUST)
    hang("a hash of another length", 2, 1, bytes(proof).replace(b"index 0\n", b"index 0\nAAAA\n"), *TRUST)
    hang("a proof in other letters", 2, 1, bytes(proof).replace(b"index 0", "index ٠".encode()), *TRUST)
    name, _, material = LOG_KEY.vkey.split("+", 2)
    hang("a key whose ID is not its own", 2, 1, bytes(proof), "--trust", f"{name}+00000000+{material}")
    text = bytes(proof.note).decode()
    for name, content in (
        ("a control character", text.replace("log.example", "log\texample", 1)),
        ("a leading zero", text.replace("\n303\n", "\n0303\n")),
        ("a size in other digits", text.replace("\n303\n", "\n٣٠٣\n")),
        ("no signature", text.partition("\n\n")[0] + "\n"),
        ("an empty line in a checkpoint", text.replace("\n303\n", "\n\n303\n")),
        ("a signature that is not base64", text[:-2] + "*\n"),
        ("base64 with spare bits", text[:-3] + chr(ord(text[-3]) + 1) + "=\n"),
        ("a root of another length", text.replace(text.split("\n")[2], "AAAA")),
        ("nothing at all", ""),
    ):
        hang(name, 2, 1, content.encode())
    hang("a note that is not UTF-8", 2, 1, b"\xff" + bytes(proof.note))
    line = text.splitlines()[-1] + "\n"
    hang("a note with too many signatures", 2, 1, (text + line * 64).encode())
    hang("a proof without a line of its index", 2, 1, bytes(proof).replace(b"index 0\n", b""))
    hang("a proof with an odd index", 2, 1, bytes(proof).replace(b"index 0\n", b"index 00\n"))


def bent_signature(note: Note) -> Note:
    """A note whose signature has one bit changed."""
    entry = note.signatures[0]
    value = entry.value[:-1] + bytes([entry.value[-1] ^ 1])
    return Note(note.text, (Signature(entry.name, entry.key_id, value),))


def envelopes(museum: Museum) -> None:
    first, second = b"first file", b"second file"
    one = seal_envelope(first, PARTY, "party-a.example", Awaited())
    follows = after(parse_envelope(one.text))
    two = seal_envelope(second, PARTY, "party-a.example", follows)
    paths = {name: museum.file(name, content) for name, content in (
        ("first", first), ("second", second), ("one.envelope", one), ("two.envelope", two),
    )}  # fmt: skip
    known, to = trust(PARTY.verifier()), ["--to", "party-a.example"]
    then = ["--sequence", "2", "--previous", follows.previous.hex()]

    def hang(name: str, code: int, step: int, file: str, envelope: str, *more: str) -> None:
        museum.hang(name, code, step, "envelope", paths[file], paths[envelope], *more)

    hang("a signed file", 0, 0, "first", "one.envelope", *known, *to)
    hang("the next signed file", 0, 0, "second", "two.envelope", *known, *to, *then)
    hang("a replayed envelope", 1, 5, "first", "one.envelope", *known, *to, *then)
    hang("an envelope left out", 1, 5, "second", "two.envelope", *known, *to)
    hang("an envelope after another past", 1, 5, "second", "two.envelope", *known, *to, "--sequence", "2")
    hang("an envelope for somebody else", 1, 4, "first", "one.envelope", *known, "--to", "party-c.example")
    hang("an envelope around another file", 1, 6, "second", "one.envelope", *known, *to)
    hang("an envelope of an unknown key", 1, 2, "first", "one.envelope", *trust(WITNESS.verifier()), *to)
    posing = WITNESS.signed(one.text)
    paths["posing.envelope"] = museum.file("posing.envelope", posing)
    hang(
        "an envelope signed by another than its sender",
        1,
        3,
        "first",
        "posing.envelope",
        *trust(WITNESS.verifier()),
        *to,
    )
    plus = PARTY.signed(one.text.replace("party-a.example", "party+a"))
    paths["plus.envelope"] = museum.file("plus.envelope", plus)
    hang("an envelope for a name that no key has", 2, 1, "first", "plus.envelope", *known, *to)
    paths["odd.envelope"] = museum.file("odd.envelope", PARTY.signed("hello\n"))
    hang("a note that is no envelope", 2, 1, "first", "odd.envelope", *known, *to)


def archives(museum: Museum, log: Log) -> None:
    from detente.escrow.archive import pack

    pack(log.folder, museum.folder / "log.zip")
    museum.hang("an archive of a log", 0, 0, "fsck", str(museum.folder / "log.zip"), *TRUST)
    museum.hang(
        "an archive beside its folder",
        0,
        0,
        "compare",
        str(museum.folder / "log.zip"),
        str(log.folder),
        *TRUST,
    )
    for number, (name, extra) in enumerate(crooked_entries()):
        path = museum.folder / f"crooked-{number}.zip"
        path.write_bytes((museum.folder / "log.zip").read_bytes())
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr(*extra)
        museum.hang(name, 2, 1, "fsck", str(path), *TRUST)
    twice = museum.folder / "twice.zip"
    twice.write_bytes((museum.folder / "log.zip").read_bytes())
    with warnings.catch_warnings(), zipfile.ZipFile(twice, "a") as archive:
        warnings.simplefilter("ignore")
        archive.writestr(zipfile.ZipInfo("checkpoint"), b"another")
    museum.hang("an archive with two checkpoints", 2, 1, "fsck", str(twice), *TRUST)
    museum.hang(
        "an archive that is none", 2, 1, "fsck", museum.file("none.zip", b"PK\3\4 and nothing"), *TRUST
    )


def crooked_entries() -> Iterator[tuple[str, tuple[zipfile.ZipInfo, bytes]]]:
    """Names and contents that no archive of a log may have."""
    for name in (
        "../../evil",
        "/etc/evil",
        "tile/0/../../../evil",
        "tile\\0\\evil",
        "C:/evil",
        "tile/0/000/",
    ):
        yield f"path traversal in an archive: {name}", (zipfile.ZipInfo(name), b"evil")
    link = zipfile.ZipInfo("tile/9/000")
    link.external_attr = 0o120777 << 16
    yield "a link in an archive", (link, b"../../evil")
    yield "a bomb in an archive", (zipfile.ZipInfo("tile/9/001"), bytes(256 * 65_537 + 1))

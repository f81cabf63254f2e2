"""Sealing a declaration, opening parts of it, checking what the other side opens; the log of all of that."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from detente.escrow.archive import open_log, pack
from detente.escrow.canonical import LARGEST_FILE, canonical
from detente.escrow.checkpoint import SignedCheckpoint, cosign, open_checkpoint, parse_checkpoint
from detente.escrow.declaration import Declaration, as_text, load_sealed, save_sealed
from detente.escrow.declaration import seal as seal_declaration
from detente.escrow.disk import read_bounded, write_whole
from detente.escrow.errors import EscrowError, MalformedError
from detente.escrow.keys import Passphrase, SigningKey, fingerprint, load_key, public_head, save_key, unhex
from detente.escrow.log import Log, LogReader, fsck, strays
from detente.escrow.log_entries import Kind, entry_of, read_entry
from detente.escrow.merkle import HASH_BYTES, check_consistency
from detente.escrow.notes import Note, Verifier, parse_note, parse_vkey
from detente.escrow.reveal import NotDeclaredError, Wish, reveal_everything
from detente.escrow.reveal import reveal as reveal_parts
from detente.escrow.split_view import find_split
from detente.escrow.timestamps import check_timestamp, timestamp_request
from detente.escrow.verify import Proof
from detente.escrow.verify_log import Trust, checkpoint_row, compare, verify_any
from detente.records.declared_files import read_declared
from detente.records.errors import InputError, Problem, did_you_mean

STANDALONE = Path(__file__).resolve().parents[1] / "escrow" / "standalone.py"


def seal(
    declaration: str | Path | Mapping[str, Sequence[Mapping[str, Any]]],
    folder: str | Path,
    *,
    public: Mapping[str, str] | None = None,
    places: Sequence[int] | None = None,
    passphrase: Passphrase = None,
) -> dict[str, Any]:
    """Seal a declaration into a new folder: its root, what was sealed, the commitment and where it is.

    `declaration` is a CSV, TOML or XLSX file, or entries by site. `public` (title, party, as_of) is open from
    the outset; `places` are the numbers of places of sites, entries and fields. `commitment.json` is for the
    other side, `secret.json` for nobody. Raises `InputError` or `EscrowError`.
    """
    if isinstance(declaration, str | Path):
        read = read_declared(Path(declaration))
        sites: Mapping[str, Sequence[Any]] = read.sites
        opened = read.public | dict(public or {})
    else:
        sites = {name: [dict(entry) for entry in held] for name, held in declaration.items()}
        opened = dict(public or {})
    sealed = seal_declaration(Declaration(sites, opened), places)
    written = save_sealed(sealed, Path(folder), passphrase)
    entries = sum(len(held) for held in sites.values())
    return {
        "root": sealed.root.hex(),
        "file": str(written),
        "sites": len(sites),
        "entries": entries,
        "commitment": sealed.commitment,
    }


def reveal(
    folder: str | Path,
    sites: Sequence[str] = (),
    *,
    entry: int | None = None,
    fields: Sequence[str] = (),
    absent: Sequence[str] = (),
    everything: bool = False,
    passphrase: Passphrase = None,
) -> dict[str, Any]:
    """Open a part of a sealed declaration: sites, one entry of a site (from 1), fields of it, or everything.

    `absent` names sites of which it is shown that they were never declared. Needs no signing key. Raises
    `InputError` for what is not declared, `EscrowError` otherwise.
    """
    sealed = load_sealed(Path(folder), passphrase)
    if everything:
        if sites or absent or fields or entry is not None:
            raise InputError(Problem("everything is opened, so nothing else can be named", key="everything"))
        return reveal_everything(sealed)
    wishes = [Wish(site, entry, tuple(fields)) for site in sites]
    try:
        return reveal_parts(sealed, wishes, list(absent))
    except NotDeclaredError as fault:
        raise InputError(Problem(fault.rule, did_you_mean(fault.wanted, fault.known))) from None


def write_reveal(body: Mapping[str, Any], path: str | Path) -> Path:
    """Write what `reveal` or `seal` gave as a file, whole or not at all."""
    write_whole(Path(path), as_text(body))
    return Path(path)


def verify(
    file: str | Path | bytes,
    root: str | None = None,
    *,
    log_keys: Sequence[str | Path] = (),
    cosigners: Sequence[str | Path] = (),
    origin: str | None = None,
) -> Proof:
    """Check a reveal, a commitment, a proof of a log or a checkpoint; the answer says what is still owed.

    `root` is the one handed over at the outset, in hexadecimal; keys are vkey lines or files of them. Raises
    `TamperedError` or `MalformedError` with the number of the step that failed.
    """
    content = file if isinstance(file, bytes) else _read(Path(file))
    wanted = None if root is None else unhex(root.lower(), HASH_BYTES, "the root")
    trust = Trust(verifiers(log_keys), verifiers(cosigners), origin)
    try:
        return verify_any(content, wanted, trust)
    except EscrowError as fault:
        fault.where = fault.where or ("" if isinstance(file, bytes) else Path(file).name)
        raise


def proof_rows(proof: Proof) -> dict[str, Any]:
    """A proof as JSON, with its verdict."""
    return asdict(proof)


def declaration_pdf(file: str | Path, out: str | Path, day: date | None = None) -> dict[str, Any]:
    """Write a commitment or a reveal as PDF/A with the file itself inside, and the root of both on its page.

    The file is checked first. The page is dated by the declaration's own date, else by `day`, else today.
    """
    from detente.report.declaration_sheet import declaration_pdf as written

    content = _read(Path(file))
    proof = verify(content)
    made = written(
        content, Path(file).name, proof.root, proof.opened, proof.shown, proof.owed, _day(proof, day)
    )
    write_whole(Path(out), made)
    digest = hashlib.sha256(content).hexdigest()
    return {"file": str(out), "root": proof.root, "attached": Path(file).name, "attached_sha256": digest}


def _day(proof: Proof, day: date | None) -> date:
    try:
        return date.fromisoformat(proof.opened["header"]["as_of"])
    except (KeyError, ValueError):
        return day or datetime.now(UTC).date()


def new_key(
    name: str, path: str | Path, passphrase: Passphrase, algorithm: str = "ed25519"
) -> dict[str, Any]:
    """Make a signing key in a new file that its owner alone can read, and give its public half."""
    key = SigningKey.new(name, algorithm)
    save_key(key, Path(path), passphrase)
    return _key_row(key.verifier(key.kinds[0]), key.verifier(key.kinds[-1])) | {"file": str(path)}


def key_shown(path: str | Path) -> dict[str, Any]:
    """The public half of a key file; the private half is not opened, so no passphrase is needed."""
    head = public_head(Path(path))
    if not isinstance(head.get("public"), str):
        raise MalformedError("this file holds no signing key", where=Path(path).name)
    plain = parse_vkey(head["public"])
    cosigner = plain.of_kind(0x04) if plain.kind == 0x01 else plain
    return _key_row(plain, cosigner) | {"file": str(path), "encrypted": head["encrypted"]}


def _key_row(plain: Verifier, cosigner: Verifier) -> dict[str, Any]:
    return {
        "name": plain.name,
        "vkey": plain.vkey,
        "cosigner_vkey": cosigner.vkey,
        "fingerprint": fingerprint(plain),
    }


def log_append(
    folder: str | Path,
    files: Sequence[str | Path],
    key: str | Path,
    *,
    passphrase: Passphrase = None,
    origin: str | None = None,
    kind: Kind | None = None,
    corrects: int | None = None,
) -> dict[str, Any]:
    """Add one entry for each file to a log, and sign its new checkpoint; a missing log is begun.

    What a file is follows from its content unless `kind` says so; `corrects` makes it a correction.
    """
    entries = [entry_of(_read(Path(file)), kind, corrects) for file in files]
    signer = load_key(Path(key), passphrase)
    if not (Path(folder) / "checkpoint").exists():
        log = Log.create(Path(folder), origin or signer.name, signer)
    else:
        log = Log(Path(folder))
    if origin is not None and log.checkpoint.origin != origin:
        raise MalformedError(f'the log is "{log.checkpoint.origin}", not "{origin}"')
    if corrects is not None and not 0 <= corrects < log.size:
        raise MalformedError(f"there is no entry {corrects} to correct in a log of {log.size}")
    added = log.append(entries, signer)
    return {"entries": list(added), **_log_row(log)}


def log_show(log: str | Path) -> dict[str, Any]:
    """A log's checkpoint and what its entries say; nothing is checked but that entries fit their leaves."""
    reader = open_log(Path(log))
    entries = []
    for index, content in enumerate(reader.entries()):
        said = read_entry(content)
        entries.append({"index": index, **(said or {"kind": "unknown", "length": len(content)})})
    return {**_log_row(reader), "entries": entries}


def log_prove(log: str | Path, index: int) -> bytes:
    """The proof that an entry stands in a log, as a .tlog-proof file."""
    return bytes(open_log(Path(log)).prove(index))


def log_consistency(log: str | Path, old: int) -> dict[str, Any]:
    """The proof that the first `old` entries of a log are the beginning of what it is now."""
    reader = open_log(Path(log))
    hashes = [hashed.hex() for hashed in reader.consistency(old)]
    return {"old": old, "new": reader.size, "old_root": reader.root(old).hex(), "hashes": hashes}


def log_fsck(log: str | Path, log_keys: Sequence[str | Path] = ()) -> dict[str, Any]:
    """Check a whole log: entries, tiles, root, and the signature where a key is given. Raises at a fault."""
    reader = open_log(Path(log))
    found = fsck(reader, verifiers(log_keys))
    left = strays(Path(log), reader.size) if Path(log).is_dir() else ()
    row = checkpoint_row(SignedCheckpoint(found.checkpoint, reader.note, found.signed))
    return {**row, "entries": found.entries, "tiles": found.tiles, "strays": list(left)}


def log_compare(
    first: str | Path,
    second: str | Path,
    log_keys: Sequence[str | Path] = (),
    evidence_file: str | Path | None = None,
) -> dict[str, Any]:
    """How two copies of a log, or a log and a checkpoint, stand to each other; `ok` unless they are split.

    `evidence_file`: where to write the proof of a split view, for `witness_check` and everybody.
    """
    path = Path(second)
    whole = path.is_dir() or _begins(path, b"PK")
    other: LogReader | Note = open_log(path) if whole else parse_note(_read(path))
    log = open_log(Path(first))
    found = compare(log, other, verifiers(log_keys))
    if found.relation == "split" and evidence_file is not None:
        if isinstance(other, Note) or log.size >= other.size:
            proof = find_split(log, other if isinstance(other, Note) else other.note)
        else:
            proof = find_split(other, log.note)
        if proof is not None:
            write_whole(Path(evidence_file), bytes(proof))
    row = {
        "relation": found.relation,
        "ok": found.relation != "split",
        "origin": found.first.origin,
        "first": {"size": found.first.size, "root": found.first.root.hex()},
        "second": {"size": found.second.size, "root": found.second.root.hex()},
        "parts_at": found.parts_at,
    }
    evidence = found.evidence
    return row | {"evidence": None if evidence is None else [part.decode() for part in evidence]}


def log_cosign(
    log: str | Path,
    key: str | Path,
    log_keys: Sequence[str | Path],
    time: int,
    *,
    seen: str | Path | None = None,
    passphrase: Passphrase = None,
) -> bytes:
    """Cosign a log's checkpoint at a time in POSIX seconds, after checking that it continues the one seen.

    Steps: 1. the whole log is sound and signed by one of `log_keys`; 2. the checkpoint in the file `seen`, of
    the last time, is its beginning. Gives the checkpoint with the cosignature; keep it as the next `seen`.
    """
    reader = open_log(Path(log))
    trusted = verifiers(log_keys)
    if not trusted:
        raise MalformedError("nothing is cosigned without a public key of the log")
    fsck(reader, trusted)
    if seen is not None:
        before = open_checkpoint(_read(Path(seen)), trusted, origin=reader.checkpoint.origin).checkpoint
        if before.size > reader.size:
            compare(reader, parse_note(_read(Path(seen))), trusted)
        if before.size:
            proof = reader.consistency(before.size)
            point = reader.checkpoint
            check_consistency(before.size, point.size, before.root, point.root, proof)
    return bytes(cosign(reader.note, load_key(Path(key), passphrase), time))


def log_accept(folder: str | Path, checkpoint: str | Path, cosigners: Sequence[str | Path]) -> dict[str, Any]:
    """Take cosignatures that come back from a party or a witness into one's own log, each checked."""
    log = Log(Path(folder))
    log.add_cosignatures(parse_note(_read(Path(checkpoint))), verifiers(cosigners))
    return _log_row(log)


def log_pack(folder: str | Path, out: str | Path) -> dict[str, Any]:
    """Write a log into one ZIP file for a memory stick, which every command reads as it does the folder."""
    return {"files": pack(Path(folder), Path(out)), "archive": str(out)}


def timestamp_ask(file: str | Path) -> bytes:
    """The request to an RFC 3161 authority for a timestamp of a file; it holds the file's digest alone."""
    return timestamp_request(_read(Path(file)))


def timestamp_check(
    file: str | Path, answer: str | Path, roots: str | Path, request: str | Path | None = None
) -> dict[str, Any]:
    """Check an authority's answer about a file, offline, against its root certificates in PEM."""
    asked = None if request is None else _read(Path(request))
    found = check_timestamp(_read(Path(answer)), _read(Path(file)), _read(Path(roots)), asked)
    return {"time": found.time.isoformat(), "authority": found.authority, "serial": str(found.serial)}


def _log_row(log: LogReader) -> dict[str, Any]:
    point = parse_checkpoint(log.note.text)
    signatures = [f"{entry.name} (key {entry.key_id.hex()})" for entry in log.note.signatures]
    row = {"origin": point.origin, "size": point.size, "root": point.root.hex()}
    return row | {"signatures_unchecked": signatures}


def verifiers(given: Sequence[str | Path]) -> tuple[Verifier, ...]:
    """Public keys from vkey lines and from files that hold such lines."""
    found = []
    for entry in given:
        text = str(entry)
        if "+" not in text or Path(text).is_file():
            text = _read(Path(entry)).decode("utf-8", "replace")
        found += [parse_vkey(line) for line in text.splitlines() if line.strip() and not line.startswith("#")]
    return tuple(found)


def _begins(path: Path, mark: bytes) -> bool:
    with path.open("rb") as file:
        return file.read(len(mark)) == mark


def _read(path: Path) -> bytes:
    return read_bounded(path, LARGEST_FILE)


def canonical_bytes(value: Any) -> bytes:
    """The one string of bytes of a value by RFC 8785; a float is refused. Raises `MalformedError`."""
    return canonical(value)


def standalone_verifier() -> str:
    """The text of the verifier that needs one library and nothing of ours."""
    return STANDALONE.read_text(encoding="utf-8")

"""One random sample that neither side can steer, and that a third party can check.

1. Both sides hold one list of names and agree on the size of the sample.
2. Each draws a secret seed of 32 bytes and hands over its commitment: a SHA-256 over the list, the size,
   its own name and the seed. Only when all commitments are exchanged are the seeds opened.
3. An opening that does not give its commitment again is refused.
4. SHA-256 over all seeds, in the order of the sides' names, starts a stream of numbers; the stream draws
   the sample.

What it does not give: a side that dislikes the outcome can still refuse to open, and then its refusal is
all that is seen; whether the list itself is complete is no question of the draw; nor is the time at which
anything was handed over.
"""

import hashlib
import hmac
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from .limits import Rules

FORM = b"detente/draw/1"
SEED_BYTES = 32
LONGEST_LIST = 1_000_000


@dataclass(frozen=True, slots=True)
class Subject:
    """What is drawn: a sorted list of distinct names, the size of the sample, and what the draw is for."""

    names: tuple[str, ...]
    sample: int
    about: str = ""

    @property
    def list_digest(self) -> str:
        """SHA-256 of the sorted names, each with its length before it."""
        return _digest(b"list", *(name.encode() for name in self.names)).hex()


def subject(names: Sequence[str], sample: int, about: str = "") -> Subject:
    """The list in its one order: Unicode NFC, no space at the ends, sorted by code point.

    Raises `InputError` for an empty or repeated name, or a sample larger than the list.
    """
    rules = Rules()
    clean = [unicodedata.normalize("NFC", name).strip() for name in names]
    if not clean:
        rules.refuse("the list is empty", "name one item or site a line", "list")
    if len(clean) > LONGEST_LIST:
        rules.refuse(f"{len(clean)} names", f"at most {LONGEST_LIST}: split the list", "list")
    seen: dict[str, int] = {}
    for line, name in enumerate(clean, 1):
        if not name:
            rules.refuse(f"name {line} is empty", "remove it, or give its name", "list")
        elif name in seen:
            rules.refuse(f'"{name}" is there twice, as {seen[name]} and {line}', "name each once", "list")
        seen[name] = line
    if rules.count("sample", sample, 1):
        rules.at_most(
            "sample", sample, "the names of the list", len(clean), "draw at most as many as there are"
        )
    rules.done()
    return Subject(tuple(sorted(clean)), sample, unicodedata.normalize("NFC", about).strip())


def commitment(of: Subject, party: str, seed: bytes) -> str:
    """What a side hands over first, in hexadecimal. Raises `InputError` for a seed that is not 32 bytes."""
    rules = Rules()
    if len(seed) != SEED_BYTES:
        rules.refuse(
            f"a seed of {len(seed)} bytes", f"a seed has {SEED_BYTES} bytes, 64 hexadecimal digits", "seed"
        )
    if not party.strip():
        rules.refuse("a side without a name", "name it: the name is part of the commitment", "party")
    rules.done()
    return _digest(
        b"commit", bytes.fromhex(of.list_digest), _number(of.sample), of.about.encode(), _named(party), seed
    ).hex()


def opens(of: Subject, party: str, seed: bytes, committed: str) -> bool:
    """Whether a seed is the one that a side committed to for this list, size and purpose."""
    return hmac.compare_digest(commitment(of, party, seed), committed.lower())


def draw(of: Subject, seeds: Mapping[str, bytes]) -> tuple[str, ...]:
    """The sample, in the order drawn, from every side's seed; check the seeds with `opens` first.

    Raises `InputError` for fewer than two sides, or two that opened the same seed: one then copied the other.
    """
    rules = Rules()
    if len(seeds) < 2:
        rules.refuse(
            f"{len(seeds)} side opened", "a draw that neither can steer takes the seeds of two", "seeds"
        )
    if len(set(seeds.values())) < len(seeds):
        rules.refuse("two sides opened one and the same seed", "draw again, each with its own", "seeds")
    rules.done()
    ordered = sorted((_named(party), seed) for party, seed in seeds.items())
    parts = [part for pair in ordered for part in pair]
    start = _digest(b"seed", bytes.fromhex(of.list_digest), _number(of.sample), of.about.encode(), *parts)
    numbers = _stream(start)
    left = list(of.names)
    for place in range(of.sample):  # the first steps of a Fisher-Yates shuffle
        chosen = place + _below(len(left) - place, numbers)
        left[place], left[chosen] = left[chosen], left[place]
    return tuple(left[: of.sample])


def seed_from(text: str) -> bytes:
    """A seed written as 64 hexadecimal digits. Raises `InputError`."""
    rules = Rules()
    if not re.fullmatch(r"[0-9a-fA-F]{64}", text.strip()):
        rules.refuse("this is no seed", "a seed is 64 hexadecimal digits", "seed")
    rules.done()
    return bytes.fromhex(text.strip())


def _stream(start: bytes) -> Iterator[int]:
    """Numbers of 64 bits: SHA-256 of the start and a counter, eight bytes at a time, big-endian."""
    counter = 0
    while True:
        block = _digest(b"stream", start, _number(counter))
        yield from (int.from_bytes(block[at : at + 8], "big") for at in range(0, 32, 8))
        counter += 1


def _below(limit: int, numbers: Iterator[int]) -> int:
    """An evenly drawn number below a limit: what would favour small numbers is thrown away."""
    fair = 2**64 - 2**64 % limit
    return next(number for number in numbers if number < fair) % limit


def _digest(kind: bytes, *parts: bytes) -> bytes:
    """SHA-256 over parts that cannot run into each other: each is preceded by its length in eight bytes."""
    taken = hashlib.sha256()
    for part in (FORM, kind, *parts):
        taken.update(_number(len(part)) + part)
    return taken.digest()


def _number(value: int) -> bytes:
    return value.to_bytes(8, "big")


def _named(party: str) -> bytes:
    return unicodedata.normalize("NFC", party).strip().encode()

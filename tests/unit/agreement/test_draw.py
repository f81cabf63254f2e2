"""The draw: fixed vectors, fairness, and every way of cheating it that shows."""

import hashlib
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.agreement.inspection.draw import commitment, draw, opens, seed_from, subject
from detente.records.errors import InputError

A, B = bytes(32), bytes([1] * 32)
NAMES = ["silo 03", "silo 01", "silo 02", "silo 04"]


def framed(*parts: bytes) -> bytes:
    """SHA-256 over parts with their lengths, written out here a second time."""
    whole = b"".join(len(part).to_bytes(8, "big") + part for part in (b"detente/draw/1", *parts))
    return hashlib.sha256(whole).digest()


def test_the_construction_written_out_a_second_time() -> None:
    of = subject(NAMES, 2, "year 1")
    names = sorted(NAMES)
    listed = framed(b"list", *(name.encode() for name in names))
    assert of.list_digest == listed.hex()
    size = (2).to_bytes(8, "big")
    assert commitment(of, "Ruritania", A) == framed(b"commit", listed, size, b"year 1", b"Ruritania", A).hex()
    start = framed(b"seed", listed, size, b"year 1", b"Elbonia", B, b"Ruritania", A)
    block = framed(b"stream", start, bytes(8))
    first = int.from_bytes(block[:8], "big") % 4
    names[0], names[first] = names[first], names[0]
    second = 1 + int.from_bytes(block[8:16], "big") % 3
    names[1], names[second] = names[second], names[1]
    assert draw(of, {"Ruritania": A, "Elbonia": B}) == tuple(names[:2])


def test_a_fixed_vector() -> None:
    of = subject(["c", "a", "b", "d"], 2, "x")
    assert commitment(of, "A", A) == "175117553234c4b00d2253f23528703a93354e0d1d67eb200e85890064ac69ff"
    assert draw(of, {"A": A, "B": B}) == ("a", "d")


@given(st.permutations(NAMES), st.booleans())
def test_order_of_list_and_sides_changes_nothing(names: list[str], swapped: bool) -> None:
    seeds = {"B": B, "A": A} if swapped else {"A": A, "B": B}
    assert draw(subject(names, 3), seeds) == draw(subject(NAMES, 3), {"A": A, "B": B})


def test_names_are_one_whether_their_letters_are_composed_or_not() -> None:
    assert subject(["Te\u0301lé "], 1) == subject(["T\u00e9l\u00e9"], 1)


def test_every_name_is_drawn_about_equally_often() -> None:
    """Chi-squared over all ordered pairs of five names, 4,000 draws: 19 degrees of freedom."""
    of = subject(list("abcde"), 2)
    seen = Counter(draw(of, {"A": A, "B": number.to_bytes(32, "big")}) for number in range(1, 4001))
    assert len(seen) == 20
    assert sum((count - 200) ** 2 / 200 for count in seen.values()) < 45


@given(st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_a_seed_opens_its_own_commitment_alone(seed: bytes, other: bytes) -> None:
    of = subject(NAMES, 2, "year 1")
    made = commitment(of, "A", seed)
    assert opens(of, "A", seed, made.upper())
    assert opens(of, "A", other, made) == (seed == other)
    for changed in (
        subject(NAMES, 3, "year 1"),
        subject(NAMES[:3], 2, "year 1"),
        subject(NAMES, 2, "year 2"),
    ):
        assert not opens(changed, "A", seed, made)
    assert not opens(of, "B", seed, made), "a copied commitment cannot be opened under another name"


def test_seven_of_seven_are_all_drawn() -> None:
    of = subject(list("abcdefg"), 7)
    assert sorted(draw(of, {"A": A, "B": B})) == list("abcdefg")


@pytest.mark.parametrize(
    ("call", "rule"),
    [
        (lambda: subject([], 1), "the list is empty"),
        (lambda: subject(["a", " "], 1), "name 2 is empty"),
        (lambda: subject(["a", "b", "a "], 1), "there twice, as 1 and 3"),
        (lambda: subject(["a"], 2), "sample 2 exceeds"),
        (lambda: subject(["a"], 0), "sample 0 is below 1"),
        (lambda: commitment(subject(["a"], 1), "A", b"short"), "a seed of 5 bytes"),
        (lambda: commitment(subject(["a"], 1), " ", A), "a side without a name"),
        (lambda: draw(subject(["a"], 1), {"A": A}), "takes the seeds of two"),
        (lambda: draw(subject(["a"], 1), {"A": A, "B": A}), "one and the same seed"),
        (lambda: seed_from("12ab"), "this is no seed"),
    ],
)
def test_what_cannot_be_drawn_is_refused(call: object, rule: str) -> None:
    with pytest.raises(InputError, match=rule):
        call()  # type: ignore[operator]


def test_a_seed_in_hexadecimal() -> None:
    assert seed_from(" " + "0f" * 32 + "\n") == bytes([15] * 32)

"""What a commitment and a partial reveal do not tell: contents, sizes, places, and what other seeds open.

Each attack is run against a variant that was broken on purpose, where it succeeds, and against ours.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import pytest

from detente.escrow.canonical import canonical
from detente.escrow.commitment import climb, field_leaf, levels, path_in, salted_leaf
from detente.escrow.declaration import Declaration, Sealed, as_text, seal
from detente.escrow.keytree import child
from detente.escrow.reveal import Wish, reveal

GUESSES: list[tuple[str, Any]] = [("deployed", n) for n in range(200)]
GUESSES += [("type", f"T-{n}") for n in range(50)]
ENTRY = {"type": "T-7", "deployed": 46}


def attack(seen: Iterable[bytes], leaf: Callable[[str, Any], Sequence[bytes]]) -> set[tuple[str, Any]]:
    """Every guess whose leaf, as the attacker can compute it, is among the hashes that he has seen."""
    known = set(seen)
    return {(name, value) for name, value in GUESSES if known.intersection(leaf(name, value))}


def unsalted(name: str, value: Any) -> bytes:
    content = canonical(["field", name, value])
    return hashlib.sha256(b"\x00" + len(content).to_bytes(8, "big") + content).digest()


def hashes_in(body: Any) -> Iterator[bytes]:
    """Every hash, seed and salt that stands anywhere in a file."""
    if isinstance(body, str) and len(body) == 64:
        yield bytes.fromhex(body)
    elif isinstance(body, list | dict):
        for entry in body.values() if isinstance(body, dict) else body:
            yield from hashes_in(entry)


def test_a_dictionary_attack_succeeds_on_unsalted_leaves() -> None:
    rows = levels([unsalted(name, value) for name, value in ENTRY.items()])
    path = path_in(rows, 0)
    assert climb(rows[0][0], 0, path) == rows[-1][0]
    assert attack(path, lambda name, value: [unsalted(name, value)]) == {("deployed", 46)}


def test_a_dictionary_attack_succeeds_where_a_salt_is_reused() -> None:
    salt = bytes(range(32))
    rows = levels([field_leaf(salt, name, value) for name, value in ENTRY.items()])
    found = attack(path_in(rows, 0), lambda name, value: [field_leaf(salt, name, value)])
    assert found == {("deployed", 46)}


def test_the_same_attack_fails_on_ours() -> None:
    """With every hash of the reveal, and every salt, seed and nonce in it tried as the salt."""
    for seed in (bytes(32), bytes(range(32))):
        made = seal(Declaration({"Alpha": [ENTRY, ENTRY]}), seed=seed)
        body = reveal(made, [Wish("Alpha", 1, ("type",))], ["Delta"]) | {"commitment": made.commitment}
        seen = list(hashes_in(body))
        assert len(seen) > 40

        def leaves(name: str, value: Any, salts: Sequence[bytes] = tuple(seen)) -> list[bytes]:
            return [unsalted(name, value), *(field_leaf(salt, name, value) for salt in salts)]

        opened = made.header.place_of_field("type")
        entry = child(child(seed, b"site", made.header.place_of_site("Alpha")), b"entry", 0)
        everything = [*seen, field_leaf(child(entry, b"field", opened), "type", "T-7")]
        assert attack(everything, leaves) == {("type", "T-7")}, "only what was opened"


def test_equal_entries_have_unequal_hashes() -> None:
    made = seal(Declaration({"Alpha": [ENTRY] * 20, "Bravo": [ENTRY] * 20}), seed=bytes(32))
    seeds = [
        child(child(made.seed, b"site", made.header.place_of_site(site)), b"entry", n)
        for site in ("Alpha", "Bravo")
        for n in range(20)
    ]
    salts = [child(seed, level, n) for seed in seeds for level in (b"field", b"label") for n in range(32)]
    assert len(set(salts)) == len(salts)
    assert len({salted_leaf(salt, b"x") for salt in salts}) == len(salts)


def test_one_seed_opens_one_branch_and_nothing_else() -> None:
    """No seed or salt that a reveal hands over, nor anything derived from it, opens a neighbour."""
    made = seal(Declaration({"Alpha": [ENTRY, ENTRY], "Bravo": [ENTRY]}), seed=bytes(32))
    body = reveal(made, [Wish("Alpha", 1)])
    given = bytes.fromhex(body["sites"][0]["opened"][0]["seed"])
    site = child(made.seed, b"site", made.header.place_of_site("Alpha"))
    assert given == child(site, b"entry", 0)
    handed = set(hashes_in(body))
    levels_below = (b"field", b"label", b"hidden", b"entry", b"site")
    below = {child(given, level, n) for level in levels_below for n in range(300)}
    bravo = child(made.seed, b"site", made.header.place_of_site("Bravo"))
    hidden = {made.seed, site, child(site, b"entry", 1), bravo}
    hidden |= {child(child(site, b"entry", 1), b"field", n) for n in range(32)}
    assert not hidden & (handed | below)


@pytest.mark.parametrize("many", [2, 40, 180])
def test_size_does_not_leak(many: int) -> None:
    """A tiny declaration and a large one: every file has the same length but for what is opened in it."""
    small = seal(Declaration({"Alpha": [ENTRY]}), seed=bytes(32))
    sites = {"Alpha": [ENTRY] * many} | {f"Site {n}": [ENTRY] * (n % 9 + 1) for n in range(many - 1)}
    large = seal(Declaration(sites), seed=bytes(range(32)))
    assert len(as_text(small.commitment)) == len(as_text(large.commitment))
    assert small.header.content["places"] == large.header.content["places"]
    wishes = ([Wish("Alpha", 1)], [Wish("Alpha", 1, ("type",))])
    for wish in wishes:
        assert shape(reveal(small, wish)) == shape(reveal(large, wish))
    absent = next(n for n in (f"Absent {n}" for n in range(1000)) if free(small, n) and free(large, n))
    assert shape(reveal(small, [], [absent])) == shape(reveal(large, [], [absent]))


def free(made: Sealed, name: str) -> bool:
    """Whether the place of a name is empty."""
    return made.header.place_of_site(name) not in {
        made.header.place_of_site(s) for s in made.declaration.sites
    }


def shape(body: dict[str, Any]) -> str:
    """A reveal with every hash and every place blotted out."""
    text = json.dumps(body, sort_keys=True)
    for hashed in {h.hex() for h in hashes_in(body)} | {body["header"]["content"]["nonce"]}:
        text = text.replace(hashed, "#")
    return "".join(c for c in text if not c.isdigit()) if '"place"' in text else text


def test_places_do_not_follow_the_order_of_the_declaration() -> None:
    """Under 200 seeds the first entry of a site and the first field of an entry stand all over the place."""
    places = []
    for n in range(200):
        made = seal(Declaration({"Alpha": [ENTRY] * 3}), seed=n.to_bytes(32, "big"), places=(4096, 256, 32))
        nodes = [made.header.place_of_site("Alpha"), made.header.place_of_field("type")]
        places.append(tuple(nodes))
    sites, fields = zip(*places, strict=True)
    assert len(set(sites)) > 180
    assert len(set(fields)) > 25
    assert 1000 < sum(sites) / 200 < 3100

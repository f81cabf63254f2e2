"""The tree of hashes of RFC 6962: one root over many entries, and short proofs of what stands below it.

Hashes are 32 bytes, SHA-256. A leaf is hashed after the byte 0x00 and a pair of nodes after 0x01, so that
neither can be taken for the other. A tree of n leaves splits after the largest power of two below n.
Source: RFC 6962, section 2.1; the checks of proofs are those of RFC 9162, sections 2.1.3.2 and 2.1.4.2.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence

from .errors import MalformedError, TamperedError

HASH_BYTES = 32
EMPTY_ROOT = hashlib.sha256(b"").digest()
"""The root of the tree without leaves: the hash of nothing."""
LONGEST_PROOF = 63
"""No proof about a tree of fewer than 2**63 leaves has more hashes."""

Node = Callable[[int, int], bytes]
"""Gives the hash of the complete subtree of 2**level leaves number `index`: node(level, index)."""
Range = tuple[int, int]
"""The leaves from the first up to, not including, the second."""


def leaf_hash(entry: bytes) -> bytes:
    """The hash of one entry as a leaf: SHA-256(0x00 | entry)."""
    return hashlib.sha256(b"\x00" + entry).digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """The hash of two nodes: SHA-256(0x01 | left | right)."""
    return hashlib.sha256(b"\x01" + left + right).digest()


def root_of(leaves: Sequence[bytes]) -> bytes:
    """The root over leaf hashes in order."""
    return subtree_root((0, len(leaves)), nodes_over(leaves)) if leaves else EMPTY_ROOT


def root_of_entries(entries: Iterable[bytes]) -> bytes:
    """The root over entries in order; each is hashed as a leaf."""
    return root_of([leaf_hash(entry) for entry in entries])


def nodes_over(leaves: Sequence[bytes]) -> Node:
    """The complete subtrees over leaf hashes, each computed when it is first asked for and then kept."""
    kept: dict[tuple[int, int], bytes] = {}

    def node(level: int, index: int) -> bytes:
        if level == 0:
            return leaves[index]
        if (level, index) not in kept:
            kept[level, index] = node_hash(node(level - 1, 2 * index), node(level - 1, 2 * index + 1))
        return kept[level, index]

    return node


def split(size: int) -> int:
    """The largest power of two below a size of at least 2."""
    return 1 << (size - 1).bit_length() - 1


def subtree_root(leaves: Range, node: Node) -> bytes:
    """The root over a range of leaves that begins where a subtree of the tree begins."""
    first, end = leaves
    size = end - first
    if size & (size - 1) == 0:
        level = size.bit_length() - 1
        return node(level, first >> level)
    middle = first + split(size)
    return node_hash(subtree_root((first, middle), node), subtree_root((middle, end), node))


def inclusion_ranges(index: int, size: int) -> list[Range]:
    """The subtrees whose roots are the inclusion proof of a leaf, from its sibling up (PATH, 2.1.1)."""
    if not 0 <= index < size:
        raise MalformedError(f"there is no leaf {index} in a tree of {size}", "an index counts from 0")
    first, end, found = 0, size, []
    while end - first > 1:
        middle = first + split(end - first)
        if index < middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((first, middle))
            first = middle
    return found[::-1]


def consistency_ranges(old: int, new: int) -> list[Range]:
    """The subtrees whose roots are the consistency proof from one size to a larger (PROOF, 2.1.2)."""
    _check_sizes(old, new)
    first, end, found, whole = 0, new, [], True
    while old != end:
        middle = first + split(end - first)
        if old <= middle:
            found.append((middle, end))
            end = middle
        else:
            found.append((first, middle))
            first, whole = middle, False
    return ([] if whole else [(first, end)]) + found[::-1]


def inclusion_proof(index: int, size: int, node: Node) -> tuple[bytes, ...]:
    """The hashes that lead from leaf `index` to the root of a tree of `size` leaves."""
    return tuple(subtree_root(leaves, node) for leaves in inclusion_ranges(index, size))


def consistency_proof(old: int, new: int, node: Node) -> tuple[bytes, ...]:
    """The hashes that show a tree of `old` leaves to be the beginning of one of `new`; old at least 1."""
    return tuple(subtree_root(leaves, node) for leaves in consistency_ranges(old, new))


def check_inclusion(leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes) -> None:
    """Raise unless the leaf hash stands at `index` below the root of a tree of `size` leaves.

    `MalformedError` for an index outside the tree or a proof of hashes of another length; `TamperedError`
    where the proof does not lead to the root.
    """
    _check_hashes((leaf, root, *proof))
    if not 0 <= index < size:
        raise MalformedError(f"there is no leaf {index} in a tree of {size}", "an index counts from 0")
    if root_from(leaf, index, size, proof) != root:
        raise TamperedError(f"the inclusion proof of leaf {index} does not lead to the root of {size} leaves")


def root_from(leaf: bytes, index: int, size: int, proof: Sequence[bytes]) -> bytes:
    """The root to which an inclusion proof leads; raises `TamperedError` for one of the wrong length."""
    place, last, found = index, size - 1, leaf
    for hashed in proof:
        if last == 0:
            raise TamperedError("the inclusion proof is longer than the tree is high")
        if place & 1 or place == last:
            found = node_hash(hashed, found)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            found = node_hash(found, hashed)
        place, last = place >> 1, last >> 1
    if last:
        raise TamperedError("the inclusion proof is shorter than the tree is high")
    return found


def check_consistency(old: int, new: int, old_root: bytes, new_root: bytes, proof: Sequence[bytes]) -> None:
    """Raise unless the tree of `old` leaves is the beginning of the tree of `new` leaves.

    A proof from size 0 proves nothing and is refused as malformed, as is one to a smaller size.
    """
    _check_hashes((old_root, new_root, *proof))
    _check_sizes(old, new)
    if old == new:
        if proof:
            raise TamperedError("a consistency proof between equal sizes must be empty")
        if old_root != new_root:
            raise TamperedError(f"two different roots of size {old}: the history was split")
        return
    if not proof:
        raise TamperedError("the consistency proof is empty")
    path = list(proof) if old & (old - 1) else [old_root, *proof]
    place, last = old - 1, new - 1
    while place & 1:
        place, last = place >> 1, last >> 1
    was = now = path[0]
    for hashed in path[1:]:
        if last == 0:
            raise TamperedError("the consistency proof is longer than the tree is high")
        if place & 1 or place == last:
            was, now = node_hash(hashed, was), node_hash(hashed, now)
            while not place & 1 and place:
                place, last = place >> 1, last >> 1
        else:
            now = node_hash(now, hashed)
        place, last = place >> 1, last >> 1
    if last or was != old_root or now != new_root:
        raise TamperedError(f"the tree of {old} leaves is not the beginning of the tree of {new}")


def _check_sizes(old: int, new: int) -> None:
    if old < 1:
        raise MalformedError(
            "a consistency proof from size 0 proves nothing: every tree begins with the empty one",
            "begin from the first checkpoint that holds an entry",
        )
    if new < old:
        raise MalformedError(f"a tree of {old} leaves cannot be the beginning of one of {new}")


def _check_hashes(hashes: Sequence[bytes]) -> None:
    if len(hashes) > LONGEST_PROOF + 2:
        raise MalformedError(f"a proof of {len(hashes)} hashes is longer than any tree is high")
    if any(len(hashed) != HASH_BYTES for hashed in hashes):
        raise MalformedError("a hash of a proof does not have 32 bytes")

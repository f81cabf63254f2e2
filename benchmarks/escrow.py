"""Sealing and verifying against their limit, the same hashes run bare, and against pymerkle where it is.

The limit is a loop over exactly as many canonicalisations, key derivations, leaves and nodes as were counted
in a run of ours, and nothing else. pymerkle lives in an environment of its own below the folder that
DETENTE_PEERS names; it answers in one process, in turn with ours. CPU seconds; the median ratio counts.
"""

import hashlib
import hmac
import json
import os
import statistics
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

import rfc8785

from detente.escrow import commitment, declaration, merkle
from detente.escrow.declaration import Declaration, Sealed, as_text, seal
from detente.escrow.merkle import check_inclusion, inclusion_proof, leaf_hash, nodes_over, root_of_entries
from detente.escrow.reveal import Wish, reveal_everything
from detente.escrow.reveal import reveal as reveal_parts
from detente.escrow.verify import verify

SITES, ENTRIES = 70, 30
ALLOWED = 3.0
LEAVES, PROOFS = 20_000, 5_000
PEER = """
import json, sys, time
from pymerkle import InmemoryTree, verify_inclusion
leaves, proofs = int(sys.argv[1]), int(sys.argv[2])
entries = [b"entry %d" % n for n in range(leaves)]
for line in sys.stdin:
    begun = time.process_time()
    tree = InmemoryTree(algorithm="sha256")
    for entry in entries:
        tree.append_entry(entry)
    root = tree.get_root()
    built = time.process_time() - begun
    made = [tree.prove_inclusion(n + 1) for n in range(0, leaves, leaves // proofs)]
    bases = [tree.get_leaf(n + 1) for n in range(0, leaves, leaves // proofs)]
    begun = time.process_time()
    for base, proof in zip(bases, made):
        verify_inclusion(base, root, proof)
    verified = time.process_time() - begun
    print(json.dumps({"built": built, "verified": verified, "root": root.hex()}), flush=True)
"""


def table() -> dict[str, list[dict[str, Any]]]:
    """A declaration of the size of a treaty's data base, eight fields an entry."""
    return {
        f"Site {n}": [
            {
                "type": f"T-{k % 5}", "identifier": f"{n:03}{k:05}", "status": "deployed",
                "launcher": f"L-{k}", "warheads": k % 4, "since": "2011-02-05",
                "inspected": k % 3 == 0, "note": "",
            }
            for k in range(ENTRIES)
        ]
        for n in range(SITES)
    }  # fmt: skip


def cpu(work: Callable[[], Any]) -> tuple[float, Any]:
    """CPU seconds of some work, and what it gave."""
    begun = time.process_time()
    found = work()
    return time.process_time() - begun, found


def counted(work: Callable[[], Any]) -> dict[str, int]:
    """How often each primitive is called in some work."""
    counts = dict.fromkeys(("canonical", "derive", "leaf", "node"), 0)

    def counting(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def wrapped(*arguments: Any) -> Any:
            counts[name] += 1
            return call(*arguments)

        return wrapped

    with (
        mock.patch.object(commitment, "canonical", counting("canonical", commitment.canonical)),
        mock.patch.object(commitment, "child", counting("derive", commitment.child)),
        mock.patch.object(commitment, "salted_leaf", counting("leaf", commitment.salted_leaf)),
        mock.patch.object(commitment, "node_hash", counting("node", commitment.node_hash)),
        mock.patch.object(declaration, "canonical", counting("canonical", declaration.canonical)),
    ):
        work()
    return counts


def bare(counts: dict[str, int]) -> None:
    """The same primitives as often, and nothing else."""
    salt, info = bytes(32), b"detente/keytree/1/field/" + bytes(8) + b"\x01"
    field = ["field", "identifier", "00300012"]
    for _ in range(counts["canonical"]):
        rfc8785.dumps(field)
    for _ in range(counts["derive"]):
        hmac.digest(salt, info, "sha256")
    content = bytes(40)
    for _ in range(counts["leaf"]):
        hashlib.sha256(b"\x00" + salt + len(content).to_bytes(8, "big") + content).digest()
    for _ in range(counts["node"]):
        hashlib.sha256(b"\x01" + salt + salt).digest()


def ratio(repeat: int, ours: Callable[[], Any], limit: Callable[[], Any]) -> tuple[float, float]:
    """Median of CPU time over that of the limit, in turn, and the median seconds of ours."""
    pairs = [(cpu(ours)[0], cpu(limit)[0]) for _ in range(repeat)]
    return statistics.median(a / b for a, b in pairs), statistics.median(a for a, _ in pairs)


def sealing(repeat: int) -> dict[str, Any]:
    """Sealing a declaration, opening all of it at once, and one entry at a time."""
    sites = table()
    seed = bytes(range(32))

    def whole() -> Sealed:
        made = seal(Declaration(sites), seed=seed)
        assert made.root
        return made

    counts = counted(whole)
    sealed = whole()
    seal_ratio, seal_s = ratio(repeat, whole, lambda: bare(counts))
    everything = as_text(reveal_everything(sealed))
    counts_all = counted(lambda: verify(everything, sealed.root))
    all_ratio, all_s = ratio(repeat, lambda: verify(everything, sealed.root), lambda: bare(counts_all))
    single = [as_text(reveal_parts(sealed, [Wish(f"Site {n}")])) for n in range(SITES)]

    def each() -> None:
        for file in single:
            verify(file, sealed.root)

    counts_each = counted(each)
    site_ratio, site_s = ratio(repeat, each, lambda: bare(counts_each))
    fields = sum(len(entry) for held in sites.values() for entry in held)
    return {
        "declared_fields": fields,
        "places": counts["leaf"] + counts["derive"],
        "seal_over_bare": seal_ratio,
        "verify_everything_over_bare": all_ratio,
        "verify_a_site_over_bare": site_ratio,
        "fields_sealed_per_cpu_s": fields / seal_s,
        "fields_verified_per_cpu_s": fields / all_s,
        "sites_verified_per_cpu_s": SITES / site_s,
        "same_root": verify(everything, sealed.root).root == sealed.root.hex(),
    }


def trees(repeat: int) -> dict[str, Any]:
    """The tree of RFC 6962: roots and proofs, bare and beside pymerkle."""
    entries = [b"entry %d" % n for n in range(LEAVES)]
    leaves = [leaf_hash(entry) for entry in entries]
    root, nodes = root_of_entries(entries), nodes_over(leaves)
    chosen = range(0, LEAVES, LEAVES // PROOFS)
    proofs = [(leaves[n], n, inclusion_proof(n, LEAVES, nodes)) for n in chosen]
    steps = sum(len(proof) for _, _, proof in proofs)

    def verified() -> None:
        for leaf, index, proof in proofs:
            check_inclusion(leaf, index, LEAVES, proof, root)

    def hashes(leaf_count: int, node_count: int) -> None:
        for entry in entries[:leaf_count]:
            hashlib.sha256(b"\x00" + entry).digest()
        for _ in range(node_count):
            hashlib.sha256(b"\x01" + root + root).digest()

    build, build_s = ratio(repeat, lambda: root_of_entries(entries), lambda: hashes(LEAVES, LEAVES - 1))
    check, check_s = ratio(repeat, verified, lambda: hashes(0, steps))
    found: dict[str, Any] = {
        "root_over_bare": build,
        "proof_over_bare": check,
        "leaves_per_cpu_s": LEAVES / build_s,
        "proofs_per_cpu_s": PROOFS / check_s,
    }
    folder = os.environ.get("DETENTE_PEERS", "")
    python = f"{folder}/pymerkle/bin/python"
    if folder and Path(python).exists():
        command = [python, "-c", PEER, str(LEAVES), str(PROOFS)]
        built, checked = [], []
        with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:  # noqa: S603
            assert process.stdin is not None
            assert process.stdout is not None
            for _ in range(repeat):
                process.stdin.write("go\n")
                process.stdin.flush()
                peer = json.loads(process.stdout.readline())
                built.append(peer["built"] / cpu(lambda: root_of_entries(entries))[0])
                checked.append(peer["verified"] / cpu(verified)[0])
        found |= {
            "pymerkle_build_over_ours": statistics.median(built),
            "pymerkle_verify_over_ours": statistics.median(checked),
            "same_root_as_pymerkle": peer["root"] == root.hex(),
        }
    return found


def main(repeat: int = 5) -> dict[str, Any]:
    """Print the ratios; accurate if all roots agree and each ratio is within the allowed one."""
    assert hashlib.sha256(b"").digest() == merkle.EMPTY_ROOT
    numbers = sealing(repeat) | trees(repeat)
    ratios = [value for name, value in numbers.items() if name.endswith("_over_bare")]
    numbers["accurate"] = (
        max(ratios) <= ALLOWED and numbers["same_root"] and numbers.get("same_root_as_pymerkle", True)
    )
    for name, value in numbers.items():
        print(
            f"  {name.replace('_', ' ')}: {value:,.2f}" if isinstance(value, float) else f"  {name}: {value}"
        )
    return numbers


if __name__ == "__main__":
    main()

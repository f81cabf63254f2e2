"""The standards that the escrow rests on, by values typed from their texts."""

import hashlib
from typing import Any

import pytest
import rfc8785

from detente.escrow.canonical import LARGEST_INTEGER, canonical, parse
from detente.escrow.errors import MalformedError, TamperedError
from detente.escrow.keys import SigningKey
from detente.escrow.keytree import child, expand, extract
from detente.escrow.merkle import (
    EMPTY_ROOT,
    check_consistency,
    check_inclusion,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    nodes_over,
    root_of,
    root_of_entries,
)
from detente.escrow.notes import COSIGNED, PLAIN, TYPES, Verifier, parse_note, parse_vkey, verified
from detente.escrow.tiles import Tile, all_tiles, levels_of, number_path, parse_path, tiles_of

# RFC 6962: the leaves and roots of the reference tree
LEAVES = [bytes.fromhex(text) for text in (
    "", "00", "10", "2021", "3031", "40414243", "5051525354555657", "606162636465666768696a6b6c6d6e6f",
)]  # fmt: skip
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
# index and size, the hashes of the inclusion proof (reference implementation of RFC 6962)
INCLUSIONS: list[tuple[int, int, list[str]]] = [
    (0, 1, []),
    (0, 8, [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]),
    (5, 8, [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]),
    (2, 3, ["fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125"]),
    (1, 5, [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]),
]  # fmt: skip
CONSISTENCIES: list[tuple[int, int, list[str]]] = [
    (1, 1, []),
    (1, 8, [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ]),
    (6, 8, [
        "0ebc5d3437fbe2db158b9f126a1d118e308181031d0a949f8dededebc558ef6a",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ]),
    (2, 5, [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ]),
]  # fmt: skip


@pytest.mark.parametrize("size", range(9))
def test_rfc_6962_roots(size: int) -> None:
    assert root_of_entries(LEAVES[:size]).hex() == ROOTS[size]


def test_rfc_6962_separates_leaves_from_nodes() -> None:
    assert hashlib.sha256(b"").digest() == EMPTY_ROOT
    assert leaf_hash(b"x") == hashlib.sha256(b"\x00x").digest()
    assert node_hash(b"l", b"r") == hashlib.sha256(b"\x01lr").digest()


@pytest.mark.parametrize(("index", "size", "wanted"), INCLUSIONS)
def test_rfc_6962_inclusion_proofs(index: int, size: int, wanted: list[str]) -> None:
    hashes = [leaf_hash(entry) for entry in LEAVES[:size]]
    proof = inclusion_proof(index, size, nodes_over(hashes))
    assert [hashed.hex() for hashed in proof] == wanted
    check_inclusion(hashes[index], index, size, proof, bytes.fromhex(ROOTS[size]))


@pytest.mark.parametrize(("old", "new", "wanted"), CONSISTENCIES)
def test_rfc_6962_consistency_proofs(old: int, new: int, wanted: list[str]) -> None:
    proof = consistency_proof(old, new, nodes_over([leaf_hash(entry) for entry in LEAVES]))
    assert [hashed.hex() for hashed in proof] == wanted
    check_consistency(old, new, bytes.fromhex(ROOTS[old]), bytes.fromhex(ROOTS[new]), proof)


def test_a_consistency_proof_from_size_0_is_an_error() -> None:
    nodes = nodes_over([leaf_hash(entry) for entry in LEAVES])
    with pytest.raises(MalformedError, match="from size 0"):
        consistency_proof(0, 8, nodes)
    with pytest.raises(MalformedError, match="from size 0"):
        check_consistency(0, 8, EMPTY_ROOT, bytes.fromhex(ROOTS[8]), [])
    with pytest.raises(MalformedError, match="cannot be the beginning"):
        check_consistency(8, 6, bytes.fromhex(ROOTS[8]), bytes.fromhex(ROOTS[6]), [])


def test_every_proof_up_to_40_leaves_holds_and_every_change_of_it_fails() -> None:
    hashes = [leaf_hash(bytes([n])) for n in range(40)]
    roots = [root_of(hashes[:size]) for size in range(41)]
    for size in range(1, 41):
        nodes = nodes_over(hashes[:size])
        for index in range(size):
            proof = inclusion_proof(index, size, nodes)
            check_inclusion(hashes[index], index, size, proof, roots[size])
            assert_refused(
                check_inclusion, hashes[index - 1], index, size, proof, roots[size], unless=size == 1
            )
            assert_refused(check_inclusion, hashes[index], index, size, (*proof, EMPTY_ROOT), roots[size])
            assert_refused(
                check_inclusion, hashes[index], index, size, proof[1:], roots[size], unless=not proof
            )
        for old in range(1, size + 1):
            path = consistency_proof(old, size, nodes)
            check_consistency(old, size, roots[old], roots[size], path)
            assert_refused(check_consistency, old, size, EMPTY_ROOT, roots[size], path)
            assert_refused(check_consistency, old, size, roots[old], EMPTY_ROOT, path)
            assert_refused(check_consistency, old, size, roots[old], roots[size], (*path, EMPTY_ROOT))
            assert_refused(check_consistency, old, size, roots[old], roots[size], path[1:], unless=not path)


def assert_refused(check: Any, *arguments: Any, unless: bool = False) -> None:
    if not unless:
        with pytest.raises(TamperedError):
            check(*arguments)


# RFC 8032, section 7.1: secret key, public key, message, signature
SIGNATURES = [
    (
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        (
            "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555"
            "fb8821590a33bacc61e39701cf9b46bd25bf5f0595bbe24655141438e7a100b"
        ),
    ),
    (
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        (
            "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da"
            "085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"
        ),
    ),
    (
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        (
            "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac"
            "18ff9b538d16f290ae67f760984dc6594a7c15e9716ed28dc027beceea1ec40a"
        ),
    ),
    (
        "833fe62409237b9d62ec77587520911e9a759cec1d19755b7da901b96dca3d42",
        "ec172b93ad5e563bf4932c70e1245034c35467ef2efd4d64ebf819683467e2bf",
        (
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
        (
            "dc2a4459e7369633a52b1bf277839a00201009a3efbf3ecb69bea2186c26b589"
            "09351fc9ac90b3ecfdfbc7c66431e0303dca179c138ac17ad9bef1177331a704"
        ),
    ),
]


@pytest.mark.parametrize(("secret", "public", "message", "signature"), SIGNATURES)
def test_rfc_8032_signatures(secret: str, public: str, message: str, signature: str) -> None:
    key = SigningKey("rfc8032", bytes.fromhex(secret))
    assert key.verifier().public.hex() == public
    assert key._private.sign(bytes.fromhex(message)).hex() == signature
    TYPES[PLAIN].check(bytes.fromhex(public), bytes.fromhex(signature), bytes.fromhex(message))


# RFC 5869, appendix A: material, salt, info, length, PRK, OKM
DERIVATIONS = [
    (
        "0b" * 22, "000102030405060708090a0b0c", "f0f1f2f3f4f5f6f7f8f9", 42,
        "077709362c2e32df0ddc3f0dc47bba6390b6c73bb50f9c3122ec844ad7c2b3e5",
        "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ),
    (
        bytes(range(0x50)).hex(), bytes(range(0x60, 0xB0)).hex(), bytes(range(0xB0, 0x100)).hex(), 82,
        "06a6b88c5853361a06104c9ceb35b45cef760014904671014a193f40c15fc244",
        ("b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09"
        "da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87"),
    ),
    (
        "0b" * 22, "", "", 42,
        "19ef24a32c717b167f33a91d6f648bdf96596776afdb6377ac434c1c293ccb04",
        "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("material", "salt", "info", "length", "key", "wanted"), DERIVATIONS)
def test_rfc_5869_derivations(
    material: str, salt: str, info: str, length: int, key: str, wanted: str
) -> None:
    found = extract(bytes.fromhex(salt), bytes.fromhex(material))
    assert found.hex() == key
    assert expand(found, bytes.fromhex(info), length).hex() == wanted


def test_the_key_tree_is_rfc_5869_expansion() -> None:
    seed = bytes(range(32))
    info = b"detente/keytree/1/site/" + (7).to_bytes(8, "big")
    assert child(seed, b"site", 7) == expand(seed, info, 32)
    for length in (0, 255 * 32 + 1):
        with pytest.raises(MalformedError):
            expand(seed, b"", length)


# RFC 8785, sections 3.2.2 to 3.2.4
SAMPLE_TEXT = '\u20ac$\u000f\nA\'B"\\\\"/'
SAMPLE: dict[str, Any] = {
    "numbers": [333333333.33333329, 1e30, 4.50, 2e-3, 1e-27],
    "string": SAMPLE_TEXT,
    "literals": [None, True, False],
}
SAMPLE_BYTES = bytes.fromhex(
    "7b226c69746572616c73223a5b6e756c6c2c747275652c66616c73655d2c226e756d62657273223a5b3333333333333333332e3333"
    "33333333332c31652b33302c342e352c302e3030322c31652d32375d2c22737472696e67223a22e282ac245c75303030665c6e4127"
    "425c225c5c5c5c5c222f227d"
)
SORTED = [
    ("\r", "Carriage Return"), ("1", "One"), ("\u0080", "Control"),
    ("\u00f6", "Latin Small Letter O With Diaeresis"), ("\u20ac", "Euro Sign"),
    ("\U0001f600", "Emoji: Grinning Face"), ("\ufb33", "Hebrew Letter Dalet With Dagesh"),
]  # fmt: skip


def test_rfc_8785_sample() -> None:
    """The library beneath takes floats, as the standard does; what is sealed takes none."""
    assert rfc8785.dumps(SAMPLE) == SAMPLE_BYTES
    with pytest.raises(MalformedError, match="floating-point"):
        canonical(SAMPLE)
    rest = {key: value for key, value in SAMPLE.items() if key != "numbers"}
    start, stop = SAMPLE_BYTES.index(b',"numbers"'), SAMPLE_BYTES.index(b',"string"')
    assert canonical(rest) == SAMPLE_BYTES[:start] + SAMPLE_BYTES[stop:]
    assert parse(canonical(rest)) == rest


def test_rfc_8785_sorts_keys_by_utf_16() -> None:
    shuffled = dict(sorted(SORTED, key=lambda pair: pair[1]))
    assert list(parse(canonical(shuffled))) == [key for key, _ in SORTED]


@pytest.mark.parametrize(
    ("number", "wanted"),
    [
        (0, b"0"),
        (-1, b"-1"),
        (LARGEST_INTEGER, b"9007199254740991"),
        (-LARGEST_INTEGER, b"-9007199254740991"),
    ],
)
def test_rfc_8785_whole_numbers(number: int, wanted: bytes) -> None:
    assert canonical(number) == wanted
    assert parse(wanted) == number


@pytest.mark.parametrize("number", [2**53, -(2**53), 10**50, 1.0, float("nan"), float("inf"), -0.0])
def test_numbers_that_two_readers_could_take_in_two_ways_are_refused(number: float) -> None:
    with pytest.raises(MalformedError):
        canonical(number)


# C2SP signed-note: the example of the specification, and that of its first implementation
EXAMPLE_KEY = "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
EXAMPLE_NOTE = """This is an example message.

— example.com/foo Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYjOBH3mFXmRKuwHjG1Yu72IneyaQM=
"""
NEUMANN_KEY = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW"
NEUMANN_NOTE = """If you think cryptography is the answer to your problem,
then you don't know what your problem is.

— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=
"""


@pytest.mark.parametrize(("vkey", "text"), [(EXAMPLE_KEY, EXAMPLE_NOTE), (NEUMANN_KEY, NEUMANN_NOTE)])
def test_c2sp_signed_note_examples(vkey: str, text: str) -> None:
    key = parse_vkey(vkey)
    assert key.vkey == vkey
    note = parse_note(text.encode())
    assert bytes(note).decode() == text
    (found,) = verified(note, [key])
    assert found.verifier == key
    with pytest.raises(TamperedError, match="does not fit"):
        verified(parse_note(text.replace("is", "Is", 1).encode()), [key])


def test_c2sp_key_id_by_type() -> None:
    public = parse_vkey(EXAMPLE_KEY).public
    for kind in (PLAIN, COSIGNED):
        key = Verifier("witness.example", kind, public)
        assert key.key_id == hashlib.sha256(b"witness.example\n" + bytes([kind]) + public).digest()[:4]
        assert parse_vkey(key.vkey) == key


def test_c2sp_cosignature_signs_header_time_and_text() -> None:
    key = SigningKey("witness.example", bytes(32))
    text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n"
    signature = key.cosign(text, 1679315147)
    assert signature.value[:8] == (1679315147).to_bytes(8, "big")
    signed = f"cosignature/v1\ntime 1679315147\n{text}".encode()
    TYPES[COSIGNED].check(key.verifier().public, signature.value[8:], signed)


# C2SP tlog-tiles: the arithmetic of its own examples
def test_c2sp_tiles_of_size_70000() -> None:
    widths = [[tile.width for tile in tiles_of(70_000, level)] for level in range(3)]
    assert [row.count(256) for row in widths] == [273, 1, 0]
    assert [row[-1] for row in widths] == [112, 17, 1]
    assert levels_of(70_000) == 3
    assert sum(1 for _ in all_tiles(70_000)) == 274 + 2 + 1


def test_c2sp_tiles_of_size_256() -> None:
    assert [tile.path for tile in all_tiles(256)] == ["tile/0/000", "tile/1/000.p/1"]
    assert list(all_tiles(0)) == []


def test_c2sp_tile_paths() -> None:
    assert number_path(1234067) == "x001/x234/067"
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"
    assert Tile(-1, 5, 12).path == "tile/entries/005.p/12"
    assert [number_path(n) for n in (0, 999, 1000, 999_999, 1_000_000)] == [
        "000", "999", "x001/000", "x999/999", "x001/x000/000",
    ]  # fmt: skip
    for tile in (Tile(0, 0), Tile(-1, 1234067), Tile(5, 999, 255), Tile(63, 1000, 1)):
        assert parse_path(tile.path) == tile


@pytest.mark.parametrize(
    "path",
    ["tile/00/000", "tile/64/000", "tile/0/0", "tile/0/000.p/0", "tile/0/000.p/256", "tile/0/000.p/01",
     "tile/0/x000/001", "tile/0/../000", "/tile/0/000", "tile/0/000/", "tile/-1/000", "tile/0/٠٠٠",
     "tile/0/000\n"],
)  # fmt: skip
def test_other_paths_are_no_tiles(path: str) -> None:
    with pytest.raises(MalformedError):
        parse_path(path)

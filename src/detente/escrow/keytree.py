"""A tree of keys: whoever is given one seed can derive everything below it, and nothing beside or above.

HKDF with SHA-256. Seeds are uniform, so a child is the expansion step alone, with an `info` that names the
level and the place: HMAC-SHA256(seed, "detente/keytree/1/LEVEL/" | place in 8 bytes | 0x01).
Source: RFC 5869, sections 2.2, 2.3 and 3.3 (extraction may be left out for uniform keys).
"""

import hmac

from .errors import MalformedError

SEED_BYTES = 32
_PREFIX = b"detente/keytree/1/"


def extract(salt: bytes, material: bytes) -> bytes:
    """HKDF-Extract: 32 bytes from material that need not be uniform; an empty salt counts as zeros."""
    return hmac.digest(salt or bytes(32), material, "sha256")


def expand(key: bytes, info: bytes, length: int) -> bytes:
    """HKDF-Expand: `length` bytes from a uniform key, at most 255 times 32."""
    if not 0 < length <= 255 * 32:
        raise MalformedError(f"HKDF gives 1 to {255 * 32} bytes, not {length}")
    found = block = b""
    count = 0
    while len(found) < length:
        count += 1
        block = hmac.digest(key, block + info + bytes([count]), "sha256")
        found += block
    return found[:length]


def child(seed: bytes, level: bytes, place: int = 0) -> bytes:
    """The seed of 32 bytes below another, at a level and a place: `expand` for one block, written out."""
    return hmac.digest(seed, _PREFIX + level + b"/" + place.to_bytes(8, "big") + b"\x01", "sha256")

"""One value, one string of bytes: canonical JSON of RFC 8785, without floating-point numbers.

A float has many spellings and no exact decimal value, so none is taken: decimals are strings ("6.3").
Integers stay within I-JSON's range, plus or minus 2**53 - 1 (RFC 7493). Reading is as strict as writing, with
limits that are checked before anything is built: size, depth, number of values, no key twice, no lone
surrogate.
"""

import json
import re
from typing import Any

import rfc8785

from .errors import MalformedError, shown

LARGEST_INTEGER = 2**53 - 1
DEEPEST = 16
LARGEST_FILE = 32_000_000
"""Bytes of the largest file that is read."""
MOST_VALUES = 1_500_000
"""Values and keys in one file, counted before it is parsed."""
_TOKEN = re.compile(rb'"(?:[^"\\]|\\.)*+"?|[\[\]{},:]', re.DOTALL)


def canonical(value: Any) -> bytes:
    """The canonical bytes of a value; raises `MalformedError` for what has none, a float among them."""
    check(value)
    try:
        return rfc8785.dumps(value)
    except ValueError as fault:
        raise MalformedError(f"this text has no canonical form: {fault}") from None


def check(value: Any, depth: int = 0) -> None:
    """Raise `MalformedError` unless a value is of texts, whole numbers, true, false, null, lists, tables."""
    if depth > DEEPEST:
        raise MalformedError(f"values are nested more than {DEEPEST} deep")
    if value is None or isinstance(value, bool | str):
        return
    if isinstance(value, int):
        if abs(value) > LARGEST_INTEGER:
            raise MalformedError(
                f"{value if abs(value) < 10**40 else 'a number'} is beyond 2**53 - 1", "write it as a text"
            )
    elif isinstance(value, float):
        raise MalformedError(
            f"{value!r} is a floating-point number, which has no exact value",
            f'write it as a text: "{value!r}"',
        )
    elif isinstance(value, list | tuple):
        for entry in value:
            check(entry, depth + 1)
    elif isinstance(value, dict):
        for key, entry in value.items():
            if not isinstance(key, str):
                raise MalformedError(f"{shown(key)} is not a text and cannot be a key")
            check(entry, depth + 1)
    else:
        raise MalformedError(f"a {type(value).__name__} cannot be sealed", "write it as a text")


def parse(content: bytes, largest: int = LARGEST_FILE) -> Any:
    """The value of strict JSON; everything that two readers could take in two ways is refused."""
    if len(content) > largest:
        raise MalformedError(f"{len(content)} bytes are more than the {largest} that are read")
    _check_structure(content)
    try:
        value = json.loads(
            content.decode("utf-8"),
            object_pairs_hook=_table,
            parse_float=_refuse_number,
            parse_int=_integer,
            parse_constant=_refuse_number,
        )
        _check_text(value)
    except UnicodeError:
        raise MalformedError("this is not UTF-8 text") from None
    except json.JSONDecodeError as fault:
        raise MalformedError(f"line {fault.lineno}, column {fault.colno}: {fault.msg}") from None
    return value


def _check_structure(content: bytes) -> None:
    """Depth and number of values from the brackets alone, in constant memory."""
    depth = 0
    for count, found in enumerate(_TOKEN.finditer(content)):
        token = content[found.start()]
        if token in b"[{":
            depth += 1
        elif token in b"]}":
            depth -= 1
        if depth > DEEPEST or count > 2 * MOST_VALUES:
            raise MalformedError(
                f"values are nested more than {DEEPEST} deep"
                if depth > DEEPEST
                else f"there are more than {MOST_VALUES} values"
            )


def _table(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise MalformedError(f"the key {shown(twice)} stands twice")
    return found


def _integer(text: str) -> int:
    if len(text) > 17 or text == "-0" or abs(int(text)) > LARGEST_INTEGER:
        raise MalformedError(f"the number {shown(text)} is not a whole number within 2**53 - 1")
    return int(text)


def _refuse_number(text: str) -> Any:
    raise MalformedError(f"the number {shown(text)} is not a whole number", "decimals are written as texts")


def _check_text(value: Any) -> None:
    """Lone surrogates can be written as escapes in JSON and have no bytes in UTF-8."""
    if isinstance(value, str):
        value.encode("utf-8")
    elif isinstance(value, list):
        for entry in value:
            _check_text(entry)
    elif isinstance(value, dict):
        for key, entry in value.items():
            key.encode("utf-8")
            _check_text(entry)

"""The text of a saved page from its bytes, and damaged characters with the bytes that show what they were."""

import hashlib
import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

from detente.records.errors import InputError, Problem
from detente.records.reading import Repair

LARGEST = 16 * 2**20
"""Bytes of the largest page that is read; a news page of more is something else."""

_MAGIC = {
    b"%PDF": "a PDF document",
    b"PK\x03\x04": "a ZIP or Office file",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\x1f\x8b": "a compressed file",
    b"\x7fELF": "a program",
    b"SQLite format 3": "a database",
    b"\xd0\xcf\x11\xe0": "an old Office file",
}
_MARKS = {b"\xef\xbb\xbf": "utf-8-sig", b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
_CHARSET = re.compile(
    rb"""<(?:meta|\?xml)[^>]{0,200}?(?:charset|encoding)\s*=\s*["']?\s*([A-Za-z0-9_.:-]+)""", re.I
)
_ALIASES = {
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "iso-8859-1": "cp1252",
    "latin-1": "cp1252",
    "ascii": "cp1252",
}

_SINGLE = ("cp1252", "latin-1", "cp1251", "koi8-r", "cp866", "mac-roman")
_DOUBLE = ("euc_jp", "shift_jis", "gb18030", "big5", "euc_kr")
_RUN = re.compile(r"[^\x00-\x7f](?:[^\n<>]*[^\x00-\x7f])?")
_WORD = re.compile(r"[^\s<>\x00-\x1f]*[^\x00-\x7f][^\s<>\x00-\x1f]*")
_IDEOGRAPHS = re.compile(r"[\u4e00-\u9fff]+")
_KANA_OR_HANGUL = re.compile(r"[\u3040-\u30ff\uac00-\ud7af]")
_TYPOGRAPHY = "«»„“”‘’–—…№\u00a0©"
_RUSSIAN = dict(
    zip(
        "оеаинтсрвлкмдпуяыьгзбчйхжшюцщэфъё",
        (11, 8.4, 8, 7.3, 6.7, 6.3, 5.5, 4.7, 4.5, 4.4, 3.5, 3.2, 3, 2.8, 2.6, 2, 1.9, 1.7, 1.7, 1.6, 1.6, 1.4,
         1.2, 1, 0.9, 0.7, 0.6, 0.5, 0.4, 0.3, 0.3, 0.04, 0.04),
        strict=True,
    )
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Decoded:
    """A page's text, in whose code points all offsets count, and how it was got."""

    text: str
    encoding: str
    digest: str
    repairs: tuple[Repair, ...] = ()
    notices: tuple[str, ...] = ()


def decode(content: bytes, name: str = "") -> Decoded:
    """The text of a page. Raises `InputError` for an empty, binary or enormous file.

    A byte-order mark decides first, then UTF-8 where the bytes are valid, then what the page declares of
    itself, then charset-normalizer; a guess is told as a notice.
    """
    _refuse(content, name)
    digest = f"sha256:{hashlib.sha256(content).hexdigest()}"
    text, encoding, notices = _decoded(content)
    if "\x00" in text or _controls(text) > 0.02:
        raise _binary(name, "its bytes are no text")
    if not text.strip():
        raise _empty(name)
    return Decoded(text, encoding, digest, repairs(text), notices)


def _refuse(content: bytes, name: str) -> None:
    if not content.strip():
        raise _empty(name)
    if len(content) > LARGEST:
        raise InputError(
            Problem(
                f"the file has {len(content) / 2**20:.0f} MiB; a page of at most {LARGEST // 2**20} MiB is read",
                "save the article alone, without its pictures",
                file=name,
            )
        )
    for magic, kind in _MAGIC.items():
        if content.startswith(magic):
            raise _binary(name, f"it is {kind}")


def _empty(name: str) -> InputError:
    return InputError(Problem("the file is empty", "save the page again, as text or HTML", file=name))


def _binary(name: str, why: str) -> InputError:
    return InputError(Problem(f"this is no saved page: {why}", "save it as text or HTML", file=name))


def _controls(text: str) -> float:
    part = text[:20000]
    return sum(letter < " " and letter not in "\t\n\r\f" for letter in part) / max(1, len(part))


def _decoded(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    for mark, encoding in _MARKS.items():
        if content.startswith(mark):
            try:
                return content.decode(encoding), encoding.removesuffix("-sig"), ()
            except UnicodeDecodeError:
                break
    try:
        return content.decode("utf-8"), "utf-8", ()
    except UnicodeDecodeError:
        pass
    declared = _CHARSET.search(content[:4096])
    if declared:
        named = declared[1].decode("ascii").lower()
        encoding = _ALIASES.get(named, named)
        try:
            return content.decode(encoding), encoding, ()
        except (LookupError, UnicodeDecodeError):
            pass
    return _guessed(content)


def _guessed(content: bytes) -> tuple[str, str, tuple[str, ...]]:
    """The likeliest of several encodings: by Russian letter frequencies first, then by charset-normalizer."""
    sample = content[:65536]
    russian = [
        (_russian(sample.decode(name, "ignore")), name) for name in ("cp1251", "koi8-r", "cp866", "iso8859-5")
    ]
    likelihood, encoding = max(russian)
    if likelihood < 0.75:
        from charset_normalizer import from_bytes

        best = from_bytes(sample).best()
        encoding = best.encoding if best else "utf-8"
    try:
        text = content.decode(encoding)
    except (LookupError, UnicodeDecodeError):
        text = content.decode(encoding, "replace")
        lost = text.count("\ufffd")
        return (
            text,
            encoding,
            (f"{lost} bytes fit no encoding and are shown as \ufffd; offsets count them as one",),
        )
    return text, encoding, (f"the page names no encoding that fits; {encoding} is a guess",)


def repairs(text: str) -> tuple[Repair, ...]:
    """Damaged runs of a text, each with its bytes, the encoding they were read as and the one they are in.

    Every pair of encodings is tried. A repair is proposed where the same bytes are strictly better text in the
    other encoding; nothing in the text is changed.
    """
    if text.isascii():
        return ()
    japanese_or_korean = bool(_KANA_OR_HANGUL.search(text))
    found: list[Repair] = []
    for match in _WORD.finditer(text):
        word = match[0]
        made = _utf8(word) or _cyrillic(word)
        if made:
            found.append(_repair(match.start(), word, made))
        elif not japanese_or_korean:
            for run in _IDEOGRAPHS.finditer(word):
                pair = _ideographs(run[0])
                if pair:
                    found.append(_repair(match.start() + run.start(), run[0], pair))
    return tuple(found)


_Made = tuple[str, str, str, str]


def _repair(start: int, shown: str, made: _Made) -> Repair:
    repaired, read_as, written_in, reason = made
    return Repair(
        start=start, end=start + len(shown), shown=shown, repaired=repaired, bytes=shown.encode(read_as).hex(),
        read_as=read_as, written_in=written_in, reason=reason,
    )  # fmt: skip


def _converted(shown: str, read_as: str, written_in: str) -> str | None:
    try:
        made = shown.encode(read_as).decode(written_in)
    except (UnicodeError, LookupError):
        return None
    return made if made != shown and made.isprintable() else None


@lru_cache(maxsize=4096)
def _utf8(word: str) -> _Made | None:
    """UTF-8 read in a one-byte encoding: ftfy says whether it is likely, our pairs say which bytes."""
    for read_as in ("cp1252", "latin-1", "cp1251", "koi8-r", "cp866", "mac-roman"):
        made = _converted(word, read_as, "utf-8")
        if made and len(made) < len(word):
            from ftfy.badness import badness

            if badness(made) <= badness(word):
                return made, read_as, "utf-8", "the bytes are valid UTF-8, which chance gives rarely"
    return None


@lru_cache(maxsize=4096)
def _cyrillic(word: str) -> _Made | None:
    """Cyrillic in one eight-bit encoding read as another."""
    letters = [letter for letter in word if letter.isalpha()]
    if len(letters) < 4 or sum(letter > "\x7f" for letter in letters) < 0.8 * len(letters):
        return None
    before = _russian(word)
    if before >= 0.75:
        return None
    best: tuple[float, _Made] | None = None
    for read_as, written_in in product(_SINGLE, ("cp1251", "koi8-r", "cp866")):
        made = _converted(word, read_as, written_in)
        if made is None:
            continue
        after = _russian(made)
        if after >= max(0.9, before + 0.4) and (best is None or after > best[0]):
            reason = f"likelihood as Russian {after:.2f}, as shown {before:.2f}"
            best = after, (made, read_as, written_in, reason)
    return best[1] if best else None


def _russian(text: str) -> float:
    """How far a text looks like Russian, 0 to 1: letters in their frequencies, capitals only in front."""
    words = re.findall(r"[^\W\d_]+", text)
    letters = [
        letter for letter in text if letter.isalpha() or (letter > "\x7f" and letter not in _TYPOGRAPHY)
    ]
    if not words or not letters:
        return 0.0
    likely = sum(min(1.0, _RUSSIAN.get(letter.lower(), -1.5) / 2.5) for letter in letters) / len(letters)
    wrong = sum(not (word.islower() or word.isupper() or word[1:].islower()) for word in words)
    return max(0.0, min(1.0, 1.5 * likely - wrong / len(words)))


@lru_cache(maxsize=4096)
def _ideographs(run: str) -> _Made | None:
    """Chinese, Japanese or Korean in one double-byte encoding read as another."""
    if len(run) < 2:
        return None
    before = max(_common(run, language) for language in _COMMON)
    best: tuple[float, _Made] | None = None
    for read_as, written_in in product(_DOUBLE, _DOUBLE):
        made = _converted(run, read_as, written_in) if read_as != written_in else None
        if made is None:
            continue
        after, language = max((_common(made, language), language) for language in _COMMON)
        if after == 1.0 and after > before and (best is None or after > best[0]):
            name = "gbk" if written_in == "gb18030" else written_in
            reason = f"every character is common in {language}; as shown {before:.0%} are, at best"
            best = after, (made, read_as, name, reason)
    return best[1] if best else None


_COMMON = {"Chinese": ("gb2312", 0xB0, 0xD7), "traditional Chinese": ("big5", 0xA4, 0xC6),
           "Japanese": ("euc_jp", 0xB0, 0xCF), "Korean": ("euc_kr", 0xB0, 0xC8)}  # fmt: skip
"""The rows of each national standard that hold its common characters: level 1 of two or more."""


def _common(text: str, language: str) -> float:
    """Share of characters in the standard's own rows of common characters."""
    name, low, high = _COMMON[language]
    count = 0
    for letter in text:
        try:
            packed = letter.encode(name)
        except UnicodeError:
            continue
        count += len(packed) == 2 and low <= packed[0] <= high
    return count / len(text)

"""Bytes to text: encodings, refusals, and damage repaired reversibly with its bytes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from detente.reading.encoding import LARGEST, decode, repairs
from detente.records.errors import InputError


@pytest.mark.parametrize(
    ("shown", "repaired", "read_as", "written_in"),
    [
        ("嶄猟利", "中文网", "euc_jp", "gbk"),
        ("cafÃ©", "café", "cp1252", "utf-8"),
        ("donâ€™t", "don’t", "cp1252", "utf-8"),
        ("Ïðèâåò", "Привет", "cp1252", "cp1251"),
        ("рТЙЧЕФ", "Привет", "cp1251", "koi8-r"),
    ],
)
def test_damage_is_found_with_its_bytes(shown: str, repaired: str, read_as: str, written_in: str) -> None:
    (found,) = repairs(f"About {shown} us")
    assert (found.shown, found.repaired, found.read_as, found.written_in) == (
        shown,
        repaired,
        read_as,
        written_in,
    )
    assert bytes.fromhex(found.bytes).decode(found.read_as) == shown
    assert bytes.fromhex(found.bytes).decode(found.written_in) == repaired


@pytest.mark.parametrize(
    "text", ["naïve café", "Привет, «Россия»", "東京都", "核兵器の削減", "中文网", "한국어", "España"]
)
def test_sound_text_is_left_alone(text: str) -> None:
    assert repairs(text) == ()


@given(st.text())
def test_every_repair_leads_back_to_what_stands(text: str) -> None:
    for found in repairs(text):
        assert text[found.start : found.end] == found.shown
        assert bytes.fromhex(found.bytes).decode(found.read_as) == found.shown


@pytest.mark.parametrize("name", ["cp1251", "koi8-r", "cp866"])
def test_russian_without_a_label_is_told_as_a_guess(name: str) -> None:
    text = "Президент Сильдавии заявил о сокращении пусковых установок в будущем году."
    found = decode(text.encode(name))
    assert found.text == text
    assert "guess" in found.notices[0]


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        (b"", "empty"),
        (b" \n ", "empty"),
        (b"%PDF-1.7 ...", "no saved page"),
        (bytes(range(256)) * 20, "no saved page"),
        (b"a" * (LARGEST + 1), "MiB"),
    ],
)
def test_what_is_no_page_is_refused(content: bytes, rule: str) -> None:
    with pytest.raises(InputError, match=rule) as caught:
        decode(content, "page.txt")
    assert caught.value.problems[0].file == "page.txt"
    assert caught.value.problems[0].way_out

"""A signed request opens the door once, here, now, for what it was signed for, and for nobody else."""

import base64

import pytest

from detente.escrow.errors import MalformedError, TamperedError
from detente.escrow.keys import SigningKey
from detente.escrow.request import LARGEST_HEADER, WINDOW_S, Doorkeeper, sign_request

KEY, OTHER = SigningKey("a.example", b"a" * 32), SigningKey("b.example", b"b" * 32)
NOW = 1_800_000_000
TARGET = "/v1/inbox?sender=b.example&after=0"


def header(door: Doorkeeper, key: SigningKey = KEY, target: str = TARGET, now: int = NOW) -> str:
    return sign_request(key, door.server, door.session, "GET", target, now)


def admit(door: Doorkeeper, text: str, target: str = TARGET, now: int = NOW) -> str:
    return door.admit(text, "GET", target, [KEY.verifier(), OTHER.verifier()], now)


def test_who_asks_is_known_by_his_key() -> None:
    door = Doorkeeper("relay.example")
    assert admit(door, header(door)) == "a.example"
    assert admit(door, header(door, OTHER)) == "b.example"


def test_a_request_is_let_in_once() -> None:
    door = Doorkeeper("relay.example")
    text = header(door)
    admit(door, text)
    with pytest.raises(TamperedError, match="replay") as refused:
        admit(door, text)
    assert refused.value.step == 6


@pytest.mark.parametrize("late", [-WINDOW_S - 1, WINDOW_S + 1])
def test_another_time_is_refused(late: int) -> None:
    door = Doorkeeper("relay.example")
    with pytest.raises(TamperedError, match="clock") as refused:
        admit(door, header(door), now=NOW + late)
    assert refused.value.step == 5


def test_another_address_server_session_or_key_is_refused() -> None:
    door = Doorkeeper("relay.example")
    with pytest.raises(TamperedError, match="another address"):
        admit(door, header(door), target="/v1/inbox?sender=a.example&after=0")
    with pytest.raises(TamperedError, match="another address"):
        door.admit(header(door), "POST", TARGET, [KEY.verifier()], NOW)
    for elsewhere in (Doorkeeper("relay.example"), Doorkeeper("evil.example", door.session)):
        with pytest.raises(TamperedError, match="another server") as refused:
            admit(door, header(elsewhere))
        assert refused.value.step == 3
    with pytest.raises(TamperedError, match="no trusted key"):
        admit(door, header(door, SigningKey("a.example", b"x" * 32)))


def test_two_signatures_are_nobodys() -> None:
    door = Doorkeeper("relay.example")
    from detente.escrow.notes import parse_note

    note = parse_note(base64.b64decode(header(door)))
    both = note.with_signature(OTHER.sign(note.text))
    with pytest.raises(TamperedError, match="one key alone"):
        admit(door, base64.b64encode(bytes(both)).decode())


@pytest.mark.parametrize(
    "text",
    [
        "A" * (LARGEST_HEADER + 4),
        "*",
        base64.b64encode(b"no note").decode(),
        base64.b64encode(bytes(KEY.signed("detente/request/1\nsomething else\n"))).decode(),
    ],
)  # fmt: skip
def test_a_malformed_request_is_refused(text: str) -> None:
    with pytest.raises(MalformedError) as refused:
        admit(Doorkeeper("relay.example"), text)
    assert refused.value.step == 1


def test_nothing_malformed_is_signed() -> None:
    for target in ("no slash", "/two\nlines", "/a space"):
        with pytest.raises(MalformedError, match="cannot be asked"):
            sign_request(KEY, "relay.example", "0" * 32, "GET", target, NOW)


def test_old_numbers_are_forgotten_and_memory_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    door = Doorkeeper("relay.example")
    for late in range(3):
        admit(door, header(door, now=NOW + late), now=NOW + late)
    assert len(door._seen) == 3
    later = NOW + 10 * WINDOW_S
    admit(door, header(door, now=later), now=later)
    assert len(door._seen) == 1
    monkeypatch.setattr("detente.escrow.request.MOST_NONCES", 1)
    with pytest.raises(TamperedError, match="too many requests"):
        admit(door, header(door, now=later), now=later)

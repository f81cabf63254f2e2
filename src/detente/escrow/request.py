"""A signed request: who asks what of which server, once, and now; so that a reader is known by his key alone.

A note whose text names the server and its session (a number that it draws at each start), the method, the
address below the server's root, a number drawn at random and a time. A server refuses what is for another
server or session, what is older than its window, and what it has seen before.
"""

import base64
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from .errors import EscrowError, MalformedError, TamperedError
from .keys import SigningKey
from .notes import Verifier, decode_base64, parse_note, verified

FIRST_LINE = "detente/request/1"
WINDOW_S = 120
LARGEST_HEADER = 6_000
MOST_NONCES = 100_000
_TEXT = re.compile(
    r"detente/request/1\nserver (?P<server>\S+)\nsession (?P<session>[0-9a-f]{32})\n"
    r"method (?P<method>[A-Z]{1,10})\ntarget (?P<target>/\S*)\n"
    r"nonce (?P<nonce>[0-9a-f]{32})\ntime (?P<time>[1-9][0-9]{0,15})\n"
)


def sign_request(key: SigningKey, server: str, session: str, method: str, target: str, time: int) -> str:
    """The header that goes with a request: the signed note in base64; `time` in POSIX seconds."""
    text = (
        f"{FIRST_LINE}\nserver {server}\nsession {session}\nmethod {method}\ntarget {target}\n"
        f"nonce {os.urandom(16).hex()}\ntime {time}\n"
    )
    if _TEXT.fullmatch(text) is None:
        raise MalformedError(
            "this cannot be asked: the server's name, its session or the address is malformed"
        )
    return base64.b64encode(bytes(key.signed(text))).decode()


@dataclass
class Doorkeeper:
    """A server's name and session, and the requests that it has let in within its window."""

    server: str
    session: str = field(default_factory=lambda: os.urandom(16).hex())
    _seen: dict[str, int] = field(default_factory=dict, repr=False)

    def admit(self, header: str, method: str, target: str, keys: Iterable[Verifier], now: int) -> str:
        """The name of the key that signed a request, or raise with the number of the step; six steps.

        1. The header is well formed. 2. A known key signed it. 3. It is for this server and session. 4. It is
        for this method and address. 5. Its time is within the window. 6. It was not seen before.
        """
        step = 1
        try:
            if len(header) > LARGEST_HEADER:
                raise MalformedError("the signed request is too long")
            note = parse_note(decode_base64(header, "the signed request"))
            found = _TEXT.fullmatch(note.text)
            if found is None:
                raise MalformedError(f'its lines are not those of "{FIRST_LINE}"')
            step = 2
            if len(note.signatures) != 1:
                raise TamperedError("a request is signed by one key alone")
            signed = verified(note, keys)
            step = 3
            if (found["server"], found["session"]) != (self.server, self.session):
                raise TamperedError("it is for another server, or for one that was started anew since")
            step = 4
            if (found["method"], found["target"]) != (method, target):
                raise TamperedError("it was signed for another address")
            step = 5
            if abs(int(found["time"]) - now) > WINDOW_S:
                raise TamperedError(
                    f"its time is more than {WINDOW_S} s from the server's", "set the clock of this machine"
                )
            step = 6
            self._once(found["nonce"], now)
        except EscrowError as fault:
            raise fault.at(step) from None
        return signed[0].verifier.name

    def _once(self, nonce: str, now: int) -> None:
        if nonce in self._seen:
            raise TamperedError("replay: it was seen before")
        oldest = next(iter(self._seen), None)
        while oldest is not None and self._seen[oldest] < now - 2 * WINDOW_S:
            del self._seen[oldest]
            oldest = next(iter(self._seen), None)
        if len(self._seen) >= MOST_NONCES:
            raise TamperedError("too many requests within the window")
        self._seen[nonce] = now

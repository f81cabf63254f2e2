"""The relay as a server: hand in signed files, fetch those addressed to oneself, read its log, cosign it.

The gate is a client certificate, checked before a byte of HTTP. Who somebody is, a signature says: that of
the file that is handed in, that of the request that asks, that of the cosigner. Files are read a piece at a
time, and only after their signed note has said that they are awaited and how long they are.
"""

import asyncio
import tempfile
import time
from dataclasses import dataclass
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import Depends, FastAPI, Header, Path, Query, Request
from fastapi.responses import Response, StreamingResponse

from detente import api

from .guard import Rates, Refusal, RefusedError, guarded, into_file, whole

SPOOLED_BYTES = 1_000_000
LARGEST_HEADER = 12_000
MOST_LISTED = 100
Name = Annotated[str, Query(min_length=1, max_length=255, pattern=r"^[^\s+]+$")]
Number = Annotated[int, Query(ge=0, le=2**53)]


@dataclass(frozen=True)
class Hello:
    """What a visitor must know to sign a request."""

    origin: str
    vkey: str
    session: str
    time: int
    largest: int


@dataclass(frozen=True)
class Accepted:
    """Where a file was logged; its number in the log counts from 0."""

    index: int


@dataclass(frozen=True)
class Way:
    """The last number between the one who asks and another member."""

    member: str
    sequence: int
    index: int


@dataclass(frozen=True)
class Standing:
    """How far the sending of the one who asks came, and what is here for him."""

    name: str
    sent: list[Way]
    inbox: list[Way]


@dataclass(frozen=True)
class Waiting:
    """A file that is addressed to the one who asks: its note is the signed envelope."""

    sequence: int
    length: int
    index: int
    accepted: int
    note: str


@dataclass(frozen=True)
class Inbox:
    """Files from one sender in their order."""

    files: list[Waiting]


@dataclass(frozen=True)
class Cosigned:
    """A checkpoint with the cosignature of a member."""

    note: str


@dataclass(frozen=True)
class Cosigners:
    """Whose cosignatures were taken."""

    cosigned_by: list[str]


def _refusals(*statuses: int) -> dict[int | str, dict[str, Any]]:
    return {status: {"model": Refusal} for status in (400, 422, 429, *statuses)}


BYTES: dict[int | str, dict[str, Any]] = {
    200: {"content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}}
}
SIGNED: dict[str, Any] = {"security": [{"signed": []}]}
ONE_BODY: dict[str, Any] = {
    "required": True,
    "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
}


def relay_app(relay: Any, key: Any, hosts: list[str], rates: Rates, version: str) -> FastAPI:
    """The application over an open relay (`api.open_relay`), which logs with the relay's key."""
    app = guarded(f"Relay {relay.origin}", hosts, version, "Signed files between two parties")
    counter = _Counter(relay, key, rates)
    _open_to_all(app, counter)
    _by_own_signature(app, counter)
    _by_signed_request(app, counter)
    _describe(app)
    return app


class _Counter:
    """The relay with its door: who calls, and which member asks."""

    def __init__(self, relay: Any, key: Any, rates: Rates) -> None:
        self.relay, self.key, self.rates = relay, key, rates
        self.door = api.doorkeeper(relay.origin)

    def caller(self, request: Request) -> None:
        """Count a request of an address."""
        self.rates.take(f"address {request.client.host if request.client else ''}")

    def member(self, request: Request, authorization: Annotated[str, Header(max_length=8_000)] = "") -> str:
        """The member who signed a request; nobody else is let in."""
        self.caller(request)
        word, _, header = authorization.partition(" ")
        target = request.url.path + (f"?{request.url.query}" if request.url.query else "")
        keys = [entry.key for entry in self.relay.members().values()]
        try:
            if word != "Detente":
                raise api.MalformedError("a signed request is needed", "Authorization: Detente BASE64")
            name = self.door.admit(header.strip(), request.method, target, keys, int(time.time()))
        except api.EscrowError as fault:
            raise _told(fault, 401) from None
        self.rates.take(f"member {name}")
        return name


def _open_to_all(app: FastAPI, counter: _Counter) -> None:
    """What everybody may read whom the gate lets through: who this is, and the log."""
    relay, anyone = counter.relay, [Depends(counter.caller)]

    @app.get("/v1/hello", response_model=Hello, responses=_refusals(), dependencies=anyone)
    def hello() -> Hello:
        """What a visitor must know to sign a request."""
        session, largest = counter.door.session, relay.limits.largest
        return Hello(relay.origin, relay.log_key.vkey, session, int(time.time()), largest)

    @app.get("/v1/log/{path:path}", responses=_refusals(404) | BYTES, dependencies=anyone)
    def log(path: Annotated[str, Path(max_length=100)]) -> Response:
        """The log as tiles, as C2SP tlog-tiles lays them out: `checkpoint`, `tile/LEVEL/NUMBER`."""
        try:
            return Response(relay.log_file(path), media_type="application/octet-stream")
        except (FileNotFoundError, NotADirectoryError, IsADirectoryError, api.EscrowError):
            raise RefusedError(404, Refusal("there is no such file in the log")) from None


def _by_own_signature(app: FastAPI, counter: _Counter) -> None:
    """What is signed in itself: files that are handed in, and cosignatures."""
    relay, anyone = counter.relay, [Depends(counter.caller)]
    refusals = _refusals(403, 408, 409, 413)
    body = {"requestBody": ONE_BODY}

    @app.post(
        "/v1/envelopes", status_code=201, response_model=Accepted, responses=refusals,
        dependencies=anyone, openapi_extra=body,
    )  # fmt: skip
    async def hand_in(
        request: Request, detente_note: Annotated[str, Header(min_length=1, max_length=LARGEST_HEADER)]
    ) -> Accepted:
        """Hand in a signed file: its note, percent-encoded, as header `Detente-Note`; its bytes as body."""
        note, now = unquote(detente_note, errors="replace").encode(), int(time.time())
        try:
            envelope = await asyncio.to_thread(relay.expect, note, now)
            counter.rates.take(f"member {envelope.sender}")
            with tempfile.SpooledTemporaryFile(SPOOLED_BYTES) as file:
                await into_file(request, envelope.length, file)
                index = await asyncio.to_thread(relay.accept, note, file, counter.key, now)
        except api.EscrowError as fault:
            raise _told(fault, 403) from None
        return Accepted(index)

    @app.post(
        "/v1/cosignatures", response_model=Cosigners, responses=refusals, dependencies=anyone,
        openapi_extra=body,
    )  # fmt: skip
    async def cosign(request: Request) -> Cosigners:
        """Take members' cosignatures under the log's present checkpoint: the note is the body."""
        content = await whole(request, LARGEST_HEADER)
        try:
            return Cosigners(await asyncio.to_thread(relay.cosign, content))
        except api.MovedError as fault:
            raise _told(fault, 409) from None
        except api.EscrowError as fault:
            raise _told(fault, 403) from None


def _by_signed_request(app: FastAPI, counter: _Counter) -> None:
    """What one member alone may read: how far his sending came, and what is addressed to him."""
    relay = counter.relay
    Member = Annotated[str, Depends(counter.member)]
    refusals, unknown = _refusals(401), _refusals(401, 404)

    @app.get("/v1/standing", response_model=Standing, responses=refusals, openapi_extra=SIGNED)
    def standing(name: Member) -> Any:
        """How far the sending of the one who asks came, and what is here for him."""
        return api.relay_standing(relay, name)

    @app.get("/v1/inbox", response_model=Inbox, responses=refusals, openapi_extra=SIGNED)
    def inbox(name: Member, sender: Name, after: Number = 0) -> Any:
        """The files from a sender that are addressed to the one who asks, after a number, in order."""
        return {"files": api.relay_inbox(relay, name, sender, after, MOST_LISTED)}

    @app.get("/v1/content", responses=unknown | BYTES, openapi_extra=SIGNED)
    def content(name: Member, sender: Name, sequence: Number) -> Response:
        """The bytes of a file that is addressed to the one who asks."""
        found = api.relay_content(relay, name, sender, sequence)
        if found is None:
            raise RefusedError(404, Refusal("there is no such file for you"))
        length, pieces = found
        headers = {"content-length": str(length)}
        return StreamingResponse(pieces, media_type="application/octet-stream", headers=headers)

    @app.get("/v1/cosigned", response_model=Cosigned, responses=unknown, openapi_extra=SIGNED)
    def cosigned(_: Member, name: Name) -> Cosigned:
        """The largest checkpoint that a member has cosigned."""
        found = relay.cosigned(name)
        if found is None:
            raise RefusedError(404, Refusal("this member has cosigned nothing yet"))
        return Cosigned(found.decode())


def _told(fault: Any, otherwise: int) -> RefusedError:
    """A refusal of the relay with the status that belongs to it."""
    refusal = Refusal(fault.rule, fault.way_out, fault.step, getattr(fault, "index", None))
    if isinstance(fault, api.LimitError):
        return RefusedError(413, refusal)
    if isinstance(fault, api.MalformedError) and otherwise != 401:
        return RefusedError(422, refusal)
    if otherwise == 403 and fault.step == 5:
        return RefusedError(409, refusal)
    return RefusedError(otherwise, refusal)


def _describe(app: FastAPI) -> None:
    """Add to the schema how a request is signed."""
    made = app.openapi()
    schemes = made.setdefault("components", {}).setdefault("securitySchemes", {})
    said = "Authorization: Detente BASE64, a signed note of the kind detente/request/1"
    schemes["signed"] = {"type": "apiKey", "in": "header", "name": "Authorization", "description": said}
    for item in made["paths"].values():
        for operation in item.values():
            parameters = operation.get("parameters", [])
            operation["parameters"] = [p for p in parameters if p["name"] != "authorization"]

"""What every server of ours does before it answers: strict headers, hosts by name, rates, bounded bodies."""

import asyncio
import time
from collections import OrderedDict
from collections.abc import AsyncIterator, Awaitable, Callable, MutableMapping
from dataclasses import dataclass, field
from typing import IO, Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.middleware.trustedhost import TrustedHostMiddleware
from fastapi.responses import JSONResponse, Response

Message = MutableMapping[str, Any]
HEADERS = (
    (b"cache-control", b"no-store"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"strict-transport-security", b"max-age=31536000"),
    (b"x-content-type-options", b"nosniff"),
)
Send = Callable[[Message], Awaitable[None]]
MOST_CALLERS = 4_096
SLOWEST_BYTES_S = 20_000
BODY_S = 30


@dataclass(frozen=True)
class Refusal:
    """Why a server refuses: the rule, the way out, the number of the step that failed, the entry if known."""

    rule: str
    way_out: str = ""
    step: int | None = None
    index: int | None = None


class RefusedError(Exception):
    """A refusal on its way to the caller, with its status."""

    def __init__(self, status: int, refusal: Refusal, wait_s: int = 0) -> None:
        super().__init__(refusal.rule)
        self.status, self.refusal, self.wait_s = status, refusal, wait_s


@dataclass
class Rates:
    """How many requests each caller may make a minute: a bucket a caller, and a bounded number of buckets."""

    a_minute: int
    burst: int
    clock: Callable[[], float] = time.monotonic
    _buckets: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, caller: str) -> None:
        """Count a request; raises `RefusedError` with 429 where there were too many."""
        now = self.clock()
        left, then = self._buckets.pop(caller, (float(self.burst), now))
        left = min(self.burst, left + (now - then) * self.a_minute / 60)
        while len(self._buckets) >= MOST_CALLERS:
            self._buckets.popitem(last=False)
        if left < 1:
            self._buckets[caller] = (left, now)
            wait_s = int((1 - left) * 60 / self.a_minute) + 1
            rule = f"more than {self.a_minute} requests a minute"
            raise RefusedError(429, Refusal(rule, f"wait {wait_s} s"), wait_s)
        self._buckets[caller] = (left - 1, now)


async def pieces(request: Request, most: int) -> AsyncIterator[bytes]:
    """The body of a request, a piece at a time, refused once it is more than `most` bytes or too slow."""
    read, until = 0, time.monotonic() + BODY_S + most / SLOWEST_BYTES_S
    stream = request.stream().__aiter__()
    while True:
        try:
            async with asyncio.timeout(until - time.monotonic()):
                piece = await stream.__anext__()
        except StopAsyncIteration:
            return
        except TimeoutError:
            raise RefusedError(408, Refusal("the body comes too slowly", "try again")) from None
        read += len(piece)
        if read > most:
            rule = f"the body has more than the {most} bytes that are taken"
            raise RefusedError(413, Refusal(rule, "send less"))
        yield piece


async def whole(request: Request, most: int) -> bytes:
    """A small body, in memory."""
    return b"".join([piece async for piece in pieces(request, most)])


async def into_file(request: Request, most: int, file: IO[bytes]) -> None:
    """A large body, into a file."""
    async for piece in pieces(request, most):
        await asyncio.to_thread(file.write, piece)


class StrictHeaders:
    """Adds the headers that forbid a browser everything to each answer."""

    def __init__(self, app: Any) -> None:
        self.app = app

    async def __call__(
        self, scope: Message, receive: Any, send: Callable[[Message], Awaitable[None]]
    ) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = [*message.get("headers", []), *HEADERS]
            await send(message)

        await self.app(scope, receive, sent if scope["type"] == "http" else send)


def answer(refused: RefusedError) -> Response:
    """A refusal as it leaves."""
    refusal = refused.refusal
    body = {"schema": "detente/refusal/1", "rule": refusal.rule, "way_out": refusal.way_out}
    body |= {"step": refusal.step, "index": refusal.index}  # type: ignore[dict-item]
    headers = {"retry-after": str(refused.wait_s)} if refused.wait_s else {}
    if refused.status == 401:
        headers["www-authenticate"] = "Detente"
    return JSONResponse(body, refused.status, headers)


def guarded(title: str, hosts: list[str], version: str, summary: str) -> FastAPI:
    """An application with no pages, strict headers, trusted hosts, and one form of refusal."""
    app = FastAPI(
        title=title, version=version, summary=summary, docs_url=None, redoc_url=None,
        openapi_url="/openapi.json",
    )  # fmt: skip

    async def refused(_: Request, fault: RefusedError) -> Response:
        return answer(fault)

    async def malformed(_: Request, fault: RequestValidationError) -> Response:
        first = fault.errors()[0] if fault.errors() else {}
        where = ".".join(str(part) for part in first.get("loc", ()))
        return answer(RefusedError(422, Refusal(f"{where}: {first.get('msg', 'malformed')}")))

    async def unknown(_: Request, fault: Any) -> Response:
        made = answer(RefusedError(fault.status_code, Refusal(str(fault.detail))))
        for name, value in (fault.headers or {}).items():
            made.headers[name] = value
        return made

    app.add_exception_handler(RefusedError, refused)  # type: ignore[arg-type]
    app.add_exception_handler(RequestValidationError, malformed)  # type: ignore[arg-type]
    for status in (404, 405):
        app.add_exception_handler(status, unknown)
    app.add_middleware(TrustedHostMiddleware, allowed_hosts=hosts, www_redirect=False)
    app.add_middleware(StrictHeaders)
    return app

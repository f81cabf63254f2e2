"""A witness as a server: C2SP tlog-witness, one request, `add-checkpoint`."""

import asyncio
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Request
from fastapi.responses import PlainTextResponse, Response

from detente import api

from .guard import Rates, Refusal, RefusedError, guarded, whole

LARGEST_BODY = 64_000
TEXT = {"content": {"text/plain": {"schema": {"type": "string"}}}}


def witness_app(
    name: str, add: Callable[[bytes], bytes], hosts: list[str], rates: Rates, version: str
) -> FastAPI:
    """The application of a witness; `add` answers the body of a request with the cosignature line."""
    app = guarded(f"Witness {name}", hosts, version, "Cosigns checkpoints that continue the last")

    def caller(request: Request) -> None:
        rates.take(f"address {request.client.host if request.client else ''}")

    Caller = Annotated[None, Depends(caller)]
    answers: dict[int | str, dict[str, Any]] = {
        status: {"model": Refusal} for status in (400, 403, 404, 408, 413, 422, 429)
    }
    answers |= {200: TEXT, 409: {"content": {"text/x.tlog.size": {"schema": {"type": "string"}}}}}

    @app.post(
        "/add-checkpoint", responses=answers,
        openapi_extra={"requestBody": {"required": True, **TEXT}},
    )  # fmt: skip
    async def add_checkpoint(request: Request, _: Caller) -> Response:
        """Cosign a checkpoint: `old SIZE` as cosigned last, a proof from there, the checkpoint."""
        body = await whole(request, LARGEST_BODY)
        try:
            return PlainTextResponse(await asyncio.to_thread(add, body))
        except api.OldSizeError as fault:
            return Response(f"{fault.size}\n", 409, {"content-type": "text/x.tlog.size"})
        except api.EscrowError as fault:
            refusal = Refusal(fault.rule, fault.way_out, fault.step)
            raise RefusedError(_status(fault), refusal) from None

    return app


def _status(fault: Any) -> int:
    """The status by tlog-witness: 404 an unknown log, 403 no signature of its key, 422 a proof that fails."""
    if fault.step == 1:
        return 404 if isinstance(fault, api.MalformedError) else 403
    if fault.step == 2:
        return 403
    return 400 if fault.step is None else 422

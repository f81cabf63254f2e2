"""Running a server: TLS 1.3 with client certificates as the gate, bounded, ended in good order."""

import ipaddress
import logging
import signal
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import uvicorn

GRACE_S = 20
MOST_CONNECTIONS = 64
LARGEST_HEAD = 32_768


@dataclass(frozen=True)
class Gate:
    """The certificate and key of a server, and the authority of those who may speak to it; PEM files."""

    certificate: Path
    key: Path
    clients: Path


def is_loopback(host: str) -> bool:
    """Whether an address is this machine's alone."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def serve(app: Any, host: str, port: int, gate: Gate | None, ready: Callable[[str], None]) -> None:
    """Serve until SIGTERM or SIGINT; requests under way are ended first. `ready` is told the address."""
    tls: dict[str, Any] = {}
    if gate is not None:
        tls = {
            "ssl_certfile": gate.certificate, "ssl_keyfile": gate.key, "ssl_ca_certs": str(gate.clients),
            "ssl_cert_reqs": ssl.CERT_REQUIRED, "ssl_context_factory": _strict,
        }  # fmt: skip
    config = uvicorn.Config(
        app, host=host, port=port, log_config=None, access_log=False, server_header=False,
        proxy_headers=False,
        http="h11", ws="none", lifespan="off", limit_concurrency=MOST_CONNECTIONS, timeout_keep_alive=10,
        timeout_graceful_shutdown=GRACE_S, h11_max_incomplete_event_size=LARGEST_HEAD, **tls,
    )  # fmt: skip
    logging.getLogger("uvicorn").setLevel(logging.ERROR)
    _Server(config, ready).run()


def _strict(_: uvicorn.Config, usual: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
    context = usual()
    context.minimum_version = ssl.TLSVersion.TLSv1_3
    return context


class _Server(uvicorn.Server):
    """Says where it listens once it does, which for port 0 nobody knows before."""

    def __init__(self, config: uvicorn.Config, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self.ready = ready

    def handle_exit(self, sig: int, frame: Any) -> None:
        """SIGTERM is a request like any other: what is under way is ended, and the process with 0."""
        if sig != signal.SIGTERM or self.should_exit:
            super().handle_exit(sig, frame)
        self.should_exit = True

    async def startup(self, sockets: Any = None) -> None:
        await super().startup(sockets)
        for server in getattr(self, "servers", ()):
            for listening in server.sockets:
                host, port = listening.getsockname()[:2]
                shown = f"[{host}]" if ":" in host else host
                self.ready(f"{'https' if self.config.is_ssl else 'http'}://{shown}:{port}")

"""Starting the servers: a relay that is made and admitted to, and a witness."""

from collections.abc import Callable, Sequence
from importlib.metadata import version
from typing import Any

from .guard import Rates
from .relay import relay_app
from .serving import Gate, is_loopback, serve
from .witness import witness_app

__all__ = ["Gate", "is_loopback", "run_relay", "run_witness"]
LOOPBACK = ("127.0.0.1", "localhost", "[::1]", "::1")


def hosts_of(host: str, named: Sequence[str]) -> list[str]:
    """The names under which a server may be called; its own address and loopback's always."""
    return list(dict.fromkeys([*named, host, *(LOOPBACK if is_loopback(host) else ())]))


def run_relay(
    relay: Any, key: Any, *, host: str, port: int, gate: Gate | None, names: Sequence[str], a_minute: int,
    ready: Callable[[str], None],
) -> None:  # fmt: skip
    """Serve an open relay until it is told to end."""
    rates = Rates(a_minute, burst=max(a_minute // 2, 1))
    try:
        serve(
            relay_app(relay, key, hosts_of(host, names), rates, version("detente")), host, port, gate, ready
        )
    finally:
        relay.close()


def run_witness(
    key: Any, add: Callable[[bytes], bytes], *, host: str, port: int, gate: Gate | None,
    names: Sequence[str], a_minute: int, ready: Callable[[str], None],
) -> None:  # fmt: skip
    """Serve a witness until it is told to end; `add` answers the body of a request."""
    rates = Rates(a_minute, burst=max(a_minute // 2, 1))
    serve(
        witness_app(key.name, add, hosts_of(host, names), rates, version("detente")), host, port, gate, ready
    )

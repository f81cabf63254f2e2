"""Détente: run both sides' numbers, from what was said to what can be verified.

Every public name stands in `detente.api`; it is loaded when first asked for, so that
`detente --help` pays for none of it.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .api import *  # noqa: F403


def __getattr__(name: str) -> Any:
    if name.startswith("__"):
        raise AttributeError(name)
    api = import_module("detente.api")
    if name == "api":
        return api
    if name in api.__all__:
        return getattr(api, name)
    raise AttributeError(f"module 'detente' has no attribute {name!r}")


def __dir__() -> list[str]:
    return sorted(import_module("detente.api").__all__)

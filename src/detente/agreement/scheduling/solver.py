"""The solver, set up so that it says nothing and gives the same answer to the same question on every run."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

import highspy

OPTIONS = {
    "output_flag": False,
    "threads": 1,
    "random_seed": 0,
    "mip_rel_gap": 0.0,
    "mip_abs_gap": 1e-6,
    "mip_feasibility_tolerance": 1e-7,
}
"""One thread and one seed; whole answers, proven."""


def new_solver(**options: bool | float | str) -> Any:
    """An empty model of HiGHS with these options over the usual ones."""
    _greeted()
    h = _highs()
    for option, value in (OPTIONS | options).items():
        h.setOptionValue(option, value)
    return h


def _highs() -> Any:
    return highspy.Highs()  # type: ignore[no-untyped-call]


@cache
def _greeted() -> bool:
    """HiGHS prints its name once a process, on file descriptor 1, before anybody can tell it not to."""
    with _nothing_on_stdout():
        _highs()
    return True


@contextmanager
def _nothing_on_stdout() -> Iterator[None]:
    """Nothing that is written to file descriptor 1 meanwhile arrives there."""
    try:
        sys.stdout.flush()
        kept = os.dup(1)
    except (OSError, ValueError, AttributeError):  # there is no stdout to keep clean
        yield
        return
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, 1)
        os.close(nowhere)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)

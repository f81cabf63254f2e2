"""What can go wrong in a sweep that no row can carry, each with its way out."""

from detente.records.errors import DetenteError, InputError, Problem


class SweepError(DetenteError):
    """A sweep that cannot go on; what is finished is kept."""


class MissingPartError(DetenteError, ImportError):
    """An optional part of the installation is absent; the message says which and how to add it."""


class DiskFullError(SweepError, OSError):
    """The disk of the run folder takes no more; finished chunks are kept."""


def refused(rule: str, way_out: str, key: str = "") -> InputError:
    """A refusal of one argument."""
    return InputError(Problem(rule, way_out, key=key))


def stopped(rule: str, way_out: str) -> SweepError:
    """A sweep that stops for a reason, with its way out."""
    return SweepError(str(Problem(rule, way_out)))

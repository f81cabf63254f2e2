"""What is said when a dispute cannot be analysed: the rule that was broken and the way out."""

from detente.records.errors import DetenteError


class DisputeError(DetenteError, ValueError):
    """A position, claim, model answer or table that cannot be analysed; the message names a way out."""

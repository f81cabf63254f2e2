"""The refusals of the escrow: malformed input, proven tampering, and the numbered step that failed."""


class EscrowError(Exception):
    """A refusal with its rule, the way out, and where it arose; the message is meant for a person."""

    def __init__(self, rule: str, way_out: str = "", *, where: str = "", step: int | None = None) -> None:
        self.rule, self.way_out, self.where, self.step = rule, way_out, where, step
        super().__init__(rule)

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        numbered = f"step {self.step}: " if self.step is not None else ""
        out = f"\n  way out: {self.way_out}" if self.way_out else ""
        text = f"{place}{numbered}{self.rule}{out}"
        return "".join(c if c.isprintable() or c in "\n\t" else "\N{REPLACEMENT CHARACTER}" for c in text)

    def at(self, step: int, where: str = "") -> "EscrowError":
        """The same refusal, found in a numbered step of a proof about a file."""
        self.step = step if self.step is None else self.step
        self.where = self.where or where
        return self


class MalformedError(EscrowError):
    """Bytes that are not what they should be, before anything is proved by them (exit code 2)."""


class TamperedError(EscrowError):
    """Bytes that are well formed and do not agree with what was committed or signed (exit code 1)."""


class MissingPartError(EscrowError, ImportError):
    """An optional part of the installation is absent; the message says which and how to add it."""


def shown(text: object, longest: int = 60) -> str:
    """A piece of hostile input, cut and quoted, for a message."""
    quoted = str(text)
    return f'"{quoted[:longest]}…"' if len(quoted) > longest else f'"{quoted}"'

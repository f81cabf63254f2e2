"""How findings on inspections look in a terminal: a sentence, its tables, and what goes with them."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from .show import _table, notices

if TYPE_CHECKING:
    from detente.api import Finding

LONGEST = 40
"""Rows of a table that a terminal shows; --json has them all."""


def finding(found: "Finding", tables: Sequence[str] | None = None) -> None:
    """The sentence and the tables on stdout; conventions, limits and notices on stderr."""
    click.echo(found.sentence)
    for table in found.tables:
        if not table.rows or (tables is not None and table.name not in tables):
            continue
        known = [
            column
            for column in table.columns
            if any(row.get(column.name) not in (None, "", []) for row in table.rows)
        ]
        heads = [_head(column.name, column.unit) for column in known]
        rows = [[_cell(row.get(column.name)) for column in known] for row in table.rows[:LONGEST]]
        click.echo("")
        _table(heads, rows)
        if len(table.rows) > LONGEST:
            click.echo(f"{len(table.rows) - LONGEST} more rows: --json shows them all")
    notices(found.notices)
    for text in found.conventions:
        click.echo(f"  {text}", err=True)
    if found.limits:
        click.echo("not in it:", err=True)
    for text in found.limits:
        click.echo(f"  {text}", err=True)


def _head(name: str, unit: str) -> str:
    plain = name.replace("_", " ")
    return f"{plain} [{unit}]" if unit not in {"", "1"} else plain


def _cell(value: Any) -> str:
    if value is None:
        return "none"
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, float):
        return f"{value:.4f}"
    if isinstance(value, Mapping):
        return ", ".join(f"{key} {_cell(part)}" for key, part in value.items())
    if isinstance(value, list):
        return "; ".join(part["key"] if isinstance(part, dict) else str(part) for part in value)
    return str(value)

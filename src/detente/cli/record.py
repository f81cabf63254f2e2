"""Commands of the record: what pages said, who decided what to believe of the reading, and what changed."""

from pathlib import Path

import click

from .options import as_json


@click.group()
def record() -> None:
    """The record of what was said, from saved pages."""


@record.command()
@click.argument("a", type=click.Path(path_type=Path))
@click.argument("b", type=click.Path(path_type=Path))
@as_json
def compare(a: Path, b: Path, json_wanted: bool) -> None:
    """Two reports of one event, A and B: words taken over, drift, omissions, different channels."""
    from detente import api

    from . import show, show_reading

    found = api.compare_pages(a, b)
    show.notices(found.notices)
    show.result(
        "record-compare", found.model_dump(mode="json"), json_wanted, lambda _: show_reading.comparison(found)
    )

"""Commands that read saved pages: what a page says, span by span, before anybody has confirmed it."""

from pathlib import Path

import click

from .options import as_json


@click.command()
@click.argument("pages", nargs=-1, required=True, metavar="PAGE...", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--out",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write one JSON row a page; run again to go on.",
)
@click.option(
    "--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="How many processes read."
)
@as_json
def read(pages: tuple[Path, ...], out: Path | None, workers: int, json_wanted: bool) -> None:
    """Read saved news pages: text, HTML, or folders of them. Everything printed is a proposal.

    Without --out one page is read and shown. With it, any number; a page that cannot be read is
    told, the rest goes on. Exits 2 if any page could not be read.
    """
    from detente import api

    from . import show, show_reading

    if out is None:
        if len(pages) > 1:
            raise click.UsageError("several pages need --out FILE.jsonl")
        found = api.read_page(pages[0])
        show.notices(found.notices)
        show.result("reading", api.reading_rows(found), json_wanted, lambda _: show_reading.page(found))
        return
    with show_reading.bar() as tell:
        counts = api.read_pages(pages, out, workers=workers, progress=tell)
    show_reading.problems(counts)
    show.result("reading-batch", counts, json_wanted, show_reading.counts)
    if counts["refused"]:
        raise click.exceptions.Exit(2)

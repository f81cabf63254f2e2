"""Panels of a brief on what an agreement is about: announced ranges, counting rules, checks, and the rest.

Which panels a page has stands in the agreement.toml of its case.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from detente.records.agreement import (
    ChecksPanel,
    CountsPanel,
    DisputePanel,
    InspectionsPanel,
    RangesPanel,
    SchedulePanel,
)
from detente.records.base import digest_of, listed
from detente.records.brief import Level, Panel, PanelTable, RangesChart
from detente.records.case import Case
from detente.records.position import Position
from detente.records.source import Source
from detente.records.treaty import Limit, Treaty

from .agreements import comply, count, load_force, load_treaty

Side = Any
"""0 or 1 for a side of the page, None for what belongs to neither."""


@dataclass
class Page:
    """What every panel needs to know of the page it stands on; `cited` gathers the sources it names."""

    case: Case
    pair: tuple[Position, Position]
    named: Mapping[str, str]
    cited: dict[str, Source] = field(default_factory=dict)

    def side_of(self, party: str | None) -> Side:
        """The side that speaks for a party of the case: 0 or 1, None for neither."""
        found = [n for n, position in enumerate(self.pair) if party and position.party == party]
        return found[0] if found else None

    def party_of(self, code: str) -> str:
        """The party of the case that a force or treaty calls so; the code itself where none is."""
        return next((party for party, known in self.named.items() if known == code), code)

    def name_of(self, code: str) -> str:
        """What a reader calls whom a force or treaty calls so."""
        return self.case.party_name(self.party_of(code))

    def codes(self, codes: Sequence[str]) -> list[str]:
        """Codes in the order of the page: by side, those of neither side last."""
        return sorted(codes, key=lambda code: (self.order(code), code if self.order(code) > 1 else ""))

    def order(self, code: str) -> int:
        """Where the rows of whom a force or treaty calls so stand: 0, 1, or 2 for neither side."""
        side = self.side_of(self.party_of(code))
        return 2 if side is None else int(side)

    def place(self, name: str, head: str) -> str | Path:
        """The folder in the case that holds such a file, or a shipped name as it stands."""
        folder = Path(self.case.folder) / name
        return folder if self.case.folder and (folder / head).is_file() else name

    def cite(self, keys: Sequence[str], sources: Mapping[str, Source]) -> str:
        """Note the sources of a row and give their keys as text."""
        self.cited |= {key: sources[key] for key in keys if key in sources}
        return ", ".join(keys)


@dataclass(frozen=True)
class Panels:
    """The panels of a page, the sources that they cite, and a digest over all that they show."""

    panels: tuple[Panel, ...]
    cited: Mapping[str, Source]
    digest: str


def panels_of(case: Case, pair: tuple[Position, Position]) -> Panels:
    """The panels that a case's agreement.toml names, in the order of the page. Raises `InputError`."""
    if case.agreement is None:
        return Panels((), {}, "")
    from .schedule_panels import dispute_panel, inspections_panel, schedule_panel

    page = Page(case, pair, case.agreement.parties)
    makers: dict[type[Any], Callable[[Page, Any], Panel]] = {
        RangesPanel: ranges_panel,
        CountsPanel: counts_panel,
        SchedulePanel: schedule_panel,
        InspectionsPanel: inspections_panel,
        ChecksPanel: checks_panel,
        DisputePanel: dispute_panel,
    }
    found = tuple(makers[type(wanted)](page, wanted) for wanted in case.agreement.panels)
    return Panels(found, page.cited, digest_of([each.model_dump(mode="json") for each in found]))


def ranges_panel(page: Page, wanted: RangesPanel) -> Panel:
    """Ranges on one scale, with what they have in common, and what nobody said of them."""
    treaty = load_treaty(page.place(wanted.treaty, "treaty.toml"))
    limits = [
        (code, limit)
        for code in page.codes(treaty.party_ids)
        for limit in treaty.limits
        if limit.quantity == wanted.quantity and code in (limit.to or treaty.party_ids)
    ]
    levels, rows = [], []
    for code, limit in limits:
        side = page.side_of(page.party_of(code))
        low, high = _ends(limit)
        levels.append(Level(label=page.name_of(code), side=side, low=low, high=high, note=treaty.name))
        when = "unknown" if limit.no_date else limit.since or "entry into force"
        keys = page.cite(limit.source, treaty.sources)
        rows.append((page.name_of(code), _range(low, high), _rule(treaty), when, limit.status, keys))
    stated = sorted(wanted.levels, key=lambda level: (page.order(page.named.get(level.party or "", "")),))
    for level in stated:
        name = page.case.party_name(level.party) if level.party else level.label
        high = level.low if level.high is None else level.high
        told = level.label if level.party else level.note
        side = page.side_of(level.party)
        levels.append(Level(label=name, side=side, low=level.low, high=high, note=told))
        keys = page.cite(level.source, page.case.sources)
        rows.append((name, _range(level.low, high), level.note or "unknown", told, level.status, keys))
    overlap = _overlap([_ends(limit) for _, limit in limits])
    prose = [wanted.note, *_on_ranges(page, limits, overlap), _on_rules(treaty)]
    told_levels = "; ".join(f"{level.label} {_range(level.low, level.high)}" for level in levels)
    chart = RangesChart(
        name=f"{wanted.id}-ranges",
        title="Announced levels, each as it was said",
        x_label=f"{wanted.quantity}, by whatever rule each means",
        levels=tuple(levels),
        overlap=overlap,
        caption="Ranges and levels that were announced. The shaded part is what the ranges of "
        f"{treaty.name} have in common as numbers; whether they count the same thing is not known.",
        summary=f"{told_levels}.",
    )
    table = PanelTable(
        caption=f"Levels as they were announced: {wanted.quantity}",
        heads=("Whose", "Level", "What it counts", "By when, or when named", "Status", "Source"),
        rows=tuple(rows),
    )
    return panel(wanted, prose, (chart,) if levels else (), (table,))


def _ends(limit: Limit) -> tuple[float, float]:
    return float(limit.ceiling if limit.band_from is None else limit.band_from), float(limit.ceiling)


def _overlap(ranges: Sequence[tuple[float, float]]) -> tuple[float, float] | None:
    """What ranges have in common; None for fewer than two, or for nothing."""
    if len(ranges) < 2:
        return None
    low, high = max(low for low, _ in ranges), min(high for _, high in ranges)
    return (low, high) if low <= high else None


def _on_ranges(
    page: Page, limits: Sequence[tuple[str, Limit]], overlap: tuple[float, float] | None
) -> list[str]:
    """What the ranges have in common, whose that is, and how far their ends are apart, in words."""
    if len(limits) < 2:
        return []
    ends = [_ends(limit) for _, limit in limits]
    if overlap is None:
        return ["The ranges have nothing in common."]
    same = [page.name_of(code) for code, limit in limits if _ends(limit) == overlap]
    also = f", which is also simply the range of {same[0]}" if len(same) == 1 else ""
    said = [f"In common: {_range(*overlap)}{also}."]
    for which, words in ((0, "floors"), (1, "upper ends")):
        apart = max(end[which] for end in ends) - min(end[which] for end in ends)
        said.append(f"The {words} are {apart:,.0f} apart." if apart else f"The {words} are the same.")
    return [" ".join(said)]


def _on_rules(treaty: Treaty) -> str:
    if treaty.rules or treaty.attributes_as:
        return f"Counting rules: those of {treaty.name}."
    return (
        "Counting rules: unknown. The announcements give none, so that equal numbers need not be equal "
        "forces; none is filled in here."
    )


def _rule(treaty: Treaty) -> str:
    return f"by the rules of {treaty.name}" if treaty.rules or treaty.attributes_as else "unknown"


def counts_panel(page: Page, wanted: CountsPanel) -> Panel:
    """One arsenal under several rules: a level for each, and how far they are apart."""
    folder = page.place(wanted.force, "force.toml")
    force = load_force(folder)
    rules = [page.place(rule, "treaty.toml") for rule in wanted.rules]
    counts = count(folder, rules, party=wanted.party, on=wanted.on or None)
    known, rows = [], []
    for one in counts:
        found = one.sum_of(wanted.quantity)
        value = None if found is None else found.value
        reading = f", {one.reading_title}" if one.reading_title else ""
        label = f"{one.rule_name}{reading}"
        status = (found.status if found else None) or ("" if value is None else "computed")
        keys = page.cite(found.source if found else (), force.sources)
        shown = "not known" if value is None else f"{value:,}"
        by = f"{one.basis} by {page.name_of(one.by)}"
        rows.append((label, page.name_of(one.party), by, one.date, shown, status or "", keys))
        if value is not None:
            side = page.side_of(page.party_of(one.party))
            known.append(
                Level(label=label, side=side, low=float(value), high=float(value), note=f"{by}, {one.date}")
            )
    known.sort(key=lambda level: -level.high)
    prose = [wanted.note, f"{force.title}: {force.note}".replace("\n", " ")]
    if len(known) > 1 and known[-1].low > 0:
        more = known[0].low / known[-1].low - 1.0
        prose.append(
            f"From {known[-1].low:,.0f} to {known[0].low:,.0f}: the largest number is {more:.0%} above the "
            "smallest. A number without its rule says little."
        )
    chart = RangesChart(
        name=f"{wanted.id}-counts",
        title=f"{force.title}: {_words(wanted.quantity)} under each rule",
        x_label=_words(wanted.quantity),
        levels=tuple(known),
        overlap=None,
        caption="Each mark is one statement under one rule; nothing is merged.",
        summary="; ".join(f"{level.label}: {level.low:,.0f}" for level in known) + ".",
    )
    table = PanelTable(
        caption=f"{force.title}, {_words(wanted.quantity)}",
        heads=("Rule", "Whose", "Basis", "Day", _words(wanted.quantity).capitalize(), "Status", "Source"),
        rows=tuple(rows),
    )
    return panel(wanted, prose, (chart,) if known else (), (table,))


def checks_panel(page: Page, wanted: ChecksPanel) -> Panel:
    """A force against a treaty on several days: each limit with its article, and who was bound then."""
    folder = page.place(wanted.force, "force.toml")
    treaty = load_treaty(page.place(wanted.treaty, "treaty.toml"))
    prose = [wanted.note]
    events = [event for kind in wanted.events for event in treaty.events if event.kind == kind]
    told = [f"{event.kind} on {event.date} ({event.status})" for event in events]
    for event in events:
        page.cite(event.source, treaty.sources)
    if told:
        prose.append(f"{treaty.name}: {listed(told)}.")
    said: dict[tuple[str, ...], dict[str, str]] = {}
    for day in wanted.on:
        for found in comply(folder, day, treaty):
            prose.append(f"On {day}: {found.standing.says.rstrip('.')}.")
            for row in found.limits:
                keys = page.cite(row.source, treaty.sources)
                missing = f" ({'; '.join(row.missing)})" if row.missing else ""
                article = f"{row.article} ({row.article_status})" if row.article_status else row.article
                what = f"{row.title}{f', {row.reading_title}' if row.reading_title else ''}"
                key = (what, page.name_of(row.party), article, keys)
                said.setdefault(key, {})[day] = f"{row.says}{missing}"
    rows = [
        (what, whose, article, *(days.get(day, "no such limit that day") for day in wanted.on), keys)
        for (what, whose, article, keys), days in said.items()
    ]
    table = PanelTable(
        caption=f"{load_force(folder).title} against the {treaty.name}",
        heads=("Limit or check", "Whose", "Article", *(f"On {day}" for day in wanted.on), "Source"),
        rows=tuple(rows),
    )
    return panel(wanted, prose, (), (table,))


def panel(wanted: Any, prose: Sequence[str], charts: Sequence[Any], tables: Sequence[PanelTable]) -> Panel:
    """A panel under its own heading, without empty lines of prose."""
    return Panel(
        id=wanted.id,
        title=wanted.title,
        prose=tuple(line for line in prose if line),
        charts=tuple(charts),
        tables=tuple(table for table in tables if table.rows),
    )


def _range(low: float, high: float) -> str:
    return f"{low:,.0f} to {high:,.0f}" if low < high else f"{low:,.0f}"


def _words(quantity: str) -> str:
    """The name of a quantity as it is read."""
    return quantity.replace("_", " ")

"""A plan of inspections: what is declared, which quotas and measures, which violations matter."""

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from .base import EdtfDate, Key, Names, Record, Status
from .case_files.making import Maker, make_sources, tables
from .case_files.rules import NoRules
from .case_files.toml_file import TomlFile, read_toml
from .errors import InputError, Problem, did_you_mean
from .source import Source

PLAN_FILE = "inspection.toml"
SOURCES_FILE = "sources.toml"
MEASURES_FILE = "measures.toml"


def _as_counts(value: object) -> object:
    if isinstance(value, int) and not isinstance(value, bool):
        return (value,)
    return tuple(value) if isinstance(value, list) else value


Counts = Annotated[tuple[int, ...], BeforeValidator(_as_counts, json_schema_input_type=int | list[int])]
"""One whole number, or several that are tried side by side."""


class Population(Record):
    """Items that are declared together and of which an inspection draws some."""

    id: Key = Field(description="its name for quotas, sites and violations")
    name: str = Field(min_length=1, description="what they are")
    items: int = Field(description="how many are declared")
    limit: int | None = Field(
        default=None, description="how many the agreement allows; none: no limit is known"
    )
    limit_of: str = Field(default="", description="in place of that, the id of a limit of the plan's treaty")
    date: EdtfDate = Field(default="", description="on which day")
    source: Names = Field(default=(), description="keys of sources.toml")
    status: Status = Field(description="how far the number can be trusted")
    note: str = Field(default="", description="what a reader should know")


class DeclaredSite(Record):
    """A place at which some of a population stand."""

    id: Key = Field(description="its name")
    name: str = Field(min_length=1, description="what it is called")
    population: Key = Field(description="which population stands there")
    items: int = Field(description="how many of it")
    source: Names = Field(default=(), description="keys of sources.toml")
    status: Status = Field(description="how far the number can be trusted")
    note: str = Field(default="", description="what a reader should know")


class Quota(Record):
    """Inspections of one kind that may be made in a year."""

    id: Key = Field(description="its name")
    name: str = Field(min_length=1, description="what it is called")
    population: Key = Field(description="from which population its items are drawn")
    per_year: Counts = Field(
        default=(), description="inspections a year; several are tried side by side; none: not published"
    )
    items_per_inspection: int = Field(default=1, description="items drawn at each inspection")
    quality: float = Field(
        default=1.0, description="chance that an item that is not as declared is recognised"
    )
    again: bool = Field(default=False, description="whether one site may be inspected twice in a year")
    inspector_days: float = Field(default=0.0, description="inspectors times days that one inspection takes")
    source: Names = Field(default=(), description="keys of sources.toml")
    status: Status = Field(description="how far the quota can be trusted")
    note: str = Field(default="", description="what a reader should know")


class Violation(Record):
    """Something that would break the agreement, and what could show it."""

    id: Key = Field(description="its name")
    what: str = Field(min_length=1, description="what it would be, in neutral words")
    population: str = Field(
        default="", description="the population whose sampling shows it; empty: no sample does"
    )
    sizes: Names = Field(default=(), description='sizes in items, or as a share such as "5 %"')
    seen_by: Names = Field(default=(), description="measures of the plan that bear on it")
    note: str = Field(default="", description="what a reader should know")


class UsedMeasure(Record):
    """A measure of the catalog as this agreement or proposal has it."""

    use: Key = Field(description="its id in the catalog of measures")
    state: Literal["in force", "agreed", "proposed", "refused", "wanted by the other side"] = Field(
        description="how far it got"
    )
    by: str = Field(default="", description="whose proposal or demand it is")
    source: Names = Field(default=(), description="keys of sources.toml")
    status: Status = Field(description="how far this entry can be trusted")
    note: str = Field(default="", description="what is known of it")


class Measure(Record):
    """A measure of verification or transparency: what it can see, and what it cannot."""

    id: Key = Field(description="its name")
    name: str = Field(min_length=1, description="what it is called")
    sees: Names = Field(description="what it can show")
    blind_to: Names = Field(description="what it cannot show")
    precedent: str = Field(default="", description="an agreement that had it")
    source: Names = Field(default=(), description="keys of sources.toml")
    status: Status = Field(
        description="how far the precedent can be trusted; sees and blind_to are our reading"
    )
    note: str = Field(default="", description="what a reader should know")


class InspectionPlan(Record):
    """Declared items, quotas, measures and violations of one agreement or proposal."""

    id: Key = Field(description="its name")
    title: str = Field(min_length=1, description="what it is called")
    question: str = Field(default="", description="the question in one neutral line")
    as_of: EdtfDate = Field(default="", description="the date at which it is taken")
    note: str = Field(default="", description="what a reader should know first")
    treaty: str = Field(
        default="", description="a shipped treaty or a folder: its quotas of the same id and its limits hold"
    )
    standard: float | None = Field(default=None, description="the chance of detection that its user asks for")
    years: Counts = Field(default=(1, 5), description="for how many years detection is added up")
    inspector_days: float | None = Field(default=None, description="inspectors times days that a year has")
    populations: tuple[Population, ...] = Field(default=(), description="what is declared")
    sites: tuple[DeclaredSite, ...] = Field(default=(), description="where it stands, as far as it is known")
    quotas: tuple[Quota, ...] = Field(default=(), description="inspections of each kind")
    measures: tuple[UsedMeasure, ...] = Field(default=(), description="measures, and how far each got")
    violations: tuple[Violation, ...] = Field(default=(), description="what would break the agreement")
    sources: dict[str, Source] = Field(default_factory=dict, description="from sources.toml beside it")

    def population(self, name: str) -> Population:
        """A population by its id; KeyError where there is none."""
        return next(found for found in self.populations if found.id == name)

    def sites_of(self, population: str) -> tuple[DeclaredSite, ...]:
        """The sites at which a population stands."""
        return tuple(site for site in self.sites if site.population == population)


_PARTS: dict[str, type[Record]] = {
    "populations": Population,
    "sites": DeclaredSite,
    "quotas": Quota,
    "measures": UsedMeasure,
    "violations": Violation,
}


def read_plan(path: Path, measures: dict[str, Measure]) -> InspectionPlan:
    """A plan from its file; sources stand in sources.toml beside it. Raises `InputError` with every
    problem.
    """
    file = read_toml(path, path.name, "inspection")
    if file.values is None:
        raise InputError(file.problems)
    maker = Maker(file, NoRules())
    head = [name for name in InspectionPlan.model_fields if name not in {*_PARTS, "sources"}]
    maker.known_only([*head, *_PARTS])
    made: dict[str, Any] = {
        part: [
            (number, record)
            for number, values in tables(maker, part)
            if (record := maker.record(model, values, (part, number)))
        ]
        for part, model in _PARTS.items()
    }
    sources: dict[str, Source] = {}
    if (path.parent / SOURCES_FILE).is_file():
        sources, sources_maker = make_sources(
            read_toml(path.parent / SOURCES_FILE, SOURCES_FILE, "sources"), NoRules()
        )
        maker.problems += sources_maker.problems
    values = {name: file.values[name] for name in head if name in file.values}
    plan = maker.record(InspectionPlan, values, ())
    if plan is not None:
        parts = {part: tuple(record for _, record in found) for part, found in made.items()}
        plan = plan.model_copy(update=parts | {"sources": sources})
        if not maker.problems:  # what could not be read would be missed again
            maker.problems += _faults(file, plan, made, measures)
        if not maker.problems:
            plan = _under_treaty(file, plan, path.parent, maker.problems)
    if plan is None or maker.problems:
        raise InputError(maker.problems)
    return plan


def read_measures(path: Path) -> dict[str, Measure]:
    """The catalog of measures by id. Raises `InputError` with every problem."""
    file = read_toml(path, path.name, "measures")
    if file.values is None:
        raise InputError(file.problems)
    maker = Maker(file, NoRules())
    maker.known_only(["measures"])
    found = [
        record
        for number, values in tables(maker, "measures")
        if (record := maker.record(Measure, values, ("measures", number)))
    ]
    if maker.problems:
        raise InputError(maker.problems)
    return {measure.id: measure for measure in found}


def read_plan_sources(path: Path) -> dict[str, Source]:
    """The sources of shipped plans and measures. Raises `InputError` with every problem."""
    found, maker = make_sources(read_toml(path, path.name, "sources"), NoRules())
    if maker.problems:
        raise InputError(maker.problems)
    return found


def _faults(
    file: TomlFile, plan: InspectionPlan, made: dict[str, Any], measures: dict[str, Measure]
) -> Iterator[Problem]:
    """Names that lead nowhere, and numbers that cannot be."""
    if not plan.populations:
        yield Problem("a plan declares something", "add [[populations]]", file=file.name, key="populations")
    yield from _name_faults(file, plan, made)
    yield from _count_faults(file, plan, made)
    for number, quota in made["quotas"]:
        yield from _quota_faults(file, number, quota, plan)
    used = {measure.use for measure in plan.measures}
    for number, violation in made["violations"]:
        for name in set(violation.seen_by) - used:
            rule = f'the plan does not use the measure "{name}"'
            yield file.problem(("violations", number, "seen_by"), rule, did_you_mean(name, used))
    for number, measure in made["measures"]:
        if measure.use not in measures:
            rule = f'there is no measure "{measure.use}"'
            yield file.problem(("measures", number, "use"), rule, did_you_mean(measure.use, measures))
    if plan.standard is not None and not 0 < plan.standard < 1:
        rule = f"standard {plan.standard:g} is not a probability between 0 and 1"
        yield file.problem(("standard",), rule, "write 0.9 for 90 %")
    if not plan.years or min(plan.years) < 1 or max(plan.years) > 1000:
        yield file.problem(("years",), "years are whole numbers from 1 to 1000", "write years = [1, 5]")


def _name_faults(file: TomlFile, plan: InspectionPlan, made: dict[str, Any]) -> Iterator[Problem]:
    populations = {population.id for population in plan.populations}
    for part, found in made.items():
        seen: set[str] = set()
        for number, record in found:
            name = getattr(record, "id", "") or record.use
            key = "use" if part == "measures" else "id"
            if name in seen:
                yield file.problem((part, number, key), f'two {part} with one {key} "{name}"', "keep one")
            seen.add(name)
            for source in getattr(record, "source", ()):
                if source not in plan.sources:
                    way_out = did_you_mean(source, plan.sources)
                    yield file.problem((part, number, "source"), f'there is no source "{source}"', way_out)
            named = getattr(record, "population", "")
            if named and named not in populations:
                rule = f'there is no population "{named}"'
                yield file.problem((part, number, "population"), rule, did_you_mean(named, populations))


def _count_faults(file: TomlFile, plan: InspectionPlan, made: dict[str, Any]) -> Iterator[Problem]:
    for number, population in made["populations"]:
        if population.items < 1:
            rule = f"{population.items} items are declared"
            yield file.problem(
                ("populations", number, "items"), rule, "declare at least one, or leave it out"
            )
        if population.limit is not None and population.limit < 0:
            rule = f"a limit of {population.limit} items"
            yield file.problem(("populations", number, "limit"), rule, "give a number from 0 on")
        sites = plan.sites_of(population.id)
        stand = sum(site.items for site in sites)
        if sites and stand != population.items:
            rule = f"{population.items} items are declared and {stand} stand at its sites"
            yield file.problem(("populations", number, "items"), rule, "make the two agree")
    for number, site in made["sites"]:
        if site.items < 1:
            rule = f"{site.items} items stand there"
            yield file.problem(("sites", number, "items"), rule, "leave out a site without items")


def _under_treaty(
    file: TomlFile, plan: InspectionPlan, folder: Path, problems: list[Problem]
) -> InspectionPlan:
    """The plan with what its treaty grants and allows; a quota above the treaty's is a problem."""
    wanting = [n for n, population in enumerate(plan.populations) if population.limit_of]
    if not plan.treaty:
        rule = "a limit of a treaty, and the plan names none"
        way_out = 'write treaty = "new-start" above the tables, or a limit as a number'
        problems += [file.problem(("populations", n, "limit_of"), rule, way_out) for n in wanting]
        return plan
    from .agreement_files import load_treaty

    try:
        beside = folder / plan.treaty
        treaty = load_treaty(beside if beside.is_dir() else plan.treaty)
    except InputError as fault:
        problems += [file.problem(("treaty",), found.rule, found.way_out) for found in fault.problems]
        return plan
    granted = {quota.id: quota for quota in treaty.quotas if quota.per == "year"}
    allowed = {limit.id: limit.ceiling for limit in treaty.limits}
    quotas = []
    for number, quota in enumerate(plan.quotas):
        most = granted[quota.id].number if quota.id in granted else None
        if most is not None and max(quota.per_year, default=0) > most:
            rule = f"{max(quota.per_year)} inspections a year above the quota of {most} in {treaty.title}"
            way_out = "lower it, or leave per_year out to take the treaty's"
            problems.append(file.problem(("quotas", number, "per_year"), rule, way_out))
        filled = most is not None and not quota.per_year
        quotas.append(quota.model_copy(update={"per_year": (most,)}) if filled else quota)
    together = sum(max(quota.per_year, default=0) for quota in quotas)
    if "all" in granted and together > granted["all"].number:
        rule = f"{together} inspections a year above the {granted['all'].number} of {treaty.title} together"
        problems.append(file.problem(("treaty",), rule, "lower a quota"))
    populations = list(plan.populations)
    for n in wanting:
        name = populations[n].limit_of
        if name not in allowed:
            rule = f'{treaty.title} has no limit "{name}"'
            problems.append(file.problem(("populations", n, "limit_of"), rule, did_you_mean(name, allowed)))
        else:
            populations[n] = populations[n].model_copy(update={"limit": allowed[name]})
    return plan.model_copy(update={"quotas": tuple(quotas), "populations": tuple(populations)})


def _quota_faults(file: TomlFile, number: int, quota: Quota, plan: InspectionPlan) -> Iterator[Problem]:
    at = ("quotas", number)
    if any(count < 0 for count in quota.per_year):
        rule = f"{min(quota.per_year)} inspections a year"
        yield file.problem((*at, "per_year"), rule, "give a number from 0 on, or leave it out")
    if not 0 <= quota.quality <= 1:
        rule = f"quality {quota.quality:g} is not a probability"
        yield file.problem((*at, "quality"), rule, "write 0.9 for 90 %")
    if quota.inspector_days < 0:
        yield file.problem((*at, "inspector_days"), "negative inspector-days", "give a number from 0 on")
    if quota.items_per_inspection < 1:
        rule = f"{quota.items_per_inspection} items an inspection"
        yield file.problem((*at, "items_per_inspection"), rule, "draw at least one")
        return
    known = [population for population in plan.populations if population.id == quota.population]
    sites = plan.sites_of(quota.population)
    if not known:
        return
    if quota.items_per_inspection > known[0].items:
        rule = f"{quota.items_per_inspection} items an inspection of {known[0].items} declared"
        yield file.problem((*at, "items_per_inspection"), rule, "draw at most as many as are declared")
    most = max(quota.per_year, default=0)
    if sites and most > len(sites) and not quota.again:
        rule = f"a quota of {most} inspections above the {len(sites)} sites declared"
        way_out = (
            "lower it, declare more sites, or write again = true where one site may be inspected twice a year"
        )
        yield file.problem((*at, "per_year"), rule, way_out)

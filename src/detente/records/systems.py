"""Radars that stand whatever the case: where, which part of the sky they cover, how far by the lists."""

import csv
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BeforeValidator, Field, ValidationError, model_validator

from .base import Key, Names, Record, Status
from .case_files.wording import faults_of
from .errors import InputError, Problem, RefusalError, refusal
from .figure import support_faults
from .places import Place

RadarRole = Literal["early-warning", "offered", "forward"]


def _number(value: object) -> object:
    try:
        return float(value)  # type: ignore[arg-type]
    except ValueError:
        raise refusal(f'"{value}" is not a number', "write it with a decimal point and no unit") from None


Number = Annotated[float, BeforeValidator(_number)]
"""A number as a table writes it."""


class Radar(Record):
    """One radar of the table: place to 0.1 degree, sector, elevations, and the range that is printed for it.

    The sector runs clockwise from its start to its end, across north where the end is the smaller; 0 to 360
    is all round. The range is the instrument's as listed, not that for any particular target.
    """

    id: Key = Field(description="its name, the same as in the table of places of a case")
    name: str = Field(min_length=1, description="the name that a reader sees")
    role: RadarRole = Field(description="early-warning, offered (in 2007) or forward")
    latitude_deg: Number = Field(description="degrees, north positive, to 0.1 degree")
    longitude_deg: Number = Field(description="degrees, east positive, to 0.1 degree")
    country: str = Field(default="", description="country in which it stands")
    sector_start_deg: Number = Field(ge=0, lt=360, description="azimuth at which its sector begins")
    sector_end_deg: Number = Field(ge=0, le=360, description="azimuth at which it ends, clockwise")
    lowest_elevation_deg: Number = Field(ge=0, lt=90, description="lowest elevation")
    highest_elevation_deg: Number = Field(gt=0, le=90, description="highest elevation")
    range_km: Number = Field(gt=0, description="range that is printed for it")
    status: Status = Field(description="as for a figure, for the weakest number of the row")
    source: Names = Field(default=(), description="key of data/systems/sources.toml")
    note: str = Field(default="", description="what a reader should know; the reason of what is assumed")

    @model_validator(mode="after")
    def _whole(self) -> Self:
        wrong = [*support_faults(self.status, self.source, self.note)]
        if wrong:
            raise RefusalError(*wrong)
        if self.lowest_elevation_deg >= self.highest_elevation_deg:
            raise refusal(
                "this radar faces nowhere: its lowest elevation is not below its highest",
                "correct the two elevations",
                "lowest_elevation_deg",
            )
        if self.sector_start_deg == self.sector_end_deg:
            raise refusal(
                "this radar faces nowhere: its sector begins where it ends",
                "write 0 and 360 for a radar that sees all round",
                "sector_end_deg",
            )
        return self

    @property
    def place(self) -> Place:
        """Where it stands, to 0.1 degree."""
        return Place(self.latitude_deg, self.longitude_deg)

    @property
    def sector_width_deg(self) -> float:
        """How wide its sector is, 360 for all round."""
        return (self.sector_end_deg - self.sector_start_deg) % 360.0 or 360.0


def load_radars(path: Path) -> tuple[Radar, ...]:
    """Every radar of a table, in its order. Raises `InputError` naming every row that is wrong."""
    problems: list[Problem] = []
    made: list[Radar] = []
    with path.open(encoding="utf-8", newline="") as table:
        for line, row in enumerate(csv.DictReader(table, strict=True), 2):
            try:
                made.append(Radar.model_validate({key: text for key, text in row.items() if text != ""}))
            except ValidationError as error:
                problems += [
                    Problem(fault.rule, fault.way_out, path.name, ".".join(map(str, fault.path)), line)
                    for fault in faults_of(error, Radar, frozenset())
                ]
    ids = [radar.id for radar in made]
    for twice in sorted({name for name in ids if ids.count(name) > 1}):
        problems.append(Problem(f'two radars with one id "{twice}"', "rename one", path.name, twice))
    if problems:
        raise InputError(problems)
    return tuple(made)


@cache
def shipped_radars() -> tuple[Radar, ...]:
    """The radars that come with the program."""
    return load_radars(Path(str(files("detente") / "data" / "systems" / "radars.csv")))

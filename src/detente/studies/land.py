"""The land that a study of coverage asks about, cell by cell, and the places where interceptors may stand."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np
from numpy.typing import NDArray

from detente.records.case import Case
from detente.records.errors import InputError, Problem, did_you_mean
from detente.records.places import Place

Array = NDArray[np.float64]


@dataclass(frozen=True)
class Land:
    """Places that stand for pieces of land: names, countries, degrees (n,) and areas [km2] (n,)."""

    ids: tuple[str, ...]
    countries: tuple[str, ...]
    latitude: Array
    longitude: Array
    area_km2: Array

    def __len__(self) -> int:
        return len(self.ids)

    def only(self, countries: Sequence[str]) -> "Land":
        """The cells of some countries. Raises `InputError` for a country that has no cell here."""
        known = set(self.countries)
        for country in countries:
            if country not in known:
                rule = f'there is no land of a country "{country}"'
                raise InputError(Problem(rule, did_you_mean(country, sorted(known)), key=country))
        wanted = set(countries)
        return self.take(np.flatnonzero([country in wanted for country in self.countries]))

    def take(self, rows: NDArray[np.intp]) -> "Land":
        """Some of the cells, by number."""
        return Land(
            tuple(self.ids[row] for row in rows),
            tuple(self.countries[row] for row in rows),
            self.latitude[rows],
            self.longitude[rows],
            self.area_km2[rows],
        )


@dataclass(frozen=True, slots=True)
class Site:
    """A place where interceptors may stand, and how far its position can be trusted."""

    id: str
    name: str
    place: Place
    status: str = ""
    source: str = ""
    note: str = ""


@cache
def land_cells() -> Land:
    """All land but Antarctica in 3,055 cells of an equal-area grid; sources: data/land/README.md."""
    rows = _table("land", "cells.csv")
    return Land(
        tuple(row["id"] for row in rows),
        tuple(row["country"] for row in rows),
        *(
            np.array([float(row[name]) for row in rows])
            for name in ("latitude_deg", "longitude_deg", "area_km2")
        ),
    )


@cache
def country_areas() -> dict[str, float]:
    """Area of every country and territory of the grid [km2], by the polygons that it was cut from."""
    return {row["country"]: float(row["area_km2"]) for row in _table("land", "countries.csv")}


def sample_points(case: Case) -> Land:
    """The sample points of a case as places without area."""
    found = case.places_of("sample-point")
    return Land(
        tuple(each.id for each in found),
        tuple(each.country for each in found),
        np.array([each.place.latitude for each in found]),
        np.array([each.place.longitude for each in found]),
        np.zeros(len(found)),
    )


@cache
def interceptor_sites() -> dict[str, Site]:
    """The named interceptor sites by id; sources: data/sites/README.md."""
    return {
        row["id"]: Site(
            row["id"],
            row["name"],
            Place(float(row["latitude_deg"]), float(row["longitude_deg"])),
            row["status"],
            row["source"],
            row["note"],
        )
        for row in _table("sites", "interceptor-sites.csv")
    }


def sites_named(ids: Sequence[str], case: Case | None = None) -> tuple[Site, ...]:
    """Interceptor sites by id: those of a case, if any, and the shipped ones.

    Raises `InputError` with a hint where there is none, or one stands twice.
    """
    places = () if case is None else case.places_of("interceptor-site")
    known = interceptor_sites() | {
        each.id: Site(each.id, each.name, each.place, each.status, "; ".join(each.source), each.note)
        for each in places
    }
    for number, name in enumerate(ids):
        if name not in known:
            raise InputError(
                Problem(f'there is no interceptor site "{name}"', did_you_mean(name, known), key=name)
            )
        if name in ids[:number]:
            raise InputError(Problem(f'site "{name}" is named twice', "name it once", key=name))
    return tuple(known[name] for name in ids)


def _table(folder: str, file: str) -> list[dict[str, str]]:
    text = (resources.files("detente") / "data" / folder / file).read_text(encoding="utf-8")
    return list(csv.DictReader(text.splitlines(), strict=True))

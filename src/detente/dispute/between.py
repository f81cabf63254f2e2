"""The crux between two positions, as a person asks for it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any, cast

from detente.dispute.analysis import Options, analyse
from detente.dispute.assumption import Assumption
from detente.dispute.breakeven import GRID
from detente.dispute.contest import Band, Scale
from detente.dispute.errors import DisputeError
from detente.dispute.lattice import Model
from detente.records.crux import Crux, Kind, SilenceRow
from detente.records.figure import Figure
from detente.records.places import Place
from detente.records.position import Position
from detente.records.units import Quantity

Sources = Mapping[str, tuple[str | Sequence[str], str | Sequence[str]]]


def crux(  # noqa: PLR0913 - one keyword for each thing a person may know about the assumptions
    model: Model,
    claim: Any,
    A: Position | Mapping[str, Any],
    B: Position | Mapping[str, Any],
    *,
    groups: Mapping[str, Sequence[str]] | None = None,
    bounds: Mapping[str, tuple[float, float]] | None = None,
    units: Mapping[str, str] | None = None,
    labels: Mapping[str, str] | None = None,
    sources: Sources | None = None,
    kinds: Mapping[str, Kind] | None = None,
    scales: Mapping[str, str] | None = None,
    names: tuple[str, str] | None = None,
    band: Band = 0.0,
    scale: Scale = "linear",
    unit: str = "",
    weight: float = 0.5,
    grid: int = GRID,
    tolerance: float = 0.0,
    words: Mapping[str, str] | None = None,
    silence: Sequence[SilenceRow] = (),
    seed: int | None = None,
) -> Crux:
    """What divides two positions on a claim, and what would change each conclusion.

    `model` takes a mapping from assumption to an array with one row a mixture - (n,) numbers, (n,)
    objects for choices, (n, 2) for places in degrees - and returns such a mapping of outputs, or one
    array (n, ...). `claim` is true where its margin is at least zero: a function of the outputs that
    gives (n,), the name of an output, an object with such a `margin` (and `standard`, if the value must
    reach one), or a mapping from party to one of these. `A` and `B` hold the same assumptions. `groups`
    move as one; `bounds` are physical and in each assumption's own unit; `sources` are the keys behind
    A's and B's value; `band` and `unit` belong to the margin. Up to 16 assumptions or groups may differ:
    2**k runs in one call, and one more call or a few for the break-even values. Raises `DisputeError` for
    positions, claims or model answers that cannot be analysed. Source: docs/models/crux.md.
    """
    parties = names or (_name(A, "A"), _name(B, "B"))
    first, described_a = _plain(A, parties[0], {})
    second, described_b = _plain(B, parties[1], {name: about.unit for name, about in described_a.items()})
    described = _described(first, described_a, described_b)
    for what, given in {
        "bounds": bounds,
        "units": units,
        "labels": labels,
        "sources": sources,
        "kinds": kinds,
        "scales": scales,
    }.items():
        for name, value in cast("Mapping[str, Any]", given or {}).items():
            if name not in described:
                raise DisputeError(f'{what} are given for "{name}", which is no assumption of "{parties[0]}"')
            described[name] = replace(described[name], **_field(what, name, value))
    options = Options(
        band=band,
        scale=scale,
        weight=weight,
        grid=grid,
        tolerance=tolerance,
        seed=seed,
        unit=unit,
        words=words,
        silence=tuple(silence),
    )
    common_order = list(first) == list(second) or not isinstance(B, Mapping)
    ordered = list(described) if common_order else sorted(described)
    return analyse(
        model, claim, first, second, [described[name] for name in ordered], groups, parties, options
    )


def _field(what: str, name: str, value: Any) -> dict[str, Any]:
    """One given fact as fields of an assumption's description."""
    if what == "bounds":
        try:
            low, high = value
        except (TypeError, ValueError):
            raise DisputeError(f'bounds of "{name}" are a pair (low, high), got {value!r}') from None
        return {"low": low, "high": high}
    if what == "sources":
        a, b = value
        return {"source_a": _keys(a), "source_b": _keys(b)}
    return {{"units": "unit", "labels": "label", "kinds": "kind", "scales": "scale"}[what]: value}


def _keys(source: str | Sequence[str]) -> tuple[str, ...]:
    return (source,) if isinstance(source, str) else tuple(source)


def _name(position: Position | Mapping[str, Any], otherwise: str) -> str:
    return position.id if isinstance(position, Position) else otherwise


def _plain(
    position: Position | Mapping[str, Any], owner: str, units: Mapping[str, str]
) -> tuple[dict[str, Any], dict[str, Assumption]]:
    """A position as plain values, numbers in the wanted units, and what its figures say about themselves."""
    figures = position.figures if isinstance(position, Position) else position
    values: dict[str, Any] = {}
    described: dict[str, Assumption] = {}
    for name, figure in figures.items():
        value = figure.parsed if isinstance(figure, Figure) else figure
        unit = ""
        if value is None:
            raise DisputeError(f'"{owner}" gives only a range for "{name}"; state a value, or a distribution')
        if isinstance(value, Quantity):
            unit = units.get(name) or value.unit
            value = value.to(unit)
        if isinstance(value, Place):
            value = (value.latitude, value.longitude)
        values[name] = value
        text, source = (figure.shown, figure.source) if isinstance(figure, Figure) else ("", ())
        sigma = None
        if (
            isinstance(figure, Figure)
            and figure.distribution is not None
            and figure.distribution.kind == "normal"
        ):
            low, high = figure.distribution.interval()
            sigma = (high.to(unit) - low.to(unit)) / 4
        described[name] = Assumption(
            name, unit="" if unit == "1" else unit, a_text=text, source_a=source, a_sigma=sigma
        )
    return values, described


def _described(
    values: Mapping[str, Any], first: Mapping[str, Assumption], second: Mapping[str, Assumption]
) -> dict[str, Assumption]:
    """Both sides' descriptions of each assumption as one."""
    merged = {}
    for name in values:
        theirs = second.get(name, Assumption(name))
        merged[name] = replace(
            first[name], b_text=theirs.a_text, source_b=theirs.source_a, b_sigma=theirs.a_sigma
        )
    return merged

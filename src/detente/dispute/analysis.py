"""The crux of two positions on one claim: everything that divides them, from one evaluated lattice."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from detente.dispute.assumption import Assumption
from detente.dispute.attribution import dividends as dividends_of
from detente.dispute.attribution import owen, shapley, shapley_interactions, two_ended
from detente.dispute.breakeven import GRID
from detente.dispute.contest import QUESTION, STANDARD, Band, Scale, pose
from detente.dispute.diagnosis import Verdicts, Wording, diagnose, smallest_double_cruxes
from detente.dispute.errors import DisputeError
from detente.dispute.families import LISTED, flip_rows, flip_summaries
from detente.dispute.flips import FlipSets, banzhaf, flip_sets, responsibility, vetoes
from detente.dispute.lattice import Lattice, Model
from detente.dispute.moves import break_even_rows, plain
from detente.dispute.prose import write
from detente.dispute.settling import settle_decided
from detente.dispute.tables import Floats
from detente.records.base import digest_of
from detente.records.crux import AttributionRow, Crux, DoubleCrux, InteractionRow, Kind, SettleRow, SilenceRow

WORDS = {"yes": "true", "no": "false", "undecided": "undecided"}
"""How a verdict is put into a sentence unless the caller has other words for it."""

_DUST = 1e-12


@dataclass(frozen=True)
class Options:
    """How a crux is computed and worded.

    `band` is the half-width in which a margin is undecided, in the margin's unit: a number, the name of a
    model output, or a function of the outputs. `scale` is the scale on which margins are taken. `weight`
    is the chance that the truth is B's value. `grid` is the number of points scanned along an assumption.
    `tolerance` is the relative difference up to which two numbers count as one. `model` is a digest or
    name of the model.
    """

    band: Band = 0.0
    scale: Scale = "linear"
    weight: float = 0.5
    grid: int = GRID
    tolerance: float = 0.0
    seed: int | None = None
    unit: str = ""
    claim: str = ""
    words: Mapping[str, str] | None = None
    model: str = ""
    silence: tuple[SilenceRow, ...] = ()


def analyse(
    model: Model,
    claim: Any,
    A: Mapping[str, Any],
    B: Mapping[str, Any],
    assumptions: Sequence[Assumption] = (),
    groups: Mapping[str, Sequence[str]] | None = None,
    names: tuple[str, str] = ("A", "B"),
    options: Options | None = None,
) -> Crux:
    """The crux of two plain positions; the meaning of each argument is that of `crux`.

    `assumptions` sets the order of the table's bits and adds words, units, sources, bounds and kinds; an
    assumption without an entry gets its bare name. Raises `DisputeError`.
    """
    chosen = options or Options()
    contest, extra = pose(model, claim, names, chosen.scale, chosen.band)
    for reserved in extra[0]:
        if reserved in A:
            raise DisputeError(
                f'"{reserved}" is the sides\' own {reserved} here; rename that input of the model'
            )
    known = _known(A, B, assumptions, extra, names)
    order = [each.name for each in assumptions] or None
    first, second = dict(A) | extra[0], dict(B) | extra[1]
    if order is not None:
        order = [*order, *sorted(set(A) - set(order)), *extra[0]]
    lattice = Lattice(contest, first, second, groups, names=names, order=order, tolerance=chosen.tolerance)
    if names[0] == names[1] and lattice.k:
        raise DisputeError(f'both positions are called "{names[0]}"; give two names, names=(..., ...)')
    margins: Floats = lattice.outputs["margin"]
    lattice.require_answers(margins)
    verdicts = Verdicts.of(margins, lattice.outputs["band"])
    texts = {each.text: None for each in contest.questions}
    wording = Wording(names, chosen.claim or " / ".join(texts), dict(chosen.words or WORDS))
    found = _assemble(lattice, margins, verdicts, known, wording, chosen)
    return found.model_copy(update={"digest": digest_of(found.model_dump(mode="json", exclude={"digest"}))})


def _assemble(
    lattice: Lattice,
    margins: Floats,
    verdicts: Verdicts,
    known: Mapping[str, Assumption],
    wording: Wording,
    options: Options,
) -> Crux:
    players, names = lattice.player_names, lattice.names
    families = flip_sets(margins >= 0)
    rows = _attribution_rows(lattice, margins, families, known, verdicts)
    order = [row.assumption for row in sorted(rows, key=lambda row: -abs(row.phi or 0.0))]
    breakeven = break_even_rows(lattice, verdicts, known, order, options.grid)
    flips = flip_rows(verdicts, margins, players, names)
    summaries = flip_summaries(flips, names)
    cruxes = smallest_double_cruxes(verdicts)
    settling = tuple(
        SettleRow(size=point.size, members=tuple(players[i] for i in point.members), chance=point.chance)
        for point in settle_decided(verdicts.yes, verdicts.no, options.weight).curve
    )
    diagnosis = diagnose(verdicts, margins, [row.kind for row in rows], players, wording)
    bands = lattice.outputs["band"]
    unworded = Crux(
        parties=names,
        claim=wording.claim,
        unit=options.unit,
        scale=options.scale,
        band=float(bands[0]) if (bands == bands[0]).all() else None,
        k=lattice.k,
        runs=lattice.runs,
        exact=True,
        verdicts=verdicts.ends,
        margins=(float(margins[0]), float(margins[-1])),
        diagnosis=diagnosis,
        attribution_rows=rows,
        interaction_rows=_interaction_rows(margins, players),
        flip_rows=tuple(row for each in summaries for row in flips[each.side, each.kind][: each.listed]),
        flip_summaries=summaries,
        double_crux=DoubleCrux(
            size=len(cruxes[0]) if cruxes else None,
            smallest=tuple(
                tuple(players[i] for i in each) for each in cruxes[:LISTED] if len(each) == len(cruxes[0])
            ),
            count=len(cruxes),
        ),
        settle_weight=options.weight,
        settle_rows=settling,
        breakeven_rows=breakeven,
        silence_rows=options.silence,
        monotone=families.monotone,
        offenders=tuple(players[i] for i in families.offenders),
        undecided_share=float(np.mean(~verdicts.yes & ~verdicts.no)),
        seed=options.seed,
        model=options.model,
    )
    return unworded.model_copy(update={"prose": write(unworded)})


def _known(
    A: Mapping[str, Any],
    B: Mapping[str, Any],
    assumptions: Sequence[Assumption],
    extra: tuple[Mapping[str, Any], Mapping[str, Any]],
    names: tuple[str, str],
) -> dict[str, Assumption]:
    """A description of every assumption, question and standard included; values checked on bounds."""
    known = {each.name: each for each in assumptions}
    if len(known) != len(assumptions):
        twice = sorted(
            {each.name for each in assumptions if sum(e.name == each.name for e in assumptions) > 1}
        )
        raise DisputeError(f"assumptions are described twice: {twice}; keep one entry each")
    for name in known:
        if name not in A:
            raise DisputeError(
                f'"{name}" is described, but "{names[0]}" holds no such assumption; leave it out'
            )
    for name in A:
        known.setdefault(name, Assumption(name))
    for owner, position in zip(names, (A, B), strict=True):
        for name, value in position.items():
            if name in known:
                known[name].check(value, owner)
    if QUESTION in extra[0]:
        known[QUESTION] = Assumption(QUESTION, label="the question asked", kind="question")
    if STANDARD in extra[0]:
        known[STANDARD] = Assumption(STANDARD, label="the standard of proof", kind="standard")
    return known


def _attribution_rows(
    lattice: Lattice,
    margins: Floats,
    families: FlipSets,
    known: Mapping[str, Assumption],
    verdicts: Verdicts,
) -> tuple[AttributionRow, ...]:
    k = lattice.k
    players = list(lattice.players.items())
    finite = bool(np.isfinite(margins).all())
    dust = _DUST * float(np.abs(margins).max()) if finite else 0.0
    shares = shapley(margins) if finite else None
    ends = two_ended(margins) if finite else None
    unions = owen(margins, _unions(lattice, known)) if finite else None
    whole = float(margins[-1] - margins[0]) if finite else 0.0
    true = margins >= 0
    swings, power = banzhaf(true), shapley(true)
    responsible = responsibility(families.a_flips, k), responsibility(families.b_flips, k)
    needed = vetoes(families.a_flips), vetoes(families.b_flips)
    rows = []
    for i, (player, keys) in enumerate(players):
        about = known[keys[0]] if len(keys) == 1 else _group(player, keys, known, lattice)
        phi = None if shares is None else 0.0 if abs(shares[i]) <= dust else float(shares[i])
        a, b = (plain(side[keys[0]]) if len(keys) == 1 else None for side in (lattice.A, lattice.B))
        gap = b - a if type(a) is float and type(b) is float else None
        share = phi / whole if phi is not None and abs(whole) > dust else None
        wrong = families.opposed and i in families.offenders
        rows.append(
            AttributionRow(
                assumption=player,
                label=about.words,
                kind=about.kind,
                group=about.group,
                members=keys if len(keys) > 1 or player != keys[0] else (),
                unit=about.unit,
                a=a,
                b=b,
                a_text=about.a_text or about.shown(a),
                b_text=about.b_text or about.shown(b),
                phi=phi,
                first=None if ends is None else float(ends.first[i]),
                total=None if ends is None else float(ends.total[i]),
                owen=None if unions is None else float(unions[i]),
                share=share,
                per_gap=phi / gap if phi is not None and gap else None,
                own_goal=wrong or (verdicts.opposed and share is not None and share < 0),
                wrong_step=wrong,
                power=float(power[i]),
                swing=float(swings.unsigned[i]),
                responsibility=(float(responsible[0][i]), float(responsible[1][i])),
                veto=(i in needed[0], i in needed[1]),
                dummy=bool(swings.unsigned[i] == 0),
                source_a=about.source_a,
                source_b=about.source_b,
            )
        )
    return tuple(rows)


def _unions(lattice: Lattice, known: Mapping[str, Assumption]) -> list[list[int]]:
    """Players gathered by the group that their description names; one without a group stands alone."""
    gathered: dict[str, list[int]] = {}
    for i, (player, keys) in enumerate(lattice.players.items()):
        group = known[keys[0]].group if len(keys) == 1 else ""
        gathered.setdefault(f"group {group}" if group else f"alone {player}", []).append(i)
    return list(gathered.values())


def _group(name: str, keys: Sequence[str], known: Mapping[str, Assumption], lattice: Lattice) -> Assumption:
    """A description of assumptions that move together."""

    def texts(position: Mapping[str, Any], own: str) -> str:
        return ", ".join(
            f"{known[key].words} {getattr(known[key], own) or known[key].shown(position[key])}"
            for key in keys
        )

    kinds: set[Kind] = {known[key].kind for key in keys}
    if len(kinds) > 1:
        raise DisputeError(f'group "{name}" mixes kinds {sorted(kinds)}; group assumptions of one kind')
    return replace(
        Assumption(name, kind=kinds.pop()),
        a_text=texts(lattice.A, "a_text"),
        b_text=texts(lattice.B, "b_text"),
        source_a=tuple(dict.fromkeys(source for key in keys for source in known[key].source_a)),
        source_b=tuple(dict.fromkeys(source for key in keys for source in known[key].source_b)),
    )


def _interaction_rows(margins: Floats, players: Sequence[str]) -> tuple[InteractionRow, ...]:
    """All pairs, strongest first; none where a margin is infinite."""
    if not np.isfinite(margins).all():
        return ()
    dust = _DUST * float(np.abs(margins).max())
    pairs, pure = shapley_interactions(margins), dividends_of(margins)
    pairs[np.abs(pairs) <= dust] = 0.0
    rows = [
        InteractionRow(
            first=players[i],
            second=players[j],
            value=float(pairs[i, j]),
            dividend=float(pure[1 << i | 1 << j]),
        )
        for j in range(len(players))
        for i in range(j)
    ]
    return tuple(sorted(rows, key=lambda row: -abs(row.value)))

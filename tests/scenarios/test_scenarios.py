"""Whole outcomes of small questions, kept as tables; `pytest tests/scenarios --update` accepts a change.

Numbers are compared to half of the last digit kept, so that another processor's rounding is no change.
"""

import csv
import io
from pathlib import Path
from typing import Any

import pytest

import detente

FOLDER = Path(__file__).parent
CASE = "european-site-2007"
POSITIONS = ("lewis-postol-high", "lewis-postol-low", "mda-claim", "mda-slides", "midpoint")
DIGITS = {"_km_s": 3, "_s": 1, "_km": 1}


def shown(name: str, value: Any) -> str:
    if isinstance(value, float):
        digits = next((n for ending, n in DIGITS.items() if name.endswith(ending)), 4)
        return f"{value:.{digits}f}"
    return "" if value is None else str(value)


def table(rows: list[dict[str, Any]]) -> str:
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(rows[0])
    writer.writerows([shown(name, value) for name, value in row.items()] for row in rows)
    return text.getvalue()


def compare(name: str, rows: list[dict[str, Any]], update: bool) -> None:
    path, found = FOLDER / f"{name}.csv", table(rows)
    if update:
        path.write_text(found, encoding="utf-8", newline="\n")
    wanted = path.read_text(encoding="utf-8")
    for have, want in zip(
        csv.DictReader(io.StringIO(found)), csv.DictReader(io.StringIO(wanted)), strict=True
    ):
        assert have.keys() == want.keys()
        for column, text in want.items():
            where = f"{name}: {column} in {want}"
            try:
                number = float(text)
            except ValueError:
                assert have[column] == text, where
            else:
                unit_in_last_place = 10.0 ** -len(text.partition(".")[2])
                assert float(have[column]) == pytest.approx(number, abs=1.5 * unit_in_last_place), where


@pytest.mark.parametrize("position", POSITIONS)
def test_reach(position: str, update: bool) -> None:
    compare(f"reach-{position}", list(detente.run(CASE, "reach", position).rows), update)


def test_reach_with_the_radar_as_cue(update: bool) -> None:
    settings = {"warning_cue": "radar-horizon", "commit_delay": "60 s"}
    outcome = detente.run(CASE, "reach", "midpoint", settings, aims=["washington", "london"])
    compare("reach-midpoint-radar-horizon", list(outcome.rows), update)


def test_the_sphere_gives_what_the_closed_formulas_gave(update: bool) -> None:
    """Tables from before flights were flown: an update of these would be a change of textbook formulas."""
    outcome = detente.run(CASE, "reach", "mda-claim", {"earth_model": "sphere"})
    compare("reach-mda-claim-sphere", list(outcome.rows), update)
    settings = {"warning_cue": "radar-horizon", "commit_delay": "60 s", "earth_model": "sphere"}
    outcome = detente.run(CASE, "reach", "midpoint", settings, aims=["washington", "london"])
    compare("reach-midpoint-radar-horizon-sphere", list(outcome.rows), update)


def test_disputes(update: bool) -> None:
    """Every claim on reach between every two positions: verdicts, margins, break-even, diagnosis."""
    case = detente.load(CASE)
    rows = []
    for claim in case.claims:
        if claim.read_as is None or claim.read_as.study != "reach":
            continue
        for n, first in enumerate(POSITIONS):
            for second in POSITIONS[n + 1 :]:
                found = detente.case_crux(case, claim.id, (first, second))
                roots = [row.value for row in found.breakeven_rows if isinstance(row.value, float)]
                rows.append(
                    {
                        "claim": claim.id,
                        "first": found.parties[0],
                        "second": found.parties[1],
                        "verdicts": " / ".join(found.verdicts),
                        "first_margin_km_s": found.margins[0],
                        "second_margin_km_s": found.margins[1],
                        "breakeven_km_s": roots[0] if roots else None,
                        "flip_sets": len(found.flip_rows),
                        "diagnosis": found.diagnosis.kind,
                        "silent_and_decisive": " ".join(
                            sorted({row.assumption for row in found.silence_rows if row.flips})
                        ),
                    }
                )
    compare("disputes", rows, update)


def test_disputes_about_numbers_alone(update: bool) -> None:
    """Every claim of the cases without places: verdicts, margins, who must concede what, diagnosis."""
    rows = []
    for name in ("new-start-2022", "reductions-2001"):
        case = detente.load(name)
        for claim in case.claims:
            found = detente.case_crux(case, claim.id)
            flips = [row for row in found.flip_rows if row.kind == "flips"]
            rows.append(
                {
                    "case": name,
                    "claim": claim.id,
                    "first": found.parties[0],
                    "second": found.parties[1],
                    "verdicts": " / ".join(found.verdicts),
                    "first_margin": found.margins[0],
                    "second_margin": found.margins[1],
                    "unit": found.unit,
                    "shares": "; ".join(f"{row.assumption} {row.phi:.3f}" for row in found.attribution_rows),
                    "flip_sets": len(flips),
                    "diagnosis": found.diagnosis.kind,
                    "silent_and_decisive": "; ".join(
                        dict.fromkeys(row.assumption for row in found.silence_rows if row.flips)
                    ),
                }
            )
    compare("disputes-about-numbers", rows, update)

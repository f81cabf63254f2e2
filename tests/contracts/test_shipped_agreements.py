"""Shipped forces and treaties: columns are explained, sources used, and every number has its standing."""

import csv
import tomllib
from pathlib import Path

import pytest

from detente.agreement.checks import CHECKS
from detente.records.agreement_files import load_force, load_treaty, shipped_forces, shipped_treaties
from detente.records.force import Force
from detente.records.schemas import reference_page
from detente.records.treaty import Treaty

DATA = Path(__file__).parents[2] / "src" / "detente" / "data"
TABLES = sorted([*(DATA / "forces").rglob("*.csv"), *(DATA / "treaties").rglob("*.csv")])


def sources(folder: Path) -> dict[str, dict[str, str]]:
    path = folder / "sources.toml"
    found: dict[str, dict[str, str]] = (
        tomllib.loads(path.read_text(encoding="utf-8"))["sources"] if path.exists() else {}
    )
    return found


@pytest.mark.parametrize("path", TABLES, ids=lambda path: path.relative_to(DATA).as_posix())
def test_every_column_is_documented(path: Path) -> None:
    with path.open(encoding="utf-8", newline="") as table:
        columns = next(csv.reader(table))
    page = reference_page()
    assert [column for column in columns if f"| `{column}` |" not in page] == []


@pytest.mark.parametrize("name", [*shipped_forces(), *shipped_treaties()])
def test_every_source_is_used_and_says_who_read_it(name: str) -> None:
    folder = next(DATA / kind / name for kind in ("forces", "treaties") if (DATA / kind / name).is_dir())
    text = "\n".join(
        path.read_text(encoding="utf-8") for path in folder.iterdir() if path.name != "sources.toml"
    )
    for key, source in sources(folder).items():
        assert key in text, f"{name}: source {key} is never used"
        assert source.get("read_by"), key
        assert source.get("read_how"), key
        assert source["read"] != "secondary quotation" or source.get("via"), key


@pytest.mark.parametrize("name", shipped_treaties())
def test_what_a_treaty_says_is_cited(name: str) -> None:
    treaty = load_treaty(name)
    if treaty.kind == "treaty":
        cited = {said.id: said.article for said in treaty.rules} | {s.id: s.article for s in treaty.limits}
        cited |= {said.id: said.article for said in treaty.checks} | {s.id: s.article for s in treaty.clocks}
        cited |= {said.id: said.article for said in treaty.quotas}
        assert [key for key, article in cited.items() if not article] == []
    assert {check.check for check in treaty.checks} <= set(CHECKS)


@pytest.mark.parametrize("name", shipped_treaties())
def test_limits_and_clocks_of_phases_agree(name: str) -> None:
    from detente.agreement.clocks import clocks

    treaty = load_treaty(name)
    ends = {due.after: due.date for due in clocks(treaty).clocks if due.kind == "phase"}
    for limit in treaty.limits:
        if limit.phase in ends:
            assert limit.since == ends[limit.phase], limit.id


@pytest.mark.parametrize("name", shipped_forces())
def test_numbers_that_nobody_read_say_so(name: str) -> None:
    force = load_force(name)
    for row in (*force.holdings, *force.totals):
        assert row.source or row.status == "unverified", f"{name}, line {row.line}"
        if row.status == "read":
            assert any(force.sources[key].was_read for key in row.source), f"{name}, line {row.line}"


def exchanged(text: str) -> str:
    """A record as JSON with the two parties' labels exchanged."""
    return text.replace('"US"', '"\0"').replace('"SU"', '"US"').replace('"\0"', '"SU"')


def test_swapping_two_labels_swaps_the_counts_and_nothing_else() -> None:
    from detente.agreement.counting import count

    force, treaty = load_force("start1-mou-1990"), load_treaty("start-1")
    other_force = Force.model_validate_json(exchanged(force.model_dump_json()))
    other_treaty = Treaty.model_validate_json(exchanged(treaty.model_dump_json()))
    plain = {found.party: found for found in count(force, treaty)}
    swapped = {found.party: found for found in count(other_force, other_treaty)}
    for mine, theirs in (("US", "SU"), ("SU", "US")):
        assert plain[mine].sums == swapped[theirs].sums
        assert [row.warheads for row in plain[mine].rows] == [row.warheads for row in swapped[theirs].rows]

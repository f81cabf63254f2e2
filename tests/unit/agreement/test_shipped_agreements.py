"""Every shipped force and treaty loads, and its numbers say where they are from."""

import pytest

from detente.records.agreement_files import load_force, load_treaty, shipped_forces, shipped_treaties


def test_the_names_asked_for_are_there() -> None:
    assert {"start1-mou-1990", "new-start-aggregates"} <= set(shipped_forces())
    assert {"start-1", "start-2", "new-start", "sort", "abm", "announcements-2001"} <= set(shipped_treaties())


@pytest.mark.parametrize("name", shipped_forces())
def test_a_force_loads_under_its_own_name(name: str) -> None:
    force = load_force(name)
    assert force.id == name
    assert force.holdings or force.totals
    used = [row.source for row in force.holdings] + [row.source for row in force.totals]
    used += [row.source for row in force.bases] + [row.source for row in force.gaps]
    assert {key for keys in used for key in keys} <= set(force.sources)


@pytest.mark.parametrize("name", shipped_treaties())
def test_a_treaty_loads_under_its_own_name(name: str) -> None:
    treaty = load_treaty(name)
    assert treaty.id == name
    assert treaty.begins is not None

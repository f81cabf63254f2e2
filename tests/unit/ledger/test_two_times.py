"""The two times: any state equals a replay from scratch, and nothing added later changes what was known."""

# ruff: noqa: E501 - a table of cases reads best with one case a line

import tempfile
from collections.abc import Sequence
from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from detente.ledger.identifiers import Moment, states
from detente.ledger.notification import documents
from detente.ledger.store import Ledger
from detente.ledger.views import both, compare, history
from detente.records.notification import DAY_S, Fact, Header, Row, end_of, start_of
from tests.unit.ledger.told import document, ledger_in, opening, tell

PLACES = ("Base", "Depot", "Plant")
START = start_of("2011-03-01")
State = tuple[str, str, str, str]


def replay(rows: Sequence[Row], as_of: int, known_at: int) -> dict[str, State]:
    """The state of every item, worked out in the plainest way: one notification after the other."""
    said: dict[tuple[str, int], tuple[str, int]] = {}
    current: dict[tuple[str, int], tuple[int, int, Fact]] = {}
    lines: dict[str, int] = {}
    for number, row in enumerate(rows):
        reference = row.header.reference
        lines[reference] = lines.get(reference, 0) + 1
        name = (reference, lines[reference])
        if row.fact.corrects:
            corrected, _, line = row.fact.corrects.rpartition(":")
            said[name] = said[corrected, int(line)]
        else:
            said[name] = name
        if row.header.received_at <= known_at:
            root = said[name]
            first = current[root][1] if root in current else number
            current[root] = (number, first, row.fact)
    events = sorted(
        (fact.true_at, first, number, fact)
        for number, first, fact in current.values()
        if fact.true_at <= as_of and fact.event != "withdrawn"
    )
    state: dict[str, State] = {}
    for _, _, _, fact in events:
        status = {
            "departed": "in-transit",
            "deployed": "deployed",
            "eliminated": "eliminated",
            "converted": "converted",
        }
        now = fact.status if fact.event == "declared" else status.get(fact.event, "nondeployed")
        place = fact.to if fact.event == "departed" else fact.place
        launcher = fact.launcher if now == "deployed" else ""
        state[fact.item] = (now, place, launcher, fact.type)
    return state


@st.composite
def stories(draw: st.DrawFn) -> list[Row]:
    """Documents in the order of receipt: events of a few items, corrections of any earlier datum, withdrawals."""
    rows: list[Row] = []
    day = 0
    for number in range(draw(st.integers(1, 14))):
        day += draw(st.integers(0, 6))
        header = Header(f"a-{number}", "change", "alpha", START + day * DAY_S)
        true = START + draw(st.integers(-10, 60)) * DAY_S
        item, place = f"M{draw(st.integers(0, 2))}", draw(st.sampled_from(PLACES))
        event = draw(
            st.sampled_from(["produced", "departed", "arrived", "deployed", "removed", "eliminated"])
        )
        fact = Fact(event, "alpha", true, "missile", item, "T", place, to=draw(st.sampled_from(PLACES)))
        if event == "deployed":
            fact = fact._replace(launcher=draw(st.sampled_from(["", "L1", "L2"])))
        if rows and draw(st.integers(0, 3)) == 0:
            target = draw(st.sampled_from(rows)).header.reference
            header = header._replace(format="correction")
            withdrawn = draw(st.booleans())
            fact = fact._replace(corrects=f"{target}:1", event="withdrawn" if withdrawn else event)
        rows.append(Row(header, fact))
    return rows


def state_of(ledger: Ledger, as_of: int, known_at: int) -> dict[str, State]:
    with ledger.reading() as connection:
        return {
            state.item: (state.status, state.place, state.launcher, state.type)
            for state in states(connection, Moment(as_of, known_at))
        }


@settings(max_examples=40, suppress_health_check=[HealthCheck.too_slow])
@given(rows=stories(), as_of=st.integers(-12, 70), known=st.integers(-1, 90))
def test_a_state_is_the_replay_of_its_notifications(rows: list[Row], as_of: int, known: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        ledger = ledger_in(Path(folder))
        tell(ledger, rows)
        times = (START + as_of * DAY_S, START + known * DAY_S)
        assert state_of(ledger, *times) == replay(rows, *times)
        ledger.close()


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(rows=stories(), cut=st.integers(0, 13), as_of=st.integers(-12, 70))
def test_what_comes_later_never_changes_what_was_known(rows: list[Row], cut: int, as_of: int) -> None:
    first, later = rows[:cut], rows[cut:]
    with tempfile.TemporaryDirectory() as folder:
        ledger = ledger_in(Path(folder))
        tell(ledger, first)
        # what was known on the day before the next document came
        known = (later[0].header.received_at if later else START + 100 * DAY_S) - 1
        before = state_of(ledger, START + as_of * DAY_S, known)
        tell(ledger, later)
        assert state_of(ledger, START + as_of * DAY_S, known) == before
        ledger.close()


def test_a_correction_adds_and_the_old_datum_stays(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    tell(
        ledger,
        document("a-1", "change", "2011-04-02", "produced 2011-04-01 missile M9 T Plant"),
        document(
            "a-2", "correction", "2011-05-02", "produced 2011-04-01 missile M9 T Depot", corrects="a-1:1"
        ),
        document("a-3", "correction", "2011-06-02", "withdrawn 2011-04-01", corrects="a-1:1"),
    )
    places = [
        state_of(ledger, end_of("2012-01-01"), end_of(day)).get("M9", ("", "never was", "", ""))[1]
        for day in ("2011-04-01", "2011-04-02", "2011-05-01", "2011-05-02", "2011-06-01", "2011-06-02")
    ]
    assert places == ["never was", "Plant", "Plant", "Depot", "Depot", "never was"]
    told = history(ledger, "M9")
    assert [(entry["document"], entry["in_force"]) for entry in told] == [
        ("a-1:1", False), ("a-2:1", False), ("a-3:1", False),
    ]  # fmt: skip
    with ledger.reading() as connection:
        assert len(list(documents(connection))) == 3


def test_a_correction_of_a_correction_names_either(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    tell(
        ledger,
        document("a-1", "change", "2011-04-02", "produced 2011-04-01 missile M9 T Plant"),
        document(
            "a-2", "correction", "2011-04-03", "produced 2011-04-01 missile M9 T Depot", corrects="a-1:1"
        ),
        document(
            "a-3", "correction", "2011-04-04", "produced 2011-04-01 missile M9 T Base", corrects="a-2:1"
        ),
    )
    assert state_of(ledger, end_of("2012-01-01"), end_of("2012-01-01"))["M9"][1] == "Base"


def test_inclusion_of_a_datum_is_no_agreement(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    tell(
        ledger,
        opening(),
        document("b-1", "statement", "2011-04-01", "disputed 2011-04-01", giver="beta", owner="alpha",
                 about="alpha-initial:1"),
        document("b-2", "statement", "2011-06-01", "accepted 2011-06-01", giver="beta", owner="alpha",
                 about="alpha-initial:1"),
    )  # fmt: skip
    said = {}
    for day in ("2011-03-22", "2011-04-01", "2011-06-01"):
        with ledger.reading() as connection:
            moment = Moment(end_of("2011-02-05"), end_of(day))
            said[day] = {state.item: state.said for state in states(connection, moment)}
            moment = Moment(end_of(day), end_of(day))
            said[day] |= {state.item: state.said for state in states(connection, moment)}
    assert said["2011-03-22"]["M1"] == "open"
    assert said["2011-04-01"] == {"M1": "disputed", "M2": "open", "L1": "open", "L2": "open"}
    assert said["2011-06-01"]["M1"] == "accepted"


def test_declared_assessed_agreed_and_counted_stand_apart(tmp_path: Path) -> None:
    ledger = ledger_in(tmp_path)
    cell = "total 2011-06-01 missile - T Base - - deployed"
    tell(
        ledger,
        opening(),
        document("b-1", "assessment", "2011-06-02", f"{cell} 4", giver="beta", owner="alpha"),
        document("j-1", "agreed", "2011-06-03", f"{cell} 2", giver="beta", owner="alpha"),
        document("j-2", "count", "2011-06-04", f"{cell} 10", giver="beta", owner="alpha", note="START I attribution"),
        document("b-2", "statement", "2011-06-05", "disputed 2011-06-05", giver="beta", owner="alpha",
                 about="alpha-initial:5"),
    )  # fmt: skip
    row = next(
        r
        for r in both(ledger, Moment())
        if (r["place"], r["category"], r["status"]) == ("Base", "missile", "deployed")
    )
    told = {
        name: row[name] for name in ("notified", "declared", "inspected", "assessed", "agreed", "counted")
    }
    assert told == {
        "notified": 1,
        "declared": 1,
        "inspected": None,
        "assessed": 4,
        "agreed": 2,
        "counted": 10,
    }
    assert row["difference"] == 3
    assert row["rule"] == "START I attribution"
    assert row["said"] == "disputed"
    before = next(r for r in both(ledger, Moment(known_at=end_of("2011-06-01"))) if r["place"] == "Base")
    assert before["assessed"] is None


def test_two_copies_are_compared_document_by_document(tmp_path: Path) -> None:
    one, two = ledger_in(tmp_path, "alpha"), ledger_in(tmp_path, "beta")
    same = opening()
    late = [
        row._replace(header=row.header._replace(received_at=start_of("2011-04-20")))
        for row in opening("beta")
    ]
    tell(
        one,
        same,
        opening("beta"),
        document("a-1", "change", "2011-06-01", "produced 2011-06-01 missile M9 T Plant"),
    )
    tell(two, same, late, document("a-1", "change", "2011-06-01", "produced 2011-06-01 missile M8 T Plant"),
         document("a-2", "change", "2011-06-02", "produced 2011-06-02 missile M7 T Plant"))  # fmt: skip
    differs = {row["reference"]: row["differs"] for row in compare(one, two)}
    assert differs == {
        "a-1": "the two copies say different things",
        "a-2": "only in the copy of beta",
        "beta-initial": "the two copies say different things",
    }
    assert compare(one, one) == []

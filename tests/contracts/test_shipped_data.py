"""The shipped data: every file reads, every name it uses exists, every number says where it is from."""

import csv
import hashlib
import json
import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from detente.records.claim import Claim
from detente.records.figure import Figure
from detente.records.places import Place
from detente.records.position import Position, resolve
from detente.records.source import Source
from detente.studies.catalog import COVER, ENGAGE, INVENTORY, REACH, RULES, STUDIES, WATCH

DATA = Path(__file__).parents[2] / "src" / "detente" / "data"
CASES = sorted((DATA / "cases").iterdir())
EUROPEAN_SITE = DATA / "cases" / "european-site-2007"
COLUMNS = ["id", "name", "kind", "latitude_deg", "longitude_deg", "country", "status", "source", "note"]
STATUSES = {"read", "secondary", "derived", "computed", "unverified", "assumed"}
LAUNCH_AREAS = {
    *("nw-iran", "tehran", "vypolzovo", "kozelsk", "teykovo", "tatishchevo", "yoshkar-ola"),
    *("nizhniy-tagil", "dombarovskiy", "uzhur"),
}
SAMPLE_POINTS = {
    *("ankara", "athens", "sofia", "bucharest", "iasi", "timisoara", "rome", "madrid", "lisbon"),
    *("berlin", "warsaw", "london", "washington"),
}
LETTERS_OF_A_BRIEF = "Détente Мытищи 6.3 km/s ≥≤ ° → − × ± Słupsk Předběžné Iași"
# the reference file's tags: what is only quoted somewhere must never be shown as read
QUOTED_SPEEDS = {
    "mda-slides": "5.4 km/s",
    "mda-claim": "6.3 km/s",
    "lewis-postol-low": "7.7 km/s",
    "lewis-postol-high": "8.3 km/s",
}

each_case = pytest.mark.parametrize("folder", CASES, ids=lambda folder: folder.name)


@cache
def toml(path: Path) -> dict[str, Any]:
    return tomllib.loads(path.read_text(encoding="utf-8"))


def places(folder: Path) -> list[dict[str, str]]:
    named = toml(folder / "case.toml").get("places")
    if named is None:
        return []  # a dispute about numbers alone has no places
    with (folder / named).open(encoding="utf-8", newline="") as table:
        return list(csv.DictReader(table, strict=True))


@cache
def positions(folder: Path) -> dict[str, Position]:
    read = {path.stem: Position(**toml(path)) for path in sorted((folder / "positions").glob("*.toml"))}
    assert all(name == position.id for name, position in read.items())
    return read


@cache
def claims(folder: Path) -> dict[str, Claim]:
    return {entry["id"]: Claim(**entry) for entry in toml(folder / "claims.toml")["claims"]}


@cache
def sources(folder: Path) -> dict[str, Source]:
    return {key: Source(**entry) for key, entry in toml(folder / "sources.toml")["sources"].items()}


def figures(folder: Path) -> list[tuple[str, Figure]]:
    found = positions(folder).values()
    return [(f"{p.id}/{name}", figure) for p in found for name, figure in p.figures.items()]


def test_there_is_a_case() -> None:
    assert EUROPEAN_SITE in CASES


@pytest.mark.parametrize(
    "path", sorted(DATA.rglob("*.toml")), ids=lambda path: path.relative_to(DATA).as_posix()
)
def test_every_file_names_its_schema_first(path: Path) -> None:
    first = path.read_text(encoding="utf-8").splitlines()[0]
    assert re.fullmatch(r"#:schema detente/[a-z]+/\d+", first)
    toml(path)


@each_case
def test_the_names_in_a_case_exist(folder: Path) -> None:
    case = toml(folder / "case.toml")
    parties = {party["id"] for party in case["parties"]}
    assert case["id"] == folder.name
    assert set(case["default_between"]) <= set(positions(folder))
    assert case["lead_claim"] in claims(folder)
    for position in positions(folder).values():
        assert position.party in parties | {""}
        assert resolve(position.id, positions(folder)).figures
    for claim in claims(folder).values():
        assert claim.by
        assert claim.denies in set(claims(folder)) | {""}


@each_case
def test_every_source_is_used_and_every_used_one_exists(folder: Path) -> None:
    used = {key for _, figure in figures(folder) for key in figure.source}
    used |= {statement.source for claim in claims(folder).values() for statement in claim.said}
    used |= {row["source"] for row in places(folder) if row["source"]}
    used |= _sources_of_panels(folder)
    assert used == set(sources(folder))


def _sources_of_panels(folder: Path) -> set[str]:
    """Keys that a case's panels and its plan of inspections name."""
    keys: list[str | list[str]] = []
    if (folder / "agreement.toml").exists():
        ranges = toml(folder / "agreement.toml").get("ranges", [])
        keys += [level["source"] for panel in ranges for level in panel.get("levels", [])]
    if (folder / "inspection.toml").exists():
        plan = toml(folder / "inspection.toml")
        keys += [entry["source"] for part in plan.values() if isinstance(part, list) for entry in part
                 if isinstance(entry, dict) and "source" in entry]  # fmt: skip
    return {key for each in keys for key in ([each] if isinstance(each, str) else each)}


@each_case
def test_a_source_says_who_read_it_and_how(folder: Path) -> None:
    for key, source in sources(folder).items():
        assert source.title or source.publisher, key
        assert source.type, key
        if source.read != "not read":
            assert source.read_by, key
            assert source.read_how, key
        if source.read == "secondary quotation":
            assert source.via, key


@each_case
def test_a_value_is_called_read_only_where_its_source_was_read(folder: Path) -> None:
    for name, figure in figures(folder):
        if figure.status == "read":
            assert any(sources(folder)[key].was_read for key in figure.source), name
    for row in places(folder):
        if row["status"] == "read":
            assert sources(folder)[row["source"]].was_read, row["id"]
    for claim in claims(folder).values():
        for statement in claim.said:
            if statement.status == "read":
                assert sources(folder)[statement.source].was_read, claim.id


@each_case
def test_every_figure_has_unit_date_status_and_reason_or_source(folder: Path) -> None:
    for name, figure in figures(folder):
        assert not list(RULES.check_figure(name.split("/")[1], figure)), name
        assert figure.date, name
        if figure.status == "assumed":
            assert figure.note, name
            assert not figure.source, name
        elif figure.status != "unverified":
            assert figure.source, name


@each_case
def test_no_position_is_silent_on_an_assumption_of_the_study(folder: Path) -> None:
    studies = {claim.read_as.study for claim in claims(folder).values() if claim.read_as}
    studies |= {study.name for study in (REACH, INVENTORY, WATCH, ENGAGE, COVER) if places(folder)}
    needed = {parameter.name for name in studies for parameter in STUDIES[name].parameters}
    parents = {position.inherits for position in positions(folder).values()}
    for name in set(positions(folder)) - parents:
        assert needed <= set(resolve(name, positions(folder)).figures), name


@each_case
def test_places_are_whole_rounded_and_named_once(folder: Path) -> None:
    rows = places(folder)
    assert not rows or list(rows[0]) == COLUMNS
    assert len({row["id"] for row in rows}) == len(rows)
    for row in rows:
        given = (float(row["latitude_deg"]), float(row["longitude_deg"]))
        kept = Place(*given)
        assert (kept.latitude, kept.longitude) == given, row["id"]
        assert row["kind"] in {"launch-area", "sample-point", "interceptor-site", "radar"}
        assert row["status"] in STATUSES
        assert row["source"] or row["status"] == "unverified", row["id"]
        assert row["name"], row["id"]
        assert row["country"], row["id"]


@each_case
def test_readings_use_places_of_the_right_kind(folder: Path) -> None:
    kinds = {row["id"]: row["kind"] for row in places(folder)}
    for claim in claims(folder).values():
        reading = claim.read_as
        assert reading is not None
        assert {kinds[launch] for launch in reading.launches} <= {"launch-area"}
        assert {kinds[aim] for aim in reading.aims} <= {"sample-point"}
        assert not list(RULES.check_reading(reading)), claim.id
        assert reading.note, claim.id
        assert claim.said, claim.id
        assert all(len(statement.words.split()) <= 25 for statement in claim.said), claim.id


@each_case
def test_sites_in_positions_and_in_the_table_of_places_agree(folder: Path) -> None:
    table = {
        kind: {(row["latitude_deg"], row["longitude_deg"]) for row in places(folder) if row["kind"] == kind}
        for kind in ("interceptor-site", "radar")
    }
    for name, figure in figures(folder):
        for kind, ending in (("interceptor-site", "interceptor_site"), ("radar", "radar_site")):
            if name.endswith(ending):
                assert isinstance(figure.parsed, Place)
                assert (str(figure.parsed.latitude), str(figure.parsed.longitude)) in table[kind], name


def test_the_quoted_speeds_are_shown_as_secondary() -> None:
    read = positions(EUROPEAN_SITE)
    for name, value in QUOTED_SPEEDS.items():
        speed = read[name].figures["interceptor_speed"]
        assert (speed.value, speed.status) == (value, "secondary")
    assert read["midpoint"].figures["interceptor_speed"].status == "derived"
    assert "interceptor_speed" not in read["base"].figures


def test_the_midpoint_is_the_arithmetic_that_its_note_says() -> None:
    low, high = (
        positions(EUROPEAN_SITE)[name].figures["interceptor_speed"].central("km/s")
        for name in ("mda-claim", "lewis-postol-low")
    )
    middle = positions(EUROPEAN_SITE)["midpoint"].figures["interceptor_speed"].central("km/s")
    assert middle == pytest.approx((low + high) / 2)


def test_figures_of_lewis_and_postol_belong_to_no_party() -> None:
    for name in ("lewis-postol-low", "lewis-postol-high"):
        assert positions(EUROPEAN_SITE)[name].party == ""
        assert positions(EUROPEAN_SITE)[name].holder == "Lewis and Postol"


def test_the_names_asked_for_are_there() -> None:
    kinds: dict[str, set[str]] = {}
    for row in places(EUROPEAN_SITE):
        kinds.setdefault(row["kind"], set()).add(row["id"])
    assert kinds["launch-area"] == LAUNCH_AREAS
    assert kinds["sample-point"] == SAMPLE_POINTS


def test_every_column_and_key_is_explained() -> None:
    explained = set(re.findall(r"`([^`]+)`", (DATA / "README.md").read_text(encoding="utf-8")))
    used = set(COLUMNS)
    for folder in CASES:
        case = toml(folder / "case.toml")
        used |= set(case) | {key for party in case["parties"] for key in party}
        for path in (folder / "positions").glob("*.toml"):
            used |= set(toml(path)) | {key for figure in toml(path)["figures"].values() for key in figure}
        for claim in toml(folder / "claims.toml")["claims"]:
            used |= set(claim) | set(claim["read_as"]) | {key for said in claim["said"] for key in said}
        used |= {key for source in toml(folder / "sources.toml")["sources"].values() for key in source}
    used -= {"parties", "figures", "said", "read_as"}  # tables, explained under their own headings
    assert used <= explained


def test_an_erratum_says_what_it_makes_invalid() -> None:
    wanted = {"id", "date", "what", "case", "figure", "was", "now", "reason", "results"}
    entries = toml(DATA / "errata.toml")["errata"]
    assert len({entry["id"] for entry in entries}) == len(entries)
    for entry in entries:
        assert set(entry) == wanted
        assert entry["case"] in {folder.name for folder in CASES}
        assert all(len(pattern.split("/")) == 3 for pattern in entry["results"])
        assert entry["results"]


def test_land_is_closed_rings_inside_the_world() -> None:
    land = json.loads((DATA / "land" / "land-110m.json").read_text(encoding="utf-8"))
    assert land["schema"] == "detente/land/1"
    assert land["axes"] == ["longitude_deg", "latitude_deg"]
    rings = [ring for polygon in land["polygons"] for ring in polygon]
    assert len(land["polygons"]) > 100
    for ring in rings:
        assert len(ring) >= 4
        assert ring[0] == ring[-1]
        assert all(abs(longitude) <= 180 and abs(latitude) <= 90 for longitude, latitude in ring)


@pytest.mark.parametrize("path", sorted((DATA / "fonts").glob("*.ttf")), ids=lambda path: path.stem)
def test_every_typeface_has_the_letters_and_signs_of_a_brief(path: Path) -> None:
    from matplotlib.ft2font import FT2Font

    glyphs = FT2Font(str(path)).get_charmap()
    assert not [letter for letter in LETTERS_OF_A_BRIEF if ord(letter) not in glyphs]
    assert path.with_suffix(".woff2").exists()


def test_every_typeface_ships_its_license() -> None:
    for family in {path.stem.split("-")[0] for path in (DATA / "fonts").glob("*.ttf")}:
        license_text = (DATA / "fonts" / f"{family}-OFL.txt").read_text(encoding="utf-8")
        assert "SIL OPEN FONT LICENSE" in license_text.upper()


def test_assets_stay_small() -> None:
    total = sum(path.stat().st_size for path in DATA.rglob("*") if path.is_file())
    assert total < 2_000_000


def test_page_digests_are_digests() -> None:
    length = len(hashlib.sha256().hexdigest())
    for folder in CASES:
        for claim in claims(folder).values():
            for statement in claim.said:
                assert re.fullmatch(rf"(sha256:[0-9a-f]{{{length}}})?", statement.page_digest)

"""Every page of a model says what it leaves out and which way that biases its answer."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
MODELS = ROOT / "docs" / "models"
PAGES = sorted(path for path in MODELS.glob("*.md") if path.name != "index.md")
HEADING = re.compile(r"^#{2,4} .*\b(?:bias|biases|mislead)\b.*$", re.M | re.I)
DIRECTION = re.compile(
    r"""
    \b(?: too\ (?:large|small|much|little|many|few|far|near|high|low|good|bad|early|late|fast|slow|long|short
              |soon|strong|weak|wide|narrow|optimistic|pessimistic)
      | (?:under|over)(?:stat|estimat|count)(?:e|es|ed|s) | (?:larger|smaller|higher|lower|longer|shorter
              |farther|better|worse|more|fewer|less|later|earlier)
      | (?:upper|lower)\ bound | either\ way | no\ bias | none | favou?rs | hides | shrinks | widens
      | raises | lowers | off\ by | up\ to | both\ ways )\b
    """,
    re.X | re.I,
)


def section(page: str) -> str:
    """The part of a page that speaks of bias, to the next heading of its level."""
    found = HEADING.search(page)
    assert found, "no heading speaks of the direction of bias"
    level = len(found[0]) - len(found[0].lstrip("#"))
    rest = page[found.end() :]
    following = re.search(rf"^#{{1,{level}}} ", rest, re.M)
    return rest[: following.start()] if following else rest


def entries(part: str) -> list[str]:
    """What is listed in it: the rows of its tables, without their heads, and its list items."""
    rows = [line for line in part.splitlines() if line.startswith("|")]
    rules = [n for n, line in enumerate(rows) if re.fullmatch(r"[|\s:-]+", line)]
    heads = {n - 1 for n in rules} | set(rules)
    items = re.findall(r"^(?:[-*]|\d+\.) (?:.+(?:\n(?![-*\n|#]|\d+\.).+)*)", part, re.M)
    return [row for n, row in enumerate(rows) if n not in heads] + items


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_simplification_has_a_direction(path: Path) -> None:
    found = entries(section(path.read_text(encoding="utf-8")))
    assert len(found) >= 2, "a model leaves out more than that"
    assert [entry for entry in found if not DIRECTION.search(entry)] == []


@pytest.mark.parametrize("path", PAGES, ids=lambda path: path.stem)
def test_every_page_is_in_the_index(path: Path) -> None:
    assert f"]({path.name})" in (MODELS / "index.md").read_text(encoding="utf-8")


def test_the_checker_sees_a_page_that_is_silent() -> None:
    with pytest.raises(AssertionError, match="no heading"):
        section("# A model\n\n## Equations\n\nx = y\n")
    part = section(
        "## Bias\n\n| left out | effect |\n|---|---|\n| drag | too large |\n| wind | who knows |\n\n## Next\n"
    )
    assert [entry for entry in entries(part) if not DIRECTION.search(entry)] == ["| wind | who knows |"]

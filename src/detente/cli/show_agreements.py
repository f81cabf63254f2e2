"""How counts, limits and clocks look in a terminal: numbered proofs and tables; nothing is computed here."""

from collections.abc import Mapping, Sequence
from typing import Any

import click

from .show import _table as table

Body = Mapping[str, Any]
HEADLINES = (
    "deployed_delivery_vehicles",
    "warheads",
    "warheads_on_missiles",
    "heavy_warheads",
    "mobile_warheads",
)
COLUMNS = (*HEADLINES, "deployed_and_nondeployed_launchers", "warheads_deactivated", "warheads_dismantled")
NOT_READ = {"unverified", "assumed"}


def forces(body: Body) -> None:
    """The shipped forces."""
    rows = [
        (f["id"], f["title"], ", ".join(f["parties"]), _span(f["from"], f["to"]), ", ".join(f["treaties"]))
        for f in body["forces"]
    ]
    table(("force", "title", "parties", "of", "held against"), rows)


def _span(first: str, last: str) -> str:
    return first if first == last else f"{first} to {last}"


def treaties(body: Body) -> None:
    """The shipped treaties."""
    rows = [
        (t["id"], t["name"], t["kind"], ", ".join(t["parties"]), "; ".join(t["events"]))
        for t in body["treaties"]
    ]
    table(("treaty", "name", "kind", "parties", "what happened"), rows)
    for found in body["treaties"]:
        if found["articles_not_read"]:
            click.echo(
                f"{found['name']}: wording not read here of {', '.join(found['articles_not_read'])}", err=True
            )


def counts(body: Body) -> None:
    """Each count as a numbered proof; several counts also as one table."""
    for found in body["counts"]:
        if found["rows"] or len(body["counts"]) == 1:
            _proof(found)
    if len(body["counts"]) > 1:
        _side_by_side(body["counts"])


def _proof(found: Body) -> None:
    click.echo(found["title"])
    rows = [
        (
            f"({row['step']})", row["type"], _held(row), _number(row["number"]), _each(row["attribution"]),
            _number(row["warheads"], "-"), _article(row),
        )
        for row in found["rows"]
    ]  # fmt: skip
    if rows:
        table(("step", "type", "held as", "number", "each", "warheads", "article"), rows)
    sums = [
        (one["title"], _steps(one), _sum(one), one["article"], "; ".join(one["missing"][:3]) or one["note"])
        for one in found["sums"]
        if one["value"] or one["missing"] or one["quantity"] in HEADLINES
    ]
    table(("sum", "of", "comes to", "article", "missing or note"), sums)
    for rule, row in {row["rule"]: row for row in found["rows"] if row["rule"]}.items():
        unread = ", wording not read here" if row["article_status"] in NOT_READ else ""
        click.echo(f"{rule}: {row['why']} (article {row['article'] or 'not named'}{unread})", err=True)
    click.echo("", err=True)


def _held(row: Body) -> str:
    return f"{row['held_as']}, {row['base']}" if row["base"] else str(row["held_as"])


def _each(attribution: Any) -> str:
    return "-" if attribution is None else str(attribution).replace("@", " x ").replace("+", " + ")


def _article(row: Body) -> str:
    mark = " *" if row["article_status"] in NOT_READ else ""
    return f"{row['article']}{mark}" + (f" [{row['status']}]" if row["status"] != "read" else "")


def _steps(one: Body) -> str:
    """Steps as short ranges: (1)-(6), (8)."""
    if one["made_from"] == "total":
        return "stated total" + (f" and {_ranges(one['steps'])}" if one["steps"] else "")
    return _ranges(one["steps"])


def _ranges(steps: Sequence[int]) -> str:
    parts: list[list[int]] = []
    for step in steps:
        if parts and step == parts[-1][-1] + 1:
            parts[-1].append(step)
        else:
            parts.append([step])
    return ", ".join(f"({p[0]})" if len(p) == 1 else f"({p[0]})-({p[-1]})" for p in parts)


def _sum(one: Body) -> str:
    if one["value"] is None:
        return f"at least {one['at_least']:,}" if one["at_least"] else "not known"
    return _number(one["value"]) + (f" [{one['status']}]" if one["status"] not in {None, "read"} else "")


def _side_by_side(found: Sequence[Body]) -> None:
    """One row a count, the usual sums beside each other."""
    sums = [each for one in found for each in one["sums"] if each["value"] or each["at_least"]]
    names = [name for name in COLUMNS if any(each["quantity"] == name for each in sums)]
    rows = []
    for one in found:
        mine = {each["quantity"]: each for each in one["sums"]}
        rule = one["rule_name"] + (f": {one['reading_title']}" if one["reading_title"] else "")
        cells = [_sum(mine[name]) if name in mine else "not given" for name in names]
        rows.append((one["party"], f"{one['basis']} by {one['by']}", one["date"], rule, *cells))
    heads = ("party", "basis", "date", "rule", *(name.replace("_", " ") for name in names))
    table(heads, rows, right=len(names))


def compliance(body: Body) -> None:
    """One row a limit and reading, then where each treaty stood."""
    rows = [
        (
            row["party"], _limit(row), row["reading"] or "-", _number(row["counted"]), _ceiling(row),
            _signed(row["slack"]), row["article"] + (" *" if row["article_status"] in NOT_READ else ""),
            row["says"] + _missing(row),
        )
        for row in body["limits"]
    ]  # fmt: skip
    table(("party", "limit", "reading", "counted", "ceiling", "slack", "article", "that day"), rows)
    for treaty in body["treaties"]:
        click.echo(f"{body['on']}: {treaty['says']}", err=True)
    if any(row["article_status"] in NOT_READ for row in body["limits"]):
        click.echo("* nobody here has read the wording of this article", err=True)


def _limit(row: Body) -> str:
    return f"{row['title']} ({row['phase']})" if row["phase"] else str(row["title"])


def _ceiling(row: Body) -> str:
    low = "" if row["band_from"] is None else f"{_number(row['band_from'])} to "
    mark = "" if row["status"] == "read" else f" [{row['status']}]"
    return f"{low}{_number(row['ceiling'])}{mark}"


def _missing(row: Body) -> str:
    found = row["missing"]
    if not found:
        return ""
    return f"; missing: {'; '.join(found[:2])}" + (f" and {len(found) - 2} more" if len(found) > 2 else "")


def clocks(body: Body) -> None:
    """The days in order."""
    if body["standing"]:
        click.echo(f"{body['on']}: {body['standing']['says']}")
    rows = [
        (
            due["date"] or "no day", f"to {due['until']}" if due["until"] else "", due["title"], due["kind"],
            _from(due), due["article"] + (" *" if due["article_status"] in NOT_READ else ""),
            "; ".join(word for word in (due["when"], due["state"]) if word),
        )
        for due in body["clocks"]
    ]  # fmt: skip
    table(("day", "", "what falls due", "kind", "counted from", "article", "then"), rows)
    for text in body["amendments"]:
        state = f"in force {text['in_force']}" if text["in_force"] else "never in force"
        click.echo(f"amendment: {text['title']}, signed {text['signed']}, {state}", err=True)
    if any(due["article_status"] in NOT_READ for due in body["clocks"]):
        click.echo("* nobody here has read the wording of this article", err=True)


def _from(due: Body) -> str:
    turn = f", {due['turn']} times" if due["turn"] > 1 else ""
    day = f" of {due['from_date']}" if due["from_date"] else ""
    return f"{due['after'] or 'at once'}{turn}: {due['runs_from']}{day}"


def verdict(body: Body) -> None:
    """Whether a claimed change is in the figures, and what is."""
    click.echo(body["says"])
    step = body["step"] or body["nearest"]
    if step:
        click.echo(f"figures: {step['status']}; sources: {', '.join(step['source']) or 'none'}", err=True)
    for missing in body["missing"]:
        click.echo(f"missing: {missing}", err=True)


def anomalies(body: Body) -> None:
    """Every slip that was found, or that there is none."""
    for one in body["anomalies"]:
        line = f", line {one['line']}" if one["line"] else ""
        click.echo(f"{one['table']}{line}: {one['says']}\n  perhaps: {one['suggestion']}")
        click.echo(f"  source: {', '.join(one['source']) or 'none'} ({one['status']})")
    number = len(body["anomalies"])
    click.echo(f"{body['force']}: {number or 'no'} slip{'s' * (number != 1)} found")


def _number(value: Any, none: str = "not known") -> str:
    if value is None:
        return none
    return f"{value:,}"


def _signed(value: Any) -> str:
    return "not known" if value is None else f"{value:+,}".replace("-", "−")

"""A saved page read whole: its facts, its repairs, and everything that the machine proposes to a person."""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from detente.records.errors import InputError, Problem
from detente.records.reading import PageFacts, Reading

from . import furniture, markup
from .commitments import commitments
from .dates import PageTime, page_time, times
from .encoding import LARGEST, Decoded, decode
from .meetings import meetings
from .page import Layout, Passage
from .people import register
from .quantities import quantities
from .related import related
from .statements import Reader, own_words

_RUSSIAN = re.compile(r"[а-яё]", re.I)
_AGENCY = re.compile(
    r"^[A-ZА-ЯЁ][\w .'’/-]{1,40}(?:, [^()—–\n]{3,30}?)?\.? ?\((?P<name>[A-ZА-ЯЁ][\w .&-]{1,40})\)\s*[-–—.]"
)
_RU_AGENCY = re.compile(r"^[А-ЯЁ]{3,}(?:, \d{1,2} [а-я]+)?\.? ?(?:/|\()(?P<name>[^/)]{2,40})(?:/|\))")
_DAY_LINE = re.compile(
    r"^(?P<place>[A-ZА-ЯЁ][A-ZА-ЯЁ .'’-]{2,40}), (?P<day>[^()—–.-]{3,22}?)(?:\.|\s*[(/—–-])"
)


def read_page(path: Path) -> Reading:
    """Read one saved page, or the one page of a saved-page folder. Raises `InputError` naming the file."""
    from .batch import page_of

    page = page_of(path)
    size = page.stat().st_size
    if size > LARGEST:
        rule = f"the file has {size / 2**20:.0f} MiB; a page of at most {LARGEST // 2**20} MiB is read"
        raise InputError(Problem(rule, "save the article alone, without its pictures", file=str(path)))
    return read_content(page.read_bytes(), str(path))


def read_content(content: bytes, name: str = "", *, today: date | None = None) -> Reading:
    """Read the bytes of a page. `today` is the day against which a date in the future is told as a notice."""
    decoded = decode(content, name)
    text = decoded.text
    layout = (markup if markup.is_html(text) else furniture).lay_out(text)
    article = layout.of("title", "lead", "body")
    body = layout.of("lead", "body")
    russian = _is_russian(" ".join(passage.text for passage in article) or text)
    published, updated = _times(layout)
    notices = [*decoded.notices, *layout.notices]
    base, event, reason = _base(body, published or updated)
    now = today or datetime.now(UTC).date()
    for each in (published, updated):
        if each and each.day > now:
            notices.append(
                f"the page is dated {each.value}, after today, {now.isoformat()}; the date is kept as it stands"
            )
    if not body:
        notices.append("no article was found on the page: nothing is proposed")
    texts = [passage.text for passage in body]
    people = register(texts, russian=russian)
    said = Reader(people, base, event, reason).read(body)
    facts = _facts(decoded, layout, (published, updated), russian=russian)
    title = facts.title or ""
    return Reading(
        page=facts,
        repairs=decoded.repairs,
        statements=tuple(said + own_words(body)),
        meetings=meetings(body, people, base, event),
        commitments=commitments(body, people, base),
        quantities=quantities(body, russian=russian),
        related=related(layout.of("related"), title, texts, people),
        notices=tuple(notices),
    )


def _is_russian(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text) or 1
    return len(_RUSSIAN.findall(text)) > 0.4 * letters


def _times(layout: Layout) -> tuple[PageTime | None, PageTime | None]:
    """When the page was published and when updated, as it says itself; one is never taken for the other."""
    published = updated = None
    for passage in layout.of("dateline", "byline", "masthead", "other", "source-line"):
        if passage.kind != "dateline" and not re.search(r"\d{4}", passage.text):
            continue
        for part in re.split(r"(?=[Uu]pdated|[Оо]бновлено|[Ll]ast modified|更新)|\||\n", passage.text):
            found = page_time(part)
            if found is None:
                continue
            if re.search(r"updated|modified|обновлено|изменено|更新", part, re.I):
                updated = updated or found
            elif passage.kind == "dateline" and not re.search(r"in print|печатн", part):
                published = published or found
    for key in ("published", "time"):
        told = page_time(layout.meta[key]) if layout.meta.get(key) else None
        if told and (published is None or ("T" not in published.value and told.day == published.day)):
            published = told
    if updated is None and layout.meta.get("updated"):
        updated = page_time(layout.meta["updated"])
    return published, updated


def _base(body: Sequence[Passage], page: PageTime | None) -> tuple[date | None, str | None, str]:
    """The day that relative words count from, and the day of the event that the article reports."""
    base = page.day if page else None
    if not body:
        return base, None, "the page has no article"
    first = body[0].text
    line = _DAY_LINE.match(first)
    if line:
        day = next(
            (
                each.moment.date
                for each in times(line["day"], base, future=False)
                if each.moment.precision == "day"
            ),
            None,
        )
        if day:
            return base or date.fromisoformat(day), day, ""
    if base is None:
        return None, None, "the page has no date that it could be counted from"
    for passage in body[:2]:
        for each in times(passage.text, base, future=False):
            if (
                each.moment.precision == "day"
                and each.form in {"weekday", "near", "month-day", "day-month"}
                and each.moment.date
            ) and date.fromisoformat(each.moment.date) <= base:
                return base, each.moment.date, ""
    return base, None, "the page does not say on which day"


def _facts(
    decoded: Decoded, layout: Layout, when: tuple[PageTime | None, PageTime | None], *, russian: bool
) -> PageFacts:
    status: dict[str, str] = {}
    published, updated = when
    title = (
        next((passage.text for passage in layout.of("title")), None)
        or layout.meta.get("og-title")
        or layout.meta.get("title")
    )
    if title is None:
        status["title"] = "no title was found"
    elif _damaged(title):
        status["title"] = f"damaged: {_damaged(title)}; kept as it stands"
    if published is None:
        status["published"] = "the page says only when it was updated" if updated else "the page does not say"
    elif "T" not in published.value:
        status["published"] = "no clock time is stated"
    elif published.zone is None:
        status["zone"] = "no zone is stated; the clock time is local to somewhere"
    if updated is None:
        status["updated"] = "the page does not say"
    elif "T" not in updated.value:
        status["updated"] = "no clock time is stated"
    source, why = _source(layout)
    if why:
        status["source"] = why
    rights = next((passage.text for passage in layout.of("rights")), None)
    if rights is None:
        status["rights"] = "no rights line was found"
    author = next(
        (match[1] for passage in layout.of("byline") if (match := furniture.author(passage.text))), None
    )
    zone = next((each.zone for each in when if each and each.zone), None)
    return PageFacts(
        title=title, published=published.value if published else None, updated=updated.value if updated else None,
        zone=zone, source=source, author=author or layout.meta.get("author"), rights=rights,
        language="ru" if russian else layout.meta.get("language", "en"), encoding=decoded.encoding, digest=decoded.digest,
        spans=layout.spans, status=status,
    )  # fmt: skip


def _source(layout: Layout) -> tuple[str | None, str]:
    """Whose report it is: a source line, the agency of the dateline, or what the head of the page names."""
    lines = layout.of("source-line")
    for passage in lines:
        name = furniture.source_name(passage.text)
        if name:
            return name, ""
    if lines:
        return None, "unknown: the page has a line for its source and leaves it blank"
    for passage in layout.of("lead", "body")[:1]:
        match = _AGENCY.match(passage.text) or _RU_AGENCY.match(passage.text)
        if match:
            return match["name"], "the agency of the dateline"
    if layout.meta.get("source"):
        return layout.meta["source"], "what the head of the page names"
    return None, "unknown: the page names none"


def _damaged(title: str) -> str:
    """Why a title looks damaged; empty where it does not."""
    doubled = re.search(r"\b(\w{4,})(?:['’]s)?\1\b|\b(\w{4,}) \2\b", title)
    if doubled:
        return f'"{doubled[0]}" stands doubled'
    if "\ufffd" in title:
        return "it holds characters that no encoding gives"
    return "it ends in the middle" if re.search(r"\b(?:of|the|to|and|in|with|a)$", title) else ""

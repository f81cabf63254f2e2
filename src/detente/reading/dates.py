"""Words for a time, resolved against the page's own date: EDTF as precise as the words, and never more."""

import calendar
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache

from detente.records.reading import Moment, Precision

from .words import DAY, DAY_RU, DAYS, DAYS_RU, MONTH, MONTH_RU, MONTHS, MONTHS_RU, NUMBER_WORD, NUMBERS

_N = rf"(?:\d{{1,3}}|{NUMBER_WORD})"
_UNIT = r"(?:days?|weeks?|months?|years?|дн(?:я|ей)|день|недел[июьяе]|недель|месяц(?:а|ев)?|год(?:а)?|лет)"
_PART = r"(?:(?:early|late(?:r)?|earlier) (?:on )?)?"

_FORMS = (
    ("iso", r"(?<![\d-])(?P<y>(?:19|20)\d\d)-(?P<m>\d{1,2})-(?P<d>\d{1,2})(?![\d-])"),
    ("dotted", r"(?<![\d.])(?P<d>\d{1,2})\.(?P<m>\d{1,2})\.(?P<y>(?:19|20)\d\d)(?![\d.])"),
    ("month-day", rf"\b(?P<mon>{MONTH}) (?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?:(?:, ?|,? )(?P<y>(?:19|20)\d\d))?\b(?![:,]\d)"),
    ("day-month", rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th)?(?: of)? (?P<mon>{MONTH}|{MONTH_RU})\b(?:,? (?P<y>(?:19|20)\d\d)(?: года| г\.?)?)?"),
    ("until", rf"(?P<by>\b(?:before|by|at|until) the end of|\bдо конца|\bк концу) (?P<what>(?:this|next|the) (?:week|month|year)|{MONTH}|(?:19|20)\d\d|(?:этого |текущего |следующего )?(?:недели|месяца|года)|{MONTH_RU}|(?:19|20)\d\d года)(?P<y> (?:19|20)\d\d)?"),
    ("month", rf"\b(?P<how>in|In|by|last|next|this|since|until|before|of|for|в|В|к|с) (?P<part>early |late |mid-|начале |конце |середине )?(?P<mon>{MONTH}|{MONTH_RU})\b(?:,? (?P<y>(?:19|20)\d\d)(?: года| г\.?)?)?(?! \d)"),
    ("month-year", rf"\b(?P<mon>{MONTH}|{MONTH_RU}) (?P<y>(?:19|20)\d\d)(?: года| г\.?)?"),
    ("possessive", rf"\b(?P<mon>{MONTH})(?='s|’s)"),
    ("ahead", rf"\b(?P<how>in|within|through|через|в течение|за) (?:the (?:next|coming) )?(?P<n>{_N}) (?P<unit>{_UNIT})(?:' time|’s? time)?\b"),
    ("ago", rf"\b(?P<n>{_N}) (?P<unit>{_UNIT}) (?P<how>ago|earlier|before|назад)\b"),
    ("season", r"\b(?P<how>(?:last|next|this|in the|in) )?(?P<season>spring|summer|autumn|winter) (?:of )?(?P<y>(?:19|20)\d\d)\b|\b(?P<how2>last|next|this|прошл\w+|эт\w+|будущ\w+) (?P<season2>spring|summer|autumn|winter|весной|летом|осенью|зимой)\b"),
    ("relative", r"\b(?P<how>last|next|this|прошл(?:ой|ую|ом|ый)|следующ(?:ей|ую|ем|ий)|эт(?:ой|у|ом)|будущ(?:ей|ем)) (?P<what>week|month|year|недел[еюи]|месяц[еа]?|год[уа]?)\b"),
    ("weekday", rf"\b{_PART}(?:on )?(?P<how>last |next |this coming |прошл\w+ |следующ\w+ )?(?P<day>{DAY}|{DAY_RU})\b"),
    ("near", r"\b(?P<near>today|yesterday|tomorrow|tonight|сегодня|вчера|завтра|позавчера|послезавтра)\b"),
    ("year", r"\b(?P<how>in|In|by|since|until|by the end of|в|В|к|до) (?P<y>(?:19|20)\d\d)(?: году| года| г\.)?(?![\d-])\b"),
)  # fmt: skip
_PATTERN = {name: re.compile(form, re.IGNORECASE if name in {"near", "relative", "weekday", "until", "season"} else 0)
            for name, form in _FORMS}  # fmt: skip
_ANY = re.compile(
    rf"\d|{DAY}|{DAY_RU}|{MONTH}|{MONTH_RU}|today|yesterday|tomorrow|tonight|сегодня|завтра|вчера|"
    r"week|month|year|spring|summer|autumn|winter|недел|месяц|год|лет|days|дн|весн|осен|зим",
    re.I,
)
_FUTURE = re.compile(r"\b(?:will|shall|to (?:meet|start|begin|resume|visit|be held)|next|plans? to|due|"
                     r"будут|будет|состо[ия]тся|встретятся|пройд[её]т|начнут\w*|начн[её]т\w*|продолжат\w*|планиру\w+)\b",
                     re.I)  # fmt: skip
_SEASON = {
    "spring": 21,
    "весной": 21,
    "summer": 22,
    "летом": 22,
    "autumn": 23,
    "осенью": 23,
    "winter": 24,
    "зимой": 24,
}


@dataclass(frozen=True, slots=True)
class Found:
    """A time expression of a text: where it stands, what it means, and of what kind it is."""

    start: int
    end: int
    moment: Moment
    form: str
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class _At:
    """What a relative expression counts from, and whether its sentence is about what is to come."""

    base: date | None
    ahead: bool = False

    @property
    def day(self) -> date:
        """The base, for words that mean nothing without one."""
        if self.base is None:
            raise ValueError("the words count from a day, and none is known")
        return self.base


def resolve(words: str, base: date | None, *, future: bool | None = None) -> Moment:
    """What a time expression means against a base date; `none stated` where it is no date.

    Weekdays are the latest not after the base, or, in a sentence about what is to come, the next.
    """
    found = next(times(words, base, future=future), None)
    return found.moment if found else Moment(date=None, words=words, status="none stated")


def times(text: str, base: date | None, *, future: bool | None = None) -> Iterator[Found]:
    """Every time expression of a text in its order; where two overlap the longer stands."""
    if not _ANY.search(text):
        return
    ahead = bool(_FUTURE.search(text)) if future is None else future
    at = _At(base, ahead)
    found: list[Found] = []
    for name, pattern in _PATTERN.items():
        for match in pattern.finditer(text):
            made = _meaning(name, match, at)
            if made:
                value, precision = made
                status = "stated" if _absolute(match) else "resolved against the page's date"
                moment = Moment(date=value, precision=precision, words=match[0].strip(), status=status)
                found.append(Found(match.start(), match.end(), moment, name, ahead))
    found.sort(key=lambda item: (item.start - item.end, item.start))
    kept: list[Found] = []
    for item in found:
        if all(item.end <= other.start or item.start >= other.end for other in kept):
            kept.append(item)
    yield from sorted(kept, key=lambda item: item.start)


def _absolute(match: re.Match[str]) -> bool:
    return bool(match.groupdict().get("y"))


def _meaning(name: str, match: re.Match[str], at: _At) -> tuple[str, Precision] | None:
    groups = match.groupdict()
    try:
        if name in {"iso", "dotted"}:
            return date(int(groups["y"]), int(groups["m"]), int(groups["d"])).isoformat(), "day"
        if name in {"month-day", "day-month"}:
            return _day(groups, at)
        if name in {"month", "month-year", "possessive"}:
            return _month(groups, at)
        if name == "year":
            return groups["y"], "year"
        if name == "season" and groups["season"]:
            return f"{groups['y']}-{_SEASON[groups['season'].lower()]}", "season"
        return _RELATIVE[name](groups, at)
    except (ValueError, OverflowError):
        return None


def _month_number(word: str) -> int:
    word = word.lower().rstrip(".")
    for number, name in enumerate(MONTHS, 1):
        if name.startswith(word[:3]) and word[0] < "\x7f":
            return number
    for number in (1, 2, 3, 4, 6, 7, 8, 9, 10, 11, 12, 5):
        if word.startswith(MONTHS_RU[number - 1]):
            return number
    raise ValueError(word)


def _day(groups: dict[str, str], at: _At) -> tuple[str, Precision] | None:
    base, ahead = at.base, at.ahead
    month, day = _month_number(groups["mon"]), int(groups["d"])
    if groups["y"]:
        return date(int(groups["y"]), month, day).isoformat(), "day"
    if base is None:
        return None
    near = [date(base.year + step, month, day) for step in (-1, 0, 1)]
    if ahead:
        near = [each for each in near if each >= base - timedelta(days=7)]
    return min(near, key=lambda each: abs((each - base).days)).isoformat(), "day"


def _month(groups: dict[str, str], at: _At) -> tuple[str, Precision] | None:
    base, ahead = at.base, at.ahead
    month = _month_number(groups["mon"])
    if groups.get("y"):
        return f"{groups['y'].strip()}-{month:02d}", "month"
    if base is None:
        return None
    how = (groups.get("how") or "").lower()
    apart = (month - base.month) % 12
    if how == "last":
        steps = apart - 12
    elif how == "next":
        steps = apart or 12
    elif ahead:
        steps = apart
    else:
        steps = apart if apart <= 5 else apart - 12
    return _months_on(base, steps), "month"


def _months_on(base: date, steps: int) -> str:
    year, month = divmod(base.year * 12 + base.month - 1 + steps, 12)
    return f"{year:04d}-{month + 1:02d}"


def _until(groups: dict[str, str], at: _At) -> tuple[str, Precision] | None:
    base = at.day
    what = groups["what"].lower()
    year = re.search(r"(?:19|20)\d\d", what + (groups["y"] or ""))
    if year and not re.search(f"{MONTH}|{MONTH_RU}", what, re.I):
        return f"{year[0]}-12-31", "year"
    later = 1 if re.search("next|следующ", what) else 0
    if re.search("week|недел", what):
        end = base + timedelta(days=6 - base.weekday() + 7 * later)
        return end.isoformat(), "week"
    if re.search("year|года", what):
        return f"{base.year + later}-12-31", "year"
    if re.search("month|месяц", what):
        span = _months_on(base, later)
    else:
        month, _ = _month({"mon": what, "y": year[0] if year else "", "how": ""}, _At(base, ahead=True)) or (
            "",
            "none",
        )
        span = month
    last = calendar.monthrange(int(span[:4]), int(span[5:7]))[1]
    return f"{span}-{last:02d}", "month"


def _shifted(groups: dict[str, str], at: _At) -> tuple[str, Precision] | None:
    base = at.day
    word = groups["n"].lower()
    count = int(word) if word.isdigit() else NUMBERS[word]
    unit = groups["unit"].lower()
    if groups["how"].lower() in {"ago", "earlier", "before", "назад"}:
        count = -count
    if unit.startswith(("day", "дн", "ден")):
        return (base + timedelta(days=count)).isoformat(), "day"
    if unit.startswith(("week", "недел")):
        return (base + timedelta(days=7 * count)).isoformat(), "week"
    if unit.startswith(("month", "месяц")):
        return _months_on(base, count), "month"
    return f"{base.year + count:04d}", "year"


def _weekday(groups: dict[str, str], at: _At) -> tuple[str, Precision] | None:
    base, ahead = at.day, at.ahead
    day, how = groups["day"].lower(), (groups["how"] or "").lower()
    names = DAYS if day[0] < "\x7f" else DAYS_RU
    number = next(index for index, name in enumerate(names) if day.startswith(name))
    back = (base.weekday() - number) % 7
    if how.startswith(("next", "this coming", "следующ")) or (
        ahead and not how.startswith(("last", "прошл"))
    ):
        return (base + timedelta(days=(number - base.weekday()) % 7 or 7)).isoformat(), "day"
    if how.startswith(("last", "прошл")):
        back = back or 7
    return (base - timedelta(days=back)).isoformat(), "day"


def _near(groups: dict[str, str], at: _At) -> tuple[str, Precision] | None:
    base = at.day
    days = {"yesterday": -1, "вчера": -1, "позавчера": -2, "tomorrow": 1, "завтра": 1, "послезавтра": 2}
    return (base + timedelta(days=days.get(groups["near"].lower(), 0))).isoformat(), "day"


def _relative(groups: dict[str, str], at: _At) -> tuple[str, Precision] | None:
    base = at.day
    how, what = groups["how"].lower(), groups["what"].lower()
    step = (
        -1 if how.startswith(("last", "прошл")) else 1 if how.startswith(("next", "следующ", "будущ")) else 0
    )
    if what.startswith(("week", "недел")):
        first = base - timedelta(days=base.weekday()) + timedelta(days=7 * step)
        return f"{first.isoformat()}/{(first + timedelta(days=6)).isoformat()}", "week"
    if what.startswith(("month", "месяц")):
        return _months_on(base, step), "month"
    return f"{base.year + step:04d}", "year"


def _season(groups: dict[str, str], at: _At) -> tuple[str, Precision] | None:
    base = at.day
    how, season = groups["how2"].lower(), _SEASON[groups["season2"].lower()]
    begins = {21: 3, 22: 6, 23: 9, 24: 12}[season]
    if how.startswith(("last", "прошл")):
        year = base.year if base.month > begins + 2 else base.year - 1
    else:
        year = base.year + (how.startswith(("next", "будущ")) and base.month >= begins)
    return f"{year}-{season}", "season"


_RELATIVE = {"until": _until, "ahead": _shifted, "ago": _shifted, "weekday": _weekday, "near": _near,
             "relative": _relative, "season": _season}  # fmt: skip

# ---------------------------------------------------------------- the page's own time

ZONES = {"GMT": 0, "UTC": 0, "BST": 60, "CET": 60, "CEST": 120, "EET": 120, "EEST": 180, "MSK": 180, "MSD": 240,
         "EST": -300, "EDT": -240, "CST": -360, "CDT": -300, "MST": -420, "MDT": -360, "PST": -480, "PDT": -420,
         "JST": 540, "KST": 540, "HKT": 480, "SGT": 480, "IST": 330}  # fmt: skip
"""Minutes east of Greenwich; where one abbreviation stands for several zones, the commonest in English news."""
CITIES = {"beijing": 480, "moscow": 180, "london": 0, "washington": -300, "paris": 60, "berlin": 60, "brussels": 60,
          "tokyo": 540, "новосибирск": 420, "московск": 180, "москв": 180, "киев": 120, "пекин": 480}  # fmt: skip
_ZONE = re.compile(
    rf"\b(?P<short>{'|'.join(ZONES)}|(?<=[\d:]{{2}})Z)\b|\(?(?P<city>[A-Z][a-z]+) [Tt]ime\)?|"
    r"(?P<ru>\(?(?:по )?(?:время московское|московск\w+ врем\w+|врем\w+ московск\w+|МСК|мск)\)?)|"
    r"(?P<off>(?:UTC|GMT)?[+-]\d{2}:?\d{2}\b)"
)
_CLOCK = re.compile(r"(?<![\d:.+-])(?P<h>[01]?\d|2[0-4])[:.](?P<min>[0-5]\d)(?::(?P<s>[0-5]\d))?(?: ?(?P<half>[ap])\.? ?m\.?)?(?![\d.]*\d)", re.I)  # fmt: skip


@dataclass(frozen=True, slots=True)
class PageTime:
    """A page's own time: EDTF, with the zone as the page writes it."""

    value: str
    zone: str | None
    day: date


@lru_cache(maxsize=2048)
def page_time(text: str) -> PageTime | None:
    """The time in a dateline such as "POSTED: 11:27 a.m. EDT, May 16,2007"; None where no day stands there.

    A clock time is kept only if it is written; without a zone it stays local, and none is supposed.
    """
    found = re.search(r"((?:19|20)\d\d-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d)?(?:\.\d+)?(Z|[+-]\d\d:?\d\d)?", text)
    if found:
        day = _valid(found[1])
        zone = found[3] or ""
        offset = "+00:00" if zone == "Z" else zone if ":" in zone or not zone else f"{zone[:3]}:{zone[3:]}"
        return PageTime(f"{found[1]}T{found[2]}{offset}", zone or None, day) if day else None
    day, rest = _page_day(text)
    if day is None:
        return None
    zone_match = _ZONE.search(rest)
    zone, minutes = _zone(zone_match)
    clock = _CLOCK.search(rest)
    if clock is None:
        return PageTime(day.isoformat(), zone, day)
    hour = int(clock["h"]) % 24
    if clock["half"]:
        hour = hour % 12 + (12 if clock["half"].lower() == "p" else 0)
    value = f"{day.isoformat()}T{hour:02d}:{clock['min']}"
    if minutes is not None:
        sign = "-" if minutes < 0 else "+"
        value += f"{sign}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
    return PageTime(value, zone, day)


def _valid(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


def _page_day(text: str) -> tuple[date | None, str]:
    for name in ("iso", "dotted", "month-day", "day-month"):
        for match in _PATTERN[name].finditer(text):
            if match["y"]:
                made = _meaning(name, match, _At(None))
                if made:
                    return date.fromisoformat(made[0]), f"{text[: match.start()]} ; {text[match.end() :]}"
    slashed = re.search(r"(?<!\d)\d{1,2}/\d{1,2}/(?:19|20)\d\d(?!\d)|(?<!\d)(?:19|20)\d\d/\d{1,2}/\d{1,2}(?!\d)|\d{4}年\d{1,2}月\d{1,2}日", text)  # fmt: skip
    if slashed:
        import dateparser

        made_by = dateparser.parse(slashed[0], settings={"DATE_ORDER": "MDY"})
        if isinstance(made_by, datetime):
            return made_by.date(), text.replace(slashed[0], " ; ", 1)
    return None, text


def _zone(match: re.Match[str] | None) -> tuple[str | None, int | None]:
    if match is None:
        return None, None
    if match["short"]:
        return match["short"], ZONES.get(match["short"], 0)
    if match["city"]:
        return match[0].strip("()"), CITIES.get(match["city"].lower())
    if match["ru"]:
        return match[0].strip("()"), 180
    digits = match["off"].replace("UTC", "").replace("GMT", "").replace(":", "")
    return match["off"], (-1 if digits[0] == "-" else 1) * (int(digits[1:3]) * 60 + int(digits[3:5]))

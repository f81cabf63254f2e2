"""An invented brief for drawing tests: real places, made-up numbers, made-up parties and sources.

Margins come from an additive toy (interceptor speed less a required speed); nothing here is a finding.
"""

from itertools import combinations

import numpy as np

from detente.records.brief import (
    AssumptionRow,
    Brief,
    Cited,
    ClaimBlock,
    Curve,
    MapView,
    MarginChart,
    Mark,
    Side,
    Stated,
    Track,
)
from detente.records.crux import (
    AttributionRow,
    BreakEvenRow,
    Crux,
    CruxVerdict,
    Diagnosis,
    DoubleCrux,
    FlipRow,
    FlipSummary,
    Occurrence,
    SettleRow,
)
from detente.records.outcome import UPPER_BOUND, Verdict
from detente.records.source import Source
from detente.records.statement import Statement
from detente.report.azimuthal import filled, places, unit_vectors

BAND = 0.25
AREAS = {
    "dombarovskiy": ("Dombarovskiy", 50.8, 59.5, 8.4),
    "kozelsk": ("Kozelsk", 54.0, 35.8, 6.42),
    "nizhniy-tagil": ("Nizhniy Tagil", 58.1, 60.6, 7.3),
    "tatishchevo": ("Tatishchevo", 51.7, 45.6, 6.9),
    "teykovo": ("Teykovo", 56.9, 40.5, 6.35),
    "uzhur": ("Uzhur", 55.3, 89.8, 9.1),
    "vypolzovo": ("Vypolzovo", 57.9, 33.7, 6.22),
    "yoshkar-ola": ("Yoshkar-Ola", 56.6, 47.9, 6.7),
    "nw-iran": ("north-western Iran", 38.1, 46.3, 4.2),
    "tehran": ("Tehran", 35.7, 51.4, 4.6),
}
AIMS = {
    "ankara": ("Ankara", 39.9, 32.9),
    "athens": ("Athens", 38.0, 23.7),
    "berlin": ("Berlin", 52.5, 13.4),
    "bucharest": ("Bucharest", 44.4, 26.1),
    "iasi": ("Iași", 47.2, 27.6),
    "lisbon": ("Lisbon", 38.7, -9.1),
    "london": ("London", 51.5, -0.1),
    "madrid": ("Madrid", 40.4, -3.7),
    "rome": ("Rome", 41.9, 12.5),
    "sofia": ("Sofia", 42.7, 23.3),
    "timisoara": ("Timișoara", 45.8, 21.2),
    "warsaw": ("Warsaw", 52.2, 21.0),
    "washington": ("Washington", 38.9, -77.0),
}
SPEEDS = (6.3, 7.7)
NAMES = [
    "Interceptor speed",
    "Commit delay",
    "Lowest intercept altitude",
    "Burn time",
    "Flight-time cap",
    "Threat burnout time",
    "Threat apogee",
    "Site distance",
    "Cue from forward radar",
    "Drag allowance",
    "Earth rotation",
    "Launch doctrine",
]
STEPS = [1.40, 0.62, 0.41, -0.22, 0.18, 0.15, 0.11, -0.08, 0.06, 0.04, 0.02, 0.0]


def verdict(margin: float) -> Verdict:
    if abs(margin) < BAND:
        return "indeterminate"
    return "not ruled out" if margin > 0 else "ruled out in this model"


def yes_no(margin: float) -> CruxVerdict:
    return "undecided" if abs(margin) < BAND else "yes" if margin > 0 else "no"


def track(launch: str, aim: str, margin: float) -> Track:
    _, latitude, longitude, _ = AREAS[launch]
    line = filled(unit_vectors(np.array([latitude, AIMS[aim][1]]), np.array([longitude, AIMS[aim][2]])), 2.0)
    spots = places(line)
    share = np.linspace(0, 1, spots.shape[1])
    met = (share > 0.25) & (share < 0.25 + 0.3 * max(margin, 0.0))
    return Track(
        launch=launch,
        aim=aim,
        latitude=tuple(float(v) for v in spots[0]),
        longitude=tuple(float(v) for v in spots[1]),
        reachable=tuple(bool(v) for v in met),
        verdict=verdict(margin),
    )


def map_view(speed: float) -> MapView:
    marks = [
        Mark(
            id=key,
            name=name,
            kind="launch-area",
            latitude=lat,
            longitude=lon,
            verdict=verdict(speed - need),
            margin=round(speed - need, 2),
        )
        for key, (name, lat, lon, need) in AREAS.items()
    ]
    marks += [
        Mark(id=key, name=name, kind="sample-point", latitude=lat, longitude=lon)
        for key, (name, lat, lon) in AIMS.items()
    ]
    marks += [
        Mark(id="redzikowo", name="Redzikowo", kind="interceptor-site", latitude=54.5, longitude=17.1),
        Mark(id="brdy", name="Brdy", kind="radar", latitude=49.6, longitude=13.7),
        Mark(id="fylingdales", name="Fylingdales", kind="radar", latitude=54.4, longitude=-0.7),
        Mark(id="thule", name="Thule (Pituffik)", kind="radar", latitude=76.6, longitude=-68.3),
    ]
    bases = [key for key in AREAS if key not in {"nw-iran", "tehran"}]
    tracks = [track(key, "washington", speed - AREAS[key][3]) for key in bases]
    tracks += [
        track(key, aim, speed - AREAS[key][3])
        for key in ("nw-iran", "tehran")
        for aim in ("london", "rome", "washington")
    ]
    return MapView(
        marks=tuple(marks),
        tracks=tuple(tracks),
        caption="Launch areas and ground tracks. The thick part lies inside the intercept window. "
        "Kinematic reach is an upper bound on defense.",
    )


def chart() -> MarginChart:
    x = tuple(float(v) for v in np.round(np.linspace(5.0, 9.0, 41), 3))
    bases = ["vypolzovo", "teykovo", "kozelsk", "yoshkar-ola", "tatishchevo", "nizhniy-tagil"]
    parts = tuple(
        Curve(label=AREAS[key][0], x=x, y=tuple(round(v - AREAS[key][3], 4) for v in x)) for key in bases
    )
    best = tuple(round(v - 6.22, 4) for v in x)
    whole = Curve(label="any western base", x=x, y=best)
    return MarginChart(
        x_label="Interceptor speed, km/s",
        y_label="Margin, km/s",
        sides=(whole, whole),
        parts=parts,
        marks=((SPEEDS[0], 0.08), (SPEEDS[1], 1.48)),
        bands=(BAND, BAND),
        caption="Margin of the lead claim against interceptor speed, the rest held at each side's values. "
        "Kinematic reach is an upper bound on defense.",
    )


def crux(parties: tuple[str, str], k: int) -> Crux:
    """An additive dispute over the first k assumptions, worked out by hand and brute force."""
    start = 0.08 - 0.5 if k == 1 else -0.95
    steps = np.array(STEPS[:k])
    end = float(start + steps.sum())
    span = end - start
    shares = steps / span
    values = [("6.3 km/s", "7.7 km/s")] + [(f"{100 + 10 * i} s", f"{80 + 9 * i} s") for i in range(1, k)]
    rows = tuple(
        AttributionRow(
            assumption=f"a{i}",
            label=NAMES[i],
            kind="numbers",
            unit="km/s" if i == 0 else "s",
            a_text=values[i][0],
            b_text=values[i][1],
            phi=float(steps[i]),
            first=float(steps[i] * 0.92),
            total=float(steps[i] * 1.07),
            share=float(shares[i]),
            own_goal=bool(steps[i] < 0),
            wrong_step=False,
            power=1.0 / k,
            swing=1.0 / k,
            responsibility=(1.0, 1.0),
            veto=(k == 1, k == 1),
            dummy=bool(steps[i] == 0),
            source_a=("alpha-2007",),
            source_b=("beta-2007",),
        )
        for i in range(k)
    )
    flips, summaries = [], []
    for side, sign in ((parties[0], 1), (parties[1], -1)):
        minimal = smallest_sets(steps, start if sign == 1 else end, sign)
        for members in minimal[:10]:
            after = (start if sign == 1 else end) + sign * float(steps[list(members)].sum())
            certainty = "certain" if abs(after) >= BAND else "possible"
            flips.append(
                FlipRow(
                    side=side,
                    kind="flips",
                    size=len(members),
                    members=tuple(f"a{i}" for i in members),
                    margin_after=after,
                    certainty=certainty,  # type: ignore[arg-type]
                )
            )
        least = min((len(m) for m in minimal), default=None)
        summaries.append(
            FlipSummary(
                side=side,
                kind="flips",
                count=len(minimal),
                certain=len(minimal),
                listed=min(len(minimal), 10),
                smallest=least,
                smallest_count=sum(len(m) == least for m in minimal),
                occurrences=tuple(
                    Occurrence(assumption=f"a{i}", sets=sum(i in m for m in minimal), smallest_sets=0)
                    for i in range(k)
                ),
                in_all=tuple(f"a{i}" for i in range(k) if minimal and all(i in m for m in minimal)),
            )
        )
    return Crux(
        parties=parties,
        claim="endangers-security",
        unit="km/s",
        scale="linear",
        band=BAND,
        k=k,
        runs=2**k,
        exact=True,
        verdicts=(yes_no(start), yes_no(end)),
        margins=(start, end),
        diagnosis=Diagnosis(
            kind="opposed", sentence="The two positions reach opposite conclusions.", table=()
        ),
        attribution_rows=rows,
        interaction_rows=(),
        flip_rows=tuple(flips),
        flip_summaries=tuple(summaries),
        double_crux=DoubleCrux(size=1, smallest=(("a0",),), count=1),
        settle_weight=0.5,
        settle_rows=tuple(
            SettleRow(size=n, members=tuple(f"a{i}" for i in range(n)), chance=1 - 0.5**n if n < k else 1.0)
            for n in range(1, min(k, 6) + 1)
        ),
        breakeven_rows=break_evens(parties, steps, start, end, values),
        monotone=True,
        offenders=(),
        undecided_share=0.0,
        prose=("One sentence.",),
        digest="ab" * 32,
    )


def smallest_sets(steps: np.ndarray, margin: float, sign: int) -> list[tuple[int, ...]]:
    """Inclusion-minimal sets whose concession carries the margin across zero, by trying all."""
    found: list[tuple[int, ...]] = []
    for size in range(1, steps.size + 1):
        for members in combinations(range(steps.size), size):
            if any(set(old) <= set(members) for old in found):
                continue
            after = margin + sign * float(steps[list(members)].sum())
            if (after >= 0) != (margin >= 0):
                found.append(members)
        if len(found) > 24:
            break
    return found


def break_evens(
    parties: tuple[str, str],
    steps: np.ndarray,
    start: float,
    end: float,
    values: list[tuple[str, str]],
) -> tuple[BreakEvenRow, ...]:
    rows = []
    for number, side in enumerate(parties):
        for i, step in enumerate(steps):
            margin, pull = (start, step) if number == 0 else (end, -step)
            held, other = (float(values[i][n].split()[0]) for n in (number, 1 - number))
            fraction = float(-margin / pull) if pull else None
            reached = bool(fraction is not None and -1.0 <= fraction <= 2.5)
            at = held + fraction * (other - held) if reached and fraction is not None else None
            unit = values[i][0].split()[1]
            text = f"{at:.2f} {unit}" if at is not None else "nothing admissible flips it"
            rows.append(
                BreakEvenRow(
                    side=side,
                    assumption=f"a{i}",
                    held=held,
                    other=other,
                    value=at,
                    lo=None if at is None else at - 0.1 * abs(other - held),
                    hi=None if at is None else at + 0.1 * abs(other - held),
                    fraction=fraction if reached else None,
                    admissible=reached,
                    beyond="yes" if reached else None,
                    scanned="declared bounds",
                    text=text,
                )
            )
    return tuple(rows)


def assumption_rows(k: int) -> tuple[AssumptionRow, ...]:
    rows = [
        AssumptionRow(
            name="interceptor_speed",
            label="Interceptor speed",
            differs=True,
            stated=True,
            meaning="Surface-equivalent speed in the Earth-centred inertial frame.",
            values=(
                Stated(
                    shown="6.3 km/s",
                    status="secondary",
                    date="2007",
                    sources=("alpha-2007",),
                    note="As claimed in print.",
                ),
                Stated(
                    shown="7.7 km/s",
                    status="unverified",
                    date="2007-09",
                    sources=("beta-2007",),
                    note="Low end of a range.",
                ),
            ),
        )
    ]
    rows += [
        AssumptionRow(
            name=f"a{i}",
            label=NAMES[i],
            meaning="An invented assumption.",
            differs=True,
            stated=True,
            values=(
                Stated(shown=f"{100 + 10 * i} s", status="read", sources=("alpha-2007",)),
                Stated(shown=f"{80 + 9 * i} s", status="derived", sources=("beta-2007",)),
            ),
        )
        for i in range(1, k)
    ]
    same = Stated(shown="10", status="read", date="2007-04-16", sources=("alpha-2007",))
    default = Stated(
        shown="120 s (0 s to 400 s)", status="assumed", note="Stated by nobody; a common default."
    )
    cap = Stated(
        shown="1,200 s (600 s to 1,500 s)", status="assumed", note="Stated by nobody; a common default."
    )
    rows.append(
        AssumptionRow(
            name="interceptor_number",
            label="Number of interceptors",
            meaning="In silos at one site.",
            values=(same, same),
            differs=False,
            stated=True,
        )
    )
    rows.append(
        AssumptionRow(
            name="commit_delay",
            label="Commit delay",
            meaning="From threat burnout to interceptor launch.",
            values=(default, default),
            differs=False,
            stated=False,
            silence="Its range flips the verdict on the first side's figures: above 310 s the claim is ruled "
            "out in this model.",
        )
    )
    rows.append(
        AssumptionRow(
            name="flight_cap",
            label="Flight-time cap",
            meaning="Longest interceptor flight.",
            values=(cap, cap),
            differs=False,
            stated=False,
            silence="No value in its range changes a verdict.",
        )
    )
    return tuple(rows)


def claims(by: tuple[str, str]) -> tuple[ClaimBlock, ...]:
    said = Statement(
        words="endangering its own security",
        speaker="Jan Nowak",
        post="spokesman of an invented ministry",
        date_said="2007-05-15",
        date_published="2007-05-16",
        channel=("Invented Agency", "Invented Daily"),
        mode="reported",
        source="alpha-2007",
        page_digest="3f" * 32,
    )
    denied = Statement(
        words="we cannot physically catch these missiles",
        speaker="Anna Novak",
        post="director of an invented agency",
        date_said="2007-01-25",
        date_published="2007-01-25",
        channel=("Invented Agency",),
        hedge="even if we tried to",
        source="beta-2007",
        status="secondary",
    )
    return (
        ClaimBlock(
            id="endangers-security",
            title="The plan endangers security",
            by=by[0],
            said=(said,),
            reading="A missile from at least one of six western bases toward Washington is reached.",
            verdicts=("indeterminate", "not ruled out"),
            margins=(0.08, 1.48),
            unit="km/s",
            flip="Interceptor speed at 6.47 km/s instead of 6.3 km/s.",
        ),
        ClaimBlock(
            id="cannot-catch",
            title="The interceptors cannot catch these missiles",
            by=by[1],
            said=(denied,),
            reading="No missile from any of the six western bases is reached.",
            verdicts=("indeterminate", "ruled out in this model"),
            margins=(-0.08, None),
            unit="km/s",
        ),
    )


def brief(holders: tuple[str, str] = ("Borduria", "Syldavia"), k: int = 1) -> Brief:
    """The invented brief; every name of a side comes from `holders`."""
    a, b = holders
    cited = {
        "alpha-2007": Source(
            type="news",
            title="An invented report on an invented site",
            author=("A. Author",),
            publisher="Invented Daily",
            date="2007-05-16",
            url="https://example.org/alpha",
            accessed="2024-05-01",
            read="primary text",
            read_by="a tester",
            read_how="whole page",
        ),
        "beta-2007": Source(
            type="article",
            title="Invented speeds, invented bases",
            date="2007-09",
            read="not read",
            via="alpha-2007",
        ),
        "gamma-2008": Source(
            type="report",
            title="A quotation of a quotation",
            author=("B. Writer", "C. Writer"),
            date="2008",
            read="secondary quotation",
            note="Quoted in alpha-2007.",
        ),
    }
    return Brief(
        case="invented-site",
        title="Invented site, 2007",
        question="Could interceptors in Poland reach missiles from western bases toward Washington?",
        answer=f"Under {a}’s stated assumptions the open model gives indeterminate; under {b}’s, not "
        "ruled out; the smallest change that flips it is interceptor speed, from 6.3 to 6.47 km/s.",
        as_of="2007-09-30",
        sides=(
            Side(position="first", holder=a, title="As claimed", note="An invented holder."),
            Side(position="second", holder=b, title="Low end"),
        ),
        assumptions=assumption_rows(k),
        maps=(map_view(SPEEDS[0]), map_view(SPEEDS[1])),
        chart=chart(),
        crux=crux(holders, k),
        crux_sentence=f"{a} and {b} are 1.40 km/s apart, and ==100 % of the gap== turns on one question: "
        "how fast is the interceptor?",
        claims=claims(holders),
        limits=(
            "No detection, discrimination or reliability is in the model.",
            "Places are kept to 0.1 degree.",
            "Minimum-energy arcs only.",
        ),
        conventions=(
            "Interceptor speed is surface-equivalent in the Earth-centred inertial frame.",
            "Times run from threat launch; delay from threat burnout.",
        ),
        caveat=UPPER_BOUND,
        bibliography=tuple(Cited(key=key, source=source) for key, source in cited.items()),
        errata=("2024-05-02: an invented correction that touches the margin chart.",),
        notices=("Illustrative numbers, not an assessment.",),
        digest="9c" * 32,
        version="0.1.0",
    )

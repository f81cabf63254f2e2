"""Builds the tables of tests/authorities: what independent public programs give for our questions.

    python -m venv peers
    peers/bin/pip install lamberthub==1.0.0 heyoka==7.10.1 geographiclib==2.1 pymap3d==3.2.0 pyerfa==2.0.1.5 \
        ambiance==1.3.1 fluids==1.3.1 ussa1976==0.3.4 scipy==1.17.1
    peers/bin/python builders/authorities.py [lambert orbits engagements geodesy atmosphere]

Nothing of Détente is imported here: the flights are put together from those programs alone, by other ways
than ours (numerical integration with events, root finding, plain minimization). Each folder gets one or two
tables and `versions.json`. The same versions give the same tables up to rounding.
"""

from __future__ import annotations

import csv
import json
import sys
from importlib import import_module
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

ROOT = Path(__file__).resolve().parent.parent
OUTPUT = ROOT / "tests" / "authorities"
PLACES = ROOT / "src" / "detente" / "data" / "cases" / "european-site-2007" / "places.csv"

MU, RADIUS, ROTATION = 3.986004418e14, 6_371_000.0, 7.292115e-5
J2, EQUATOR = 1.082_629_821_313e-3, 6_378_137.0  # of the WGS-84 ellipsoid
SITE, RADAR = "redzikowo", "brdy"
BURN, ALTITUDE, AHEAD = 180.0, 200e3, 450e3  # the notional boost of an intercontinental missile
PAIRS = [
    *((base, "washington") for base in ("vypolzovo", "kozelsk", "teykovo", "tatishchevo", "yoshkar-ola")),
    *((base, "washington") for base in ("nizhniy-tagil", "dombarovskiy", "uzhur", "nw-iran", "tehran")),
]
INTERCEPTOR_BURN, DELAY, LOWEST, CAP = 140.0, 120.0, 100e3, 1200.0
SPEEDS = (6.3e3, 7.0e3, 8.3e3)
MINIMUM_ELEVATION_DEG = 2.0

Vector = Any


def write(folder: str, name: str, header: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """One table, numbers in full."""
    (OUTPUT / folder).mkdir(parents=True, exist_ok=True)
    with (OUTPUT / folder / name).open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(header)
        table.writerows([f"{v:.15g}" if isinstance(v, float) else v for v in row] for row in rows)


def name_versions(folder: str, *packages: str) -> None:
    """Which version of which program made a folder."""
    found = {package: version(package) for package in packages}
    (OUTPUT / folder / "versions.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    print(folder, found)


def places() -> dict[str, tuple[float, float]]:
    """Latitude and longitude [deg] of the places of the shipped case."""
    with PLACES.open(encoding="utf-8", newline="") as table:
        return {
            row["id"]: (float(row["latitude_deg"]), float(row["longitude_deg"]))
            for row in csv.DictReader(table)
        }


# ---------------------------------------------------------------- Lambert


def solve(start: Vector, end: Vector, time: float, name: str = "izzo2015") -> tuple[Vector, Vector]:
    """Lambert velocities [m/s], the short way, by one of lamberthub's solvers."""
    np = import_module("numpy")
    prograde = bool(np.cross(start, end)[2] >= 0.0)
    solver = getattr(import_module("lamberthub"), name)
    try:
        first, second = solver(MU, start, end, time, prograde=prograde)
    except ValueError:  # no flight in that time that it can find
        return np.full(3, np.inf), np.full(3, np.inf)
    return first, second


def lambert() -> None:
    """Forty flights from the ground to a point in space: ellipses and hyperbolas, direct and lofted."""
    np = import_module("numpy")
    random = np.random.default_rng(20070516)
    rows: list[list[float]] = []
    while len(rows) < 40:
        out, other = random.normal(size=(2, 3))
        out /= np.linalg.norm(out)
        aside = other - other @ out * out
        aside /= np.linalg.norm(aside)
        angle = np.radians(random.uniform(3.0, 130.0))
        height = random.uniform(100e3, 1500e3)
        start = RADIUS * out
        end = (RADIUS + height) * (np.cos(angle) * out + np.sin(angle) * aside)
        time = float(np.linalg.norm(end - start) / random.uniform(3e3, 12e3))
        gooding, arrival = solve(start, end, time, "gooding1990")
        izzo, _ = solve(start, end, time, "izzo2015")
        if np.all(np.isfinite(gooding)) and np.allclose(gooding, izzo, rtol=1e-7, atol=1e-3):
            rows.append([*start, *end, time, *gooding, *arrival, *izzo])
    rows = [[float(value) for value in row] for row in rows]
    axes = [f"{what}_{axis}" for what in ("r1", "r2") for axis in "xyz"]
    header = [*(f"{axis}_m" for axis in axes), "time_s"]
    header += [f"gooding_{v}_{axis}_m_s" for v in ("v1", "v2") for axis in "xyz"]
    header += [f"izzo_v1_{axis}_m_s" for axis in "xyz"]
    write("lambert", "lambert.csv", header, rows)
    name_versions("lambert", "lamberthub")


# ---------------------------------------------------------------- orbits, integrated numerically


def integrator(state: Sequence[float], oblate: bool, events: Callable[..., list[Any]] | None = None) -> Any:  # noqa: FBT001
    """A Taylor integrator of high order about a point mass, or about an oblate Earth (J2 alone)."""
    hy = import_module("heyoka")
    x, y, z, vx, vy, vz = hy.make_vars("x", "y", "z", "vx", "vy", "vz")
    r2 = x * x + y * y + z * z
    pull = -MU * r2**-1.5
    bulge = 1.5 * J2 * MU * EQUATOR**2 * r2**-2.5 if oblate else hy.expression(0.0)
    tilt = 5.0 * z * z / r2
    system = [
        *((x, vx), (y, vy), (z, vz)),
        (vx, pull * x - bulge * x * (1.0 - tilt)),
        (vy, pull * y - bulge * y * (1.0 - tilt)),
        (vz, pull * z - bulge * z * (3.0 - tilt)),
    ]
    watched = events(hy, (x, y, z, vx, vy, vz)) if events else []
    return hy.taylor_adaptive(system, list(state), nt_events=watched)


def orbits() -> None:
    """States after 300 to 1500 s of flight, by integration, with and without the Earth's oblateness.

    And when the flight about the oblate Earth comes down through 100 km over the ellipsoid of WGS-84.
    """
    np, search = import_module("numpy"), import_module("scipy.optimize")
    altitude = import_module("pymap3d").ecef2geodetic
    rows: list[list[object]] = []
    passages: list[list[object]] = []
    for number, (start, velocity, _) in enumerate(threats().values()):
        for oblate in (False, True):
            flight = integrator([*start, *velocity], oblate)
            for time in (300.0, 900.0, 1500.0):
                flight.propagate_until(time)
                state = [float(v) for v in np.array(flight.state)]
                before = [float(v) for v in (*start, *velocity)]
                rows.append([number, "oblate" if oblate else "round", *before, time, *state])
        flight = integrator([*start, *velocity], oblate=True)

        def height(time: float, flight: Any = flight) -> float:
            flight.propagate_until(time)
            return float(altitude(*flight.state[:3])[2]) - 100e3

        passage = search.brentq(height, 1000.0, 2200.0, xtol=1e-9)
        flight.propagate_until(passage)
        passages.append([number, passage, *(float(v) for v in np.array(flight.state))])
    names = [f"{what}_{axis}" for what in ("r", "v") for axis in "xyz"]
    units = ["m"] * 3 + ["m_s"] * 3
    header = ["flight", "earth", *(f"{n}_start_{u}" for n, u in zip(names, units, strict=True)), "time_s"]
    header += [f"{n}_{u}" for n, u in zip(names, units, strict=True)]
    write("orbits", "states.csv", header, rows)
    header = ["flight", "time_s", *(f"{n}_{u}" for n, u in zip(names, units, strict=True))]
    write("orbits", "passages.csv", header, passages)
    name_versions("orbits", "heyoka", "lamberthub", "pymap3d", "scipy")


# ---------------------------------------------------------------- flights of the case, and engagements


def on_ground(place: tuple[float, float]) -> Vector:
    """Earth-fixed position [m] on the sphere."""
    np = import_module("numpy")
    lat, lon = np.radians(place)
    return RADIUS * np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def turned(position: Vector, time: float) -> Vector:
    """Inertial position of an Earth-fixed one after a time [s]."""
    np = import_module("numpy")
    c, s = np.cos(ROTATION * time), np.sin(ROTATION * time)
    return np.array([c * position[0] - s * position[1], s * position[0] + c * position[1], position[2]])


def threats() -> dict[tuple[str, str], tuple[Vector, Vector, float]]:
    """Burnout position, velocity and impact time of each least-energy flight, for a turning sphere.

    The flight time of least speed between two points is searched for; where the aim will be then is put in
    again until both agree.
    """
    np, search = import_module("numpy"), import_module("scipy.optimize")
    where = places()
    found = {}
    for launch, aim in PAIRS:
        here, there = on_ground(where[launch]), on_ground(where[aim])
        ahead = there - (there @ here) / (here @ here) * here
        ahead /= np.linalg.norm(ahead)
        arc = AHEAD / RADIUS
        start = turned((RADIUS + ALTITUDE) * (np.cos(arc) * here / RADIUS + np.sin(arc) * ahead), BURN)
        time = 1800.0
        for _ in range(60):
            end = turned(there, BURN + time)

            def speed(duration: float, end: Vector = end, start: Vector = start) -> float:
                return float(np.linalg.norm(solve(start, end, duration)[0]))

            best = search.minimize_scalar(
                speed, bounds=(600.0, 4000.0), method="bounded", options={"xatol": 1e-9}
            )
            # a minimum is flat; its place is where the slope vanishes
            low, high = best.x - 1.0, best.x + 1.0
            settled = search.brentq(lambda t: speed(t + 0.5) - speed(t - 0.5), low, high, xtol=1e-9)
            if abs(settled - time) < 1e-7:
                break
            time = settled
        velocity, _ = solve(start, turned(there, BURN + time), time)
        found[launch, aim] = (start, velocity, BURN + time)
    return found


def watched(start: Vector, velocity: Vector, radar: Vector) -> dict[str, list[tuple[float, Vector]]]:
    """Apogee, impact and crossings of the radar's lowest elevation, each with its time after burnout."""
    np = import_module("numpy")
    seen: dict[str, list[tuple[float, Vector]]] = {"apogee": [], "impact": [], "elevation": []}

    def events(hy: Any, state: tuple[Any, ...]) -> list[Any]:
        x, y, z, vx, vy, vz = state

        def note(name: str) -> Callable[..., None]:
            def callback(ta: Any, time: float, _: int) -> None:
                ta.update_d_output(time)
                seen[name].append((time, np.array(ta.d_output)))

            return callback

        turn = ROTATION * (hy.time + BURN)
        sx = radar[0] * hy.cos(turn) - radar[1] * hy.sin(turn)
        sy = radar[0] * hy.sin(turn) + radar[1] * hy.cos(turn)
        up = ((x - sx) * sx + (y - sy) * sy + (z - radar[2]) * radar[2]) / RADIUS
        gap = ((x - sx) ** 2 + (y - sy) ** 2 + (z - radar[2]) ** 2) ** 0.5
        sine = float(np.sin(np.radians(MINIMUM_ELEVATION_DEG)))
        return [
            hy.nt_event(x * vx + y * vy + z * vz, note("apogee")),
            hy.nt_event(x * x + y * y + z * z - RADIUS**2, note("impact")),
            hy.nt_event(up - sine * gap, note("elevation")),
        ]

    flight = integrator([*start, *velocity], oblate=False, events=events)
    flight.propagate_until(3500.0)
    return seen


class Meeting:
    """An interceptor from the site against one flight: speeds from Lambert, all else by search."""

    def __init__(self, start: Vector, velocity: Vector, impact: float) -> None:
        self.flight = integrator([*start, *velocity], oblate=False)
        grid = import_module("numpy").arange(0.0, impact - BURN + 1.0, 1.0)
        states = self.flight.propagate_grid(grid)[-1]
        spline = import_module("scipy.interpolate").CubicHermiteSpline
        self.path = spline(grid, states[:, :3], states[:, 3:])  # within a millimetre at one second
        self.site = on_ground(places()[SITE])
        self.impact = impact

    def speed(self, moment: float, flight: float) -> float:
        """Speed [m/s] of a free flight of that length to the threat; infinite if it goes down first."""
        np = import_module("numpy")
        start = turned(self.site, moment - flight)
        velocity, _ = solve(start, self.path(moment - BURN), flight)
        return float(np.linalg.norm(velocity)) if velocity @ start >= 0.0 else np.inf

    def high_enough(self) -> tuple[float, float]:
        """First and last moment [s after launch] of the threat above the lowest intercept altitude."""
        np, search = import_module("numpy"), import_module("scipy.optimize")

        def height(moment: float) -> float:
            return float(np.linalg.norm(self.path(moment - BURN))) - RADIUS - LOWEST

        return BURN, search.brentq(height, 0.5 * (BURN + self.impact), self.impact)

    def cheapest(self, moment: float) -> float:
        """Least speed [m/s] that meets the threat at a moment, launched after the delay or later."""
        np, search = import_module("numpy"), import_module("scipy.optimize")
        longest = min(moment - BURN - DELAY, CAP) - 0.5 * INTERCEPTOR_BURN
        shortest = 0.5 * INTERCEPTOR_BURN
        if longest < shortest:
            return float("inf")
        best = search.minimize_scalar(
            lambda t: min(self.speed(moment, t), 1e6), bounds=(shortest, longest), method="bounded",
            options={"xatol": 1e-4},
        )  # fmt: skip
        return float(np.minimum(best.fun, self.speed(moment, longest)))

    def required(self) -> tuple[float, float]:
        """Least speed [m/s] of all moments, and that moment [s after launch]."""
        np, search = import_module("numpy"), import_module("scipy.optimize")
        _, last = self.high_enough()
        grid = np.linspace(BURN + DELAY + INTERCEPTOR_BURN, last, 120)
        costs = [self.cheapest(moment) for moment in grid]
        n = int(np.argmin(costs))
        low, high = grid[max(n - 1, 0)], grid[min(n + 1, len(grid) - 1)]
        best = search.minimize_scalar(
            self.cheapest, bounds=(low, high), method="bounded", options={"xatol": 1e-3}
        )
        if best.fun < costs[n]:
            return float(best.fun), float(best.x)
        return float(costs[n]), float(grid[n])

    def window(self, speed: float, best: float) -> tuple[float, float]:
        """First and last moment [s after launch] at which that speed is enough."""
        search = import_module("scipy.optimize")
        first, last = BURN + DELAY + INTERCEPTOR_BURN, self.high_enough()[1]

        def spare(moment: float) -> float:
            return speed - min(self.cheapest(moment), 1e6)

        low = first if spare(first) >= 0 else search.brentq(spare, first, best, xtol=1e-4)
        high = last if spare(last) >= 0 else search.brentq(spare, best, last, xtol=1e-4)
        return low, high

    def latest(self, speed: float) -> float:
        """Latest launch [s after threat burnout] with that speed; minus infinity if none."""
        np, search = import_module("numpy"), import_module("scipy.optimize")
        _, last = self.high_enough()

        def launch(moment: float) -> float:
            shortest, longest = 0.5 * INTERCEPTOR_BURN, CAP - 0.5 * INTERCEPTOR_BURN
            flights = np.geomspace(shortest, longest, 60)
            fast = [self.speed(moment, flight) <= speed for flight in flights]
            if not any(fast):
                return -1e6
            n = fast.index(True)
            flight = flights[n]
            if n:
                low, high = flights[n - 1], flights[n]
                for _ in range(60):
                    middle = 0.5 * (low + high)
                    low, high = (low, middle) if self.speed(moment, middle) <= speed else (middle, high)
                flight = high
            return float(moment - flight - 0.5 * INTERCEPTOR_BURN - BURN)

        grid = np.linspace(BURN, last, 160)
        values = [launch(moment) for moment in grid]
        n = int(np.argmax(values))
        low, high = grid[max(n - 1, 0)], grid[min(n + 1, len(grid) - 1)]
        best = search.minimize_scalar(
            lambda t: -launch(t), bounds=(low, high), method="bounded", options={"xatol": 1e-3}
        )
        return max(float(-best.fun), float(values[n]))


def engagements() -> None:
    """Flights of the case (burnout, apogee, impact, time in view) and what it takes to meet them."""
    np = import_module("numpy")
    radar = on_ground(places()[RADAR])
    flights: list[list[object]] = []
    meetings: list[list[object]] = []
    for (launch, aim), (start, velocity, impact) in threats().items():
        seen = watched(start, velocity, radar)
        speed = float(np.linalg.norm(velocity))
        angle = float(np.degrees(np.arcsin(start @ velocity / np.linalg.norm(start) / speed)))
        apogee, state = seen["apogee"][0]
        landed = seen["impact"][0][0]
        edges = [BURN + time for time, _ in seen["elevation"] if time < landed]
        height = float(np.linalg.norm(state[:3])) - RADIUS
        flights.append(
            [
                *(launch, aim, *(float(v) for v in (*start, *velocity)), speed, angle, BURN + apogee, height),
                *(BURN + landed, ";".join(f"{edge:.6f}" for edge in edges)),
            ]
        )
        meeting = Meeting(start, velocity, impact)
        needed, best = meeting.required()
        for fast in SPEEDS:
            reached = fast >= needed
            window = meeting.window(fast, best) if reached else ("", "")
            delay = meeting.latest(fast)
            shown = delay if delay > -BURN else ""
            meetings.append([launch, aim, fast, needed, best, *window, shown])
        print(launch, aim, round(needed, 1), flush=True)
    header = ["launch", "aim", *(f"r_{a}_m" for a in "xyz"), *(f"v_{a}_m_s" for a in "xyz")]
    header += [
        "burnout_speed_m_s",
        "burnout_angle_deg",
        "apogee_s",
        "apogee_m",
        "impact_s",
        "elevation_2deg_s",
    ]
    write("engagements", "flights.csv", header, flights)
    header = [
        "launch",
        "aim",
        "speed_m_s",
        "required_m_s",
        "cheapest_s",
        "first_s",
        "last_s",
        "latest_launch_s",
    ]
    write("engagements", "meetings.csv", header, meetings)
    name_versions("engagements", "heyoka", "lamberthub", "scipy")


# ---------------------------------------------------------------- the Earth


def geodesy() -> None:
    """Distances between places, places in space, elevations above a sphere, the Earth's turn."""
    line = import_module("geographiclib.geodesic").Geodesic.WGS84
    pymap3d, erfa = import_module("pymap3d"), import_module("erfa")
    where = places()
    rows: list[list[object]] = []
    for launch in ("nw-iran", "tehran", "kozelsk", "uzhur", "redzikowo"):
        for aim in ("ankara", "lisbon", "london", "washington", "iasi", "thule"):
            found = line.Inverse(*where[launch], *where[aim])
            rows.append([launch, aim, float(found["s12"]), float(found["azi1"])])
    write("earth", "distances.csv", ["from", "to", "distance_m", "azimuth_deg"], rows)
    rows = []
    for latitude in (-89.0, -45.5, 0.0, 0.3, 38.9, 54.5, 76.6, 90.0):
        for longitude, height in ((-170.0, 0.0), (17.1, 250e3), (180.0, 1e6)):
            position = pymap3d.geodetic2ecef(latitude, longitude, height)
            rows.append([latitude, longitude, height, *(float(axis) for axis in position)])
    write("earth", "positions.csv", ["latitude_deg", "longitude_deg", "height_m", "x_m", "y_m", "z_m"], rows)
    sphere = pymap3d.Ellipsoid(RADIUS, RADIUS)
    rows = []
    for name in ("brdy", "fylingdales", "thule", "gabala", "kurecik"):
        for target in ("kozelsk", "tehran", "washington"):
            for height in (200e3, 1200e3):
                sky = pymap3d.geodetic2aer(*where[target], height, *where[name], 0.0, ell=sphere)
                rows.append([name, target, height, float(sky[1]), float(sky[2])])
    write("earth", "elevations.csv", ["radar", "under", "height_m", "elevation_deg", "range_m"], rows)
    start = float(erfa.era00(2454237.5, 0.0))
    rows = []
    for time in (60.0, 900.0, 2400.0):
        turn = (float(erfa.era00(2454237.5, time / 86400.0)) - start) % (2 * 3.141592653589793)
        rows.append([time, turn])
    write("earth", "rotation.csv", ["time_s", "turn_rad"], rows)
    name_versions("earth", "geographiclib", "pymap3d", "pyerfa")


def atmosphere() -> None:
    """Temperature, pressure and density by three programs, by geometric altitude."""
    np = import_module("numpy")
    altitudes = [0.0, 1e3, 5e3, 8e3, 11019.0, 15e3, 20063.0, 25e3, 32162.0, 40e3, 47350.0, 50e3, 51413.0]
    altitudes += [60e3, 71802.0, 75e3, 80e3, 84852.0, 86e3]
    ambiance = import_module("ambiance").Atmosphere
    fluids = import_module("fluids.atmosphere").ATMOSPHERE_1976
    compute = import_module("ussa1976").compute
    table = compute(z=np.array(altitudes), variables=["t", "p", "rho"])
    rows: list[list[object]] = []
    for n, altitude in enumerate(altitudes):
        if altitude <= 80e3:  # the program ends at 81,020 m
            air = ambiance(altitude)
            values = (air.temperature, air.pressure, air.density)
            rows.append(["ambiance", altitude, *(float(v[0]) for v in values)])
        air = fluids(altitude)
        rows.append(["fluids", altitude, float(air.T), float(air.P), float(air.rho)])
        rows.append(["ussa1976", altitude, *(float(table[v].values[n]) for v in ("t", "p", "rho"))])
    header = ["program", "altitude_m", "temperature_k", "pressure_pa", "density_kg_m3"]
    write("atmosphere", "atmosphere.csv", header, rows)
    name_versions("atmosphere", "ambiance", "fluids", "ussa1976")


TABLES = {made.__name__: made for made in (lambert, orbits, engagements, geodesy, atmosphere)}

if __name__ == "__main__":
    for wanted in sys.argv[1:] or TABLES:
        TABLES[wanted]()

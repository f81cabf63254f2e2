"""When radars have a flight in view, window by window, and how one hands the track over to the next.

SI units and radians; components on the first axis, (3, ...). A sensor here is a place, a part of the sky and
a farthest distance; how that distance follows from power and cross-section is in radar.py. Nothing here
searches: a target in view is taken as seen.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import numpy as np
import numpy.typing as npt

from .frames import Array, ArrayLike, over_batch, plumb_center, to_earth_fixed
from .moments import least, spans
from .sensing import Look, elevation, look, refraction
from .trajectory import Arc, ArcStatus, arc_position, arc_rows, arc_take, arc_time, sample_arc

if TYPE_CHECKING:
    from collections.abc import Sequence

WINDOWS: Final = 6
"""Room for the windows of one flight and one sensor."""


class ViewStatus(IntEnum):
    """Whether a sensor has the flight in view between burnout and impact."""

    IN_VIEW = 0
    NEVER_IN_VIEW = 1
    NO_THREAT = 2
    """The threat's own flight has no solution; see its ArcStatus."""
    MORE_WINDOWS = 3
    """In view more often than there is room for; the first windows are given."""


class Sensor(NamedTuple):
    """Where a sensor stands and what part of the sky it covers; fields broadcast against the flights.

    site: Earth-fixed position [m], (3, ...), on the surface. It covers elevations [rad] between lowest
    and highest, and azimuths [rad, clockwise from north] from sector_start on over sector_width, across
    north too (2 pi is all round). reach: farthest distance [m], infinite for none; with a reach of zero it
    sees nothing. refraction_factor: effective over true Earth radius, 4/3 for targets near the ground;
    bending: share of the bending of a ray that leaves the atmosphere (see refraction), 1 for targets in
    space. Both are off by default.
    """

    site: ArrayLike
    lowest: ArrayLike
    highest: ArrayLike = 0.5 * np.pi
    sector_start: ArrayLike = 0.0
    sector_width: ArrayLike = 2.0 * np.pi
    reach: ArrayLike = np.inf
    refraction_factor: ArrayLike = 1.0
    bending: ArrayLike = 0.0


class View(NamedTuple):
    """When a sensor has a flight in view: window by window on a last axis, NaN beyond their number.

    first, last: begin and end [s after threat launch]; number: how many; status: a ViewStatus.
    """

    first: Array
    last: Array
    number: npt.NDArray[np.int8]
    status: npt.NDArray[np.int8]


class Closest(NamedTuple):
    """Least distance [m] at which the flight is in a sensor's sky, and when [s after threat launch].

    The sensor's reach is not asked for. NaN unless the status (a ViewStatus) is IN_VIEW.
    """

    distance: Array
    time: Array
    status: npt.NDArray[np.int8]


class Custody(NamedTuple):
    """A flight in the view of several sensors together; arrays of the batch shape, times in s.

    seen: time in view of any of them. longest: longest stretch without a gap longer than may be bridged.
    gap: longest time out of view between first and last (0 for none). handovers: how often a stretch goes
    on only because another sensor still has the flight. track: when a stretch has lasted for the track time,
    after threat launch, NaN where none does; track_by: the sensor that has it then, -1 for none. first:
    first moment in view, NaN for none; first_by: by whom, -1 for none. status: a ViewStatus.
    """

    seen: Array
    longest: Array
    gap: Array
    handovers: npt.NDArray[np.int8]
    track: Array
    track_by: npt.NDArray[np.int8]
    first: Array
    first_by: npt.NDArray[np.int8]
    status: npt.NDArray[np.int8]


class Cue(NamedTuple):
    """When a track is firm [s after threat launch], NaN for never; which sensor has it, -1 for none.

    status: a ViewStatus; a flight that is in view, but never long enough, is IN_VIEW with no time.
    """

    time: Array
    sensor: npt.NDArray[np.int8]
    status: npt.NDArray[np.int8]


def look_at(arc: Arc, sensor: Sensor, times: ArrayLike) -> Look:
    """Where the flights stand in the sky of a sensor at times [s after threat launch], shape (..., m).

    The elevation is the one that the sensor sees, refraction included; the distance is straight.
    """
    shape, flat, rows = _rows(arc, sensor)
    moments = np.broadcast_to(np.asarray(times, float), (*shape, np.shape(times)[-1])).reshape(
        flat.status.size, -1
    )
    positions = to_earth_fixed(sample_arc(flat, moments), moments, flat.earth_rotation[:, None])
    seen = _seen(rows, slice(None), positions)
    return Look(*(value.reshape(*shape, -1) for value in seen))


def time_in_view(arc: Arc, sensor: Sensor) -> View:
    """Every window [s after threat launch] in which a sensor has a flight in view, from burnout to impact.

    Batch shapes of flights and sensor broadcast. Looks at the flight a hundred and eighty times, then halves
    down to a microsecond: a window, or a gap, shorter than a 180th of the flight can be missed.
    """
    shape, flat, rows = _rows(arc, sensor)
    first, last, number = _windows(flat, rows, in_reach=True)
    status = _view_status(flat, number)
    kept = np.minimum(number, WINDOWS)
    return View(
        arc_time(flat, first).reshape(*shape, WINDOWS),
        arc_time(flat, last).reshape(*shape, WINDOWS),
        kept.astype(np.int8).reshape(shape),
        status.reshape(shape),
    )


def closest_in_view(arc: Arc, sensor: Sensor) -> Closest:
    """The least distance [m] at which a flight stands in the sky that a sensor covers, whatever its reach.

    Batch shapes broadcast; a sensor with a reach of zero sees nothing here either.
    """
    shape, flat, rows = _rows(arc, sensor)
    first, last, number = _windows(flat, rows, in_reach=False)
    status = _view_status(flat, number)
    row, column = np.nonzero(np.isfinite(first))

    def far(some: npt.NDArray[np.intp], moments: Array) -> Array:
        return _look_along(flat, rows, row[some], moments).distance

    moment, distance = least(far, first[row, column], last[row, column])
    nearest, when = np.full(number.size, np.inf), np.full(number.size, np.nan)
    order = np.argsort(-distance, kind="stable")  # the least distance of a row is written last
    nearest[row[order]], when[row[order]] = distance[order], moment[order]
    seen = number > 0
    time = arc_time(flat, when[:, None])[:, 0]
    return Closest(
        np.where(seen, nearest, np.nan).reshape(shape),
        np.where(seen, time, np.nan).reshape(shape),
        status.reshape(shape),
    )


def custody(views: Sequence[View], track_time: ArrayLike = 0.0, bridge: ArrayLike = 0.0) -> Custody:
    """What several sensors have of the same flights together: unbroken custody, handovers, first firm track.

    views: one a sensor, of shapes that broadcast. track_time: unbroken time [s] that makes a track firm;
    bridge: longest time out of view [s] over which a track is carried on. A track passes between sensors at
    once and without loss, so this is an upper bound. Raises ValueError for no views or a negative time.
    """
    needed, over = np.asarray(track_time, float), np.asarray(bridge, float)
    if not views:
        raise ValueError("custody needs at least one view; with no sensor nothing is in view")
    if not (np.all(needed >= 0.0) and np.all(over >= 0.0)):
        raise ValueError("track time and bridged gap are times of zero or more")
    shape = np.broadcast_shapes(needed.shape, over.shape, *(view.status.shape for view in views))
    first, last = (
        np.concatenate([np.broadcast_to(view[n], (*shape, WINDOWS)) for view in views], axis=-1)
        for n in (0, 1)
    )
    order = np.argsort(first, axis=-1, kind="stable")  # NaN stands last
    first, last = (np.take_along_axis(values, order, -1) for values in (first, last))
    owner = (order // WINDOWS).astype(np.int8)
    many = int(np.max(np.sum(np.isfinite(first), axis=-1), initial=0))
    start, end = np.full(shape, -np.inf), np.full(shape, -np.inf)
    seen, longest, gap = (np.zeros(shape) for _ in range(3))
    handovers, holder, track_by = np.zeros(shape, np.int8), *(np.full(shape, -1, np.int8) for _ in range(2))
    track = np.full(shape, np.nan)
    for n in range(many):
        begin, until, by = first[..., n], last[..., n], owner[..., n]
        here = np.isfinite(begin)
        fresh = here & (begin > end + over)
        longer = here & (until > end)
        gap = np.where(here & np.isfinite(end), np.maximum(gap, begin - end), gap)
        seen = seen + np.where(longer, until - np.maximum(begin, end), 0.0)
        handovers = handovers + (longer & ~fresh & (by != holder))
        start, end = np.where(fresh, begin, start), np.where(longer, until, end)
        holder = np.where(longer, by, holder)
        lasting = np.where(here, end, 0.0) - np.where(here, start, 0.0)
        longest = np.maximum(longest, lasting)
        firm = here & np.isnan(track) & (lasting >= needed)
        track = np.where(firm, np.maximum(start + needed, begin), track)
        track_by = np.where(firm, by, track_by)
    in_view = np.isfinite(first[..., 0])
    status = np.where(in_view, ViewStatus.IN_VIEW, ViewStatus.NEVER_IN_VIEW).astype(np.int8)
    for view in views:
        for worse in (ViewStatus.MORE_WINDOWS, ViewStatus.NO_THREAT):
            status = np.where(view.status == worse, worse, status).astype(np.int8)
    return Custody(
        seen,
        longest,
        gap,
        handovers.astype(np.int8),
        track,
        track_by,
        first[..., 0],
        np.where(in_view, owner[..., 0], -1).astype(np.int8),
        status,
    )


def track_cue(arc: Arc, sensors: Sequence[Sensor], track_time: ArrayLike, bridge: ArrayLike = 0.0) -> Cue:
    """When radars first have a firm track [s after threat launch]: the cue that needs no early warning.

    arc: the threats' flights. sensors: one or several, their fields broadcast against the flights; what
    might be seen before burnout is left out. track_time, bridge [s]: as in custody.
    """
    found = custody([time_in_view(arc, sensor) for sensor in sensors], track_time, bridge)
    return Cue(found.track, found.track_by, found.status)


class _Rows(NamedTuple):
    """A sensor laid out in rows: the middle of the sphere that touches the ground at the site, and the site
    from there, (3, n); the rest (n,).
    """

    middle: Array
    site: Array
    lowest: Array
    highest: Array
    sector_start: Array
    sector_width: Array
    reach: Array
    refraction_factor: Array
    bending: Array


def _rows(arc: Arc, sensor: Sensor) -> tuple[tuple[int, ...], Arc, _Rows]:
    """The common batch shape, and flights and sensor repeated over it in rows."""
    place = np.asarray(sensor.site, float)
    fields = [np.asarray(field, float) for field in sensor[1:]]
    axes = max(arc.status.ndim, place.ndim - 1, *(field.ndim for field in fields))
    place = over_batch(place, axes)
    shape = np.broadcast_shapes(arc.status.shape, place.shape[1:], *(field.shape for field in fields))
    site = np.broadcast_to(place, (3, *shape)).reshape(3, -1)
    flat = arc_rows(arc, shape)
    middle = plumb_center(site, flat.flattening)
    rows = _Rows(middle, site - middle, *(np.broadcast_to(field, shape).ravel() for field in fields))
    if not np.all(rows.sector_width > 0.0) or not np.all(rows.lowest < rows.highest):
        raise ValueError(
            "a sensor that faces nowhere: its sector must be wider than zero and its lowest elevation below "
            "its highest"
        )
    return shape, flat, rows


def _seen(rows: _Rows, some: Any, positions: Array) -> Look:
    """What the sensors of some rows see of Earth-fixed positions (3, k, m)."""
    site, positions = rows.site[:, some, None], positions - rows.middle[:, some, None]
    straight = look(site, positions)
    factor, bending = rows.refraction_factor[some, None], rows.bending[some, None]
    up = elevation(site, positions, factor) + bending * refraction(straight.elevation)
    return Look(up, straight.azimuth, straight.distance)


def _look_along(flat: Arc, rows: _Rows, some: npt.NDArray[np.intp], moments: Array) -> Look:
    """What sensors see of their flights at eccentric anomalies (k, m)."""
    part = arc_take(flat, some)
    fixed = to_earth_fixed(arc_position(part, moments), arc_time(part, moments), part.earth_rotation[:, None])
    return _seen(rows, some, fixed)


def _windows(flat: Arc, rows: _Rows, *, in_reach: bool) -> tuple[Array, Array, npt.NDArray[np.intp]]:
    """First and last anomaly of each window (n, WINDOWS), NaN beyond, and how many there are (n,)."""
    reach = rows.reach if in_reach else np.where(rows.reach > 0.0, np.inf, 0.0)
    solved = flat.status == ArcStatus.SOLVED
    start, end = (np.where(solved, v, 3.0) for v in (flat.burnout_anomaly, flat.impact_anomaly))

    def in_view(some: npt.NDArray[np.intp], moments: Array) -> npt.NDArray[np.bool_]:
        seen = _look_along(flat, rows, some, moments)
        low, high = rows.lowest[some, None], rows.highest[some, None]
        aside = np.mod(seen.azimuth - rows.sector_start[some, None], 2.0 * np.pi)
        inside: npt.NDArray[np.bool_] = (
            (seen.elevation >= low)
            & (seen.elevation <= high)
            & (aside <= rows.sector_width[some, None])
            & (seen.distance <= reach[some, None])
            & solved[some, None]
        )
        return inside

    return spans(in_view, start, end, WINDOWS)


def _view_status(flat: Arc, number: npt.NDArray[np.intp]) -> npt.NDArray[np.int8]:
    status = np.where(number > 0, ViewStatus.IN_VIEW, ViewStatus.NEVER_IN_VIEW).astype(np.int8)
    status[number > WINDOWS] = ViewStatus.MORE_WINDOWS
    status[flat.status != ArcStatus.SOLVED] = ViewStatus.NO_THREAT
    return status

"""How far it is from one place to another, and in which direction.

Angles in radians, lengths in m. Published distances are checked on the WGS-84 ellipsoid (a library does
that); flights are flown on a sphere, where the same questions are closed formulas for whole batches.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from .constants import EARTH_RADIUS, WGS84_EQUATORIAL_RADIUS, WGS84_FLATTENING

if TYPE_CHECKING:
    from .frames import Array, ArrayLike


class Line(NamedTuple):
    """The shortest way between two places: length [m], azimuth [rad] on leaving and on arriving.

    Azimuths run clockwise from north, between -pi and pi; the arriving one points onward, not back.
    """

    distance: Array
    azimuth: Array
    final_azimuth: Array


class Place(NamedTuple):
    """A place: latitude and longitude [rad], and the azimuth [rad] on reaching it, pointing onward."""

    latitude: Array
    longitude: Array
    final_azimuth: Array


def geodesic(
    latitude: ArrayLike, longitude: ArrayLike, to_latitude: ArrayLike, to_longitude: ArrayLike
) -> Line:
    """Length [m] and azimuths [rad] of the shortest line on the WGS-84 ellipsoid.

    Geodetic latitudes and longitudes [rad], shapes broadcast. Valid for every pair of places; near
    antipodes the azimuth is one of two that serve. Computed by PROJ.
    Source: C. F. F. Karney, Algorithms for geodesics, J. Geodesy 87 (2013) 43-55.
    """
    from pyproj import Geod

    places = np.broadcast_arrays(
        *(np.asarray(a, float) for a in (longitude, latitude, to_longitude, to_latitude))
    )
    shape = places[0].shape
    ellipsoid = Geod(a=WGS84_EQUATORIAL_RADIUS, f=WGS84_FLATTENING)
    lon, lat, to_lon, to_lat = (np.array(place).ravel() for place in places)
    forward, back, distance = ellipsoid.inv(lon, lat, to_lon, to_lat, radians=True)
    onward = np.mod(np.asarray(back) + 2.0 * np.pi, 2.0 * np.pi) - np.pi
    return Line(
        np.asarray(distance).reshape(shape), np.asarray(forward).reshape(shape), onward.reshape(shape)
    )


def great_circle(
    latitude: ArrayLike,
    longitude: ArrayLike,
    to_latitude: ArrayLike,
    to_longitude: ArrayLike,
    radius: ArrayLike = EARTH_RADIUS,
) -> Line:
    """Length [m] and azimuths [rad] of the shortest line on a sphere.

    Latitudes and longitudes [rad], radius [m], shapes broadcast. Well conditioned for near, far and
    antipodal places alike (where every azimuth serves).
    """
    start, end = np.asarray(latitude, float), np.asarray(to_latitude, float)
    east = np.asarray(to_longitude, float) - np.asarray(longitude, float)
    ahead = np.cos(start) * np.sin(end) - np.sin(start) * np.cos(end) * np.cos(east)
    aside = np.cos(end) * np.sin(east)
    inner = np.sin(start) * np.sin(end) + np.cos(start) * np.cos(end) * np.cos(east)
    back = np.sin(start) * np.cos(end) - np.cos(start) * np.sin(end) * np.cos(east)
    return Line(
        np.asarray(radius) * np.arctan2(np.hypot(ahead, aside), inner),
        np.arctan2(aside, ahead),
        np.arctan2(np.cos(start) * np.sin(east), -back),
    )


def destination(
    latitude: ArrayLike,
    longitude: ArrayLike,
    azimuth: ArrayLike,
    distance: ArrayLike,
    radius: ArrayLike = EARTH_RADIUS,
) -> Place:
    """The place [rad] reached on a sphere by going a distance [m] along an azimuth [rad].

    Shapes broadcast; the longitude comes back between -pi and pi.
    """
    start, heading = np.asarray(latitude, float), np.asarray(azimuth, float)
    arc = np.asarray(distance, float) / np.asarray(radius, float)
    north = np.cos(start) * np.cos(arc) - np.sin(start) * np.sin(arc) * np.cos(heading)
    east = np.sin(arc) * np.sin(heading)
    up = np.sin(start) * np.cos(arc) + np.cos(start) * np.sin(arc) * np.cos(heading)
    there = np.asarray(longitude, float) + np.arctan2(east, north)
    onward = np.arctan2(
        np.cos(start) * np.sin(heading),
        np.cos(start) * np.cos(arc) * np.cos(heading) - np.sin(start) * np.sin(arc),
    )
    return Place(np.arctan2(up, np.hypot(north, east)), np.mod(there + np.pi, 2.0 * np.pi) - np.pi, onward)

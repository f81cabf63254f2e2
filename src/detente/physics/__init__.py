"""Flights, distances and times as arrays: SI units and radians in and out; knows no party."""

"""Forces, flights and clocks as arrays: SI units and radians in, the same out; knows no party and no treaty."""

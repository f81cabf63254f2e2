"""Writes geodesics.csv anew from the tests of the installed geographiclib package."""

import csv
from pathlib import Path

HERE = Path(__file__).parent
COLUMNS = ("lat1_deg", "lon1_deg", "azi1_deg", "lat2_deg", "lon2_deg", "azi2_deg", "s12_m")


def main() -> None:
    """Needs `geographiclib` in the environment; the table it writes is the one that ships."""
    from geographiclib.test.test_geodesic import GeodesicTest  # type: ignore[import-not-found, import-untyped, unused-ignore]

    with (HERE / "geodesics.csv").open("w", newline="", encoding="utf-8") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(COLUMNS)
        table.writerows([repr(value) for value in case[:7]] for case in GeodesicTest.testcases)


if __name__ == "__main__":
    main()

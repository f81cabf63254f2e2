"""What the European site's interceptors could reach on each side's figures, and what would flip it.

Run it with `python examples/both_sides.py`; it checks its own answer.
"""

import detente

CASE = "european-site-2007"
BASES = ("vypolzovo", "kozelsk", "teykovo", "tatishchevo", "yoshkar-ola", "nizhniy-tagil")

for position in ("mda-slides", "mda-claim", "midpoint", "lewis-postol-low"):
    outcome = detente.run(CASE, "reach", position, launches=BASES, aims=["washington"])
    best = max(outcome.rows, key=lambda row: row["margin_km_s"])
    print(f"{position}: best margin {best['margin_km_s']:+.2f} km/s, from {best['launch']}: {best['status']}")

crux = detente.case_crux(CASE, "endangers-security", ("mda-slides", "lewis-postol-low"))
print(crux)

(speed,) = crux.attribution_rows
assert speed.assumption == "interceptor_speed", "the two positions state different speeds and nothing else"
assert speed.phi is not None
assert abs(speed.phi - (crux.margins[1] - crux.margins[0])) < 1e-12, "shares add up to the whole gap"
assert crux.verdicts == ("yes", "no"), "not ruled out for Lewis and Postol, ruled out at the slides' speed"
assert crux.flips["members"].tolist()[0] == ("interceptor_speed",)
decisive = {row.assumption for row in crux.silence_rows if row.flips}
assert "commit_delay" in decisive, "nobody stated the delay, and its range decides one of the two"

"""Which function answers which study: its outcome, its margins for the crux, and what its page must say."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from detente.records.outcome import UPPER_BOUND, Outcome

from . import cover, cover_tables, engage, inspect, inventory, limit, reach, reduce, watch


@dataclass(frozen=True, slots=True)
class Answer:
    """`run` takes a bound position and rows by name; `models` make batched margins from case and rows."""

    run: Callable[..., Outcome]
    models: Mapping[str, Callable[[Any, Any], Callable[[Mapping[str, Any]], Mapping[str, Any]]]]
    conventions: tuple[str, ...]
    limits: tuple[str, ...]
    caveat: str
    swept: tuple[str, ...]
    """The assumptions over which the page may draw a claim's margin: the first that is in dispute."""

    @property
    def bounds_defense(self) -> bool:
        """Whether its margins are an upper bound on defense; those on limits and inspections are not."""
        return any(f"upper bound on {what}" in self.caveat for what in ("defense", "sensing"))


ANSWERS: Mapping[str, Answer] = {
    "reach": Answer(
        reach.reach, reach.MODELS, reach.CONVENTIONS, reach.LIMITS, UPPER_BOUND, ("interceptor_speed",)
    ),
    "inventory": Answer(
        inventory.inventory,
        inventory.MODELS,
        inventory.CONVENTIONS,
        inventory.LIMITS,
        inventory.CAVEAT,
        ("raid_size", "interceptor_number"),
    ),
    "watch": Answer(
        watch.watch,
        watch.MODELS,
        watch.CONVENTIONS,
        watch.LIMITS,
        watch.CAVEAT,
        ("target_cross_section", "radar_power", "radar_required_snr"),
    ),
    "cover": Answer(
        cover_tables.cover,
        cover.MODELS,
        cover.CONVENTIONS,
        cover.LIMITS,
        UPPER_BOUND,
        ("interceptor_speed", "commit_delay"),
    ),
    "engage": Answer(
        engage.engage,
        engage.MODELS,
        engage.CONVENTIONS,
        engage.LIMITS,
        UPPER_BOUND,
        ("interceptor_speed", "commit_delay", "look_time"),
    ),
    "inspect": Answer(
        inspect.inspect,
        inspect.MODELS,
        inspect.CONVENTIONS,
        inspect.LIMITS,
        inspect.CAVEAT,
        ("inspections_per_year", "declared_items", "violation_share", "test_quality"),
    ),
    "limit": Answer(
        limit.limit,
        limit.MODELS,
        limit.CONVENTIONS,
        limit.LIMITS,
        limit.CAVEAT,
        ("launcher_ceiling", "declared_launchers"),
    ),
    "reduce": Answer(
        reduce.reduce,
        reduce.MODELS,
        reduce.CONVENTIONS,
        reduce.LIMITS,
        reduce.CAVEAT,
        ("second_target", "first_target", "second_start", "first_start", "second_pace", "first_pace"),
    ),
}
"""The studies that can be run, by name."""

"""The only door to everything below: the verbs and nouns for Python, the command line and the web.

Each name is loaded when it is first asked for, so that nobody pays for an engine that he does not use.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from .names import PLACES

if TYPE_CHECKING:
    from detente.dispute.attribution import owen, shapley
    from detente.dispute.between import crux
    from detente.dispute.errors import DisputeError
    from detente.dispute.flips import flip_sets
    from detente.dispute.lattice import Lattice, hybrid
    from detente.dispute.settling import settle
    from detente.escrow.errors import EscrowError, MalformedError, TamperedError
    from detente.escrow.split_view import SplitViewError
    from detente.escrow.verify import Proof
    from detente.escrow.witness import OldSizeError
    from detente.ledger.relay.entries import LimitError, MovedError
    from detente.records.base import Status
    from detente.records.brief import Brief
    from detente.records.case import Case
    from detente.records.claim import Claim, Reading
    from detente.records.compliance import Compliance
    from detente.records.count import Count
    from detente.records.crux import Crux
    from detente.records.discrepancy import Balance, Discrepancy, Inspected, Reconciliation
    from detente.records.due import Clocks
    from detente.records.errors import DetenteError, InputError, Problem
    from detente.records.figure import Distribution, Figure
    from detente.records.finding import Finding
    from detente.records.flight import Flight
    from detente.records.force import Force
    from detente.records.outcome import Outcome
    from detente.records.places import Place
    from detente.records.position import Position
    from detente.records.published import Score
    from detente.records.said_change import Anomaly, ChangeVerdict
    from detente.records.schedule import Frontier, Schedule
    from detente.records.source import Source
    from detente.records.statement import Statement
    from detente.records.treaty import Treaty
    from detente.sweep.errors import SweepError
    from detente.sweep.run import Progress, RunSummary
    from detente.sweep.verify import Verification

    from .agreement_files import (
        anomalies,
        check_change,
        draw_counts,
        new_force,
        new_treaty,
        write_calendar,
        write_counts,
        write_force,
    )
    from .agreements import (
        clocks,
        compliance_rows,
        comply,
        count,
        count_rows,
        forces,
        load_force,
        load_treaty,
        treaties,
    )
    from .briefs import brief, export_figures, write_brief
    from .coverages import Covered, cover, draw_cover, write_cover
    from .disputes import case_crux, crux_rows
    from .draws import draw_commit, draw_reveal, draw_verify
    from .escrow import (
        canonical_bytes,
        declaration_pdf,
        key_shown,
        log_accept,
        log_append,
        log_compare,
        log_consistency,
        log_cosign,
        log_fsck,
        log_pack,
        log_prove,
        log_show,
        new_key,
        proof_rows,
        reveal,
        seal,
        standalone_verifier,
        timestamp_ask,
        timestamp_check,
        verify,
        write_reveal,
    )
    from .inspection_games import inspect_game, inspect_timeliness, matrix_game
    from .inspection_sites import inspect_allocate, inspect_sites, inspect_visits
    from .inspections import inspect_curve, inspect_power, inspect_sequential, inspect_size
    from .ledger import (
        both_views,
        check_ledger,
        compare_ledgers,
        exchange_again,
        exchange_pin,
        exchange_receive,
        exchange_send,
        exchange_status,
        export_ledger,
        import_notifications,
        item_history,
        ledger_cells,
        ledger_items,
        new_ledger,
        notify,
        reconcile,
        upgrade_ledger,
    )
    from .library import CaseSummary, cases, check, load, new, schema, schemas, sources
    from .reading import (
        PageComparison,
        PageReading,
        compare_pages,
        pages_of,
        read_page,
        read_pages,
        reading_rows,
    )
    from .regimes import draw_curve, inspect_plan, inspection_measures, inspection_plans, write_plan
    from .relay import (
        check_relay,
        doorkeeper,
        new_relay,
        open_relay,
        relay_address,
        relay_admit,
        relay_content,
        relay_inbox,
        relay_pull,
        relay_push,
        relay_standing,
        relay_status,
        witness_check,
        witness_key,
        witness_request,
        witness_round,
    )
    from .runs import flight, flight_rows, run, write_outcome
    from .schedules import (
        draw_frontier,
        draw_schedule,
        frontier,
        frontier_rows,
        schedule,
        schedule_rows,
        write_schedule,
    )
    from .sweeps import summary_rows, sweep_case, verification_rows, verify_run
    from .validation import reading_score_rows, reading_scores, scoreboard, scoreboard_rows

_PLACE_OF = {name: place for place, names in PLACES.items() for name in names}

__all__ = [
    "Anomaly",
    "Balance",
    "Brief",
    "Case",
    "CaseSummary",
    "ChangeVerdict",
    "Claim",
    "Clocks",
    "Compliance",
    "Count",
    "Covered",
    "Crux",
    "DetenteError",
    "Discrepancy",
    "DisputeError",
    "Distribution",
    "EscrowError",
    "Figure",
    "Finding",
    "Flight",
    "Force",
    "Frontier",
    "InputError",
    "Inspected",
    "Lattice",
    "LimitError",
    "MalformedError",
    "MovedError",
    "OldSizeError",
    "Outcome",
    "PageComparison",
    "PageReading",
    "Place",
    "Position",
    "Problem",
    "Progress",
    "Proof",
    "Reading",
    "Reconciliation",
    "RunSummary",
    "Schedule",
    "Score",
    "Source",
    "SplitViewError",
    "Statement",
    "Status",
    "SweepError",
    "TamperedError",
    "Treaty",
    "Verification",
    "anomalies",
    "both_views",
    "brief",
    "canonical_bytes",
    "case_crux",
    "cases",
    "check",
    "check_change",
    "check_ledger",
    "check_relay",
    "clocks",
    "compare_ledgers",
    "compare_pages",
    "compliance_rows",
    "comply",
    "count",
    "count_rows",
    "cover",
    "crux",
    "crux_rows",
    "declaration_pdf",
    "doorkeeper",
    "draw_commit",
    "draw_counts",
    "draw_cover",
    "draw_curve",
    "draw_frontier",
    "draw_reveal",
    "draw_schedule",
    "draw_verify",
    "exchange_again",
    "exchange_pin",
    "exchange_receive",
    "exchange_send",
    "exchange_status",
    "export_figures",
    "export_ledger",
    "flight",
    "flight_rows",
    "flip_sets",
    "forces",
    "frontier",
    "frontier_rows",
    "hybrid",
    "import_notifications",
    "inspect_allocate",
    "inspect_curve",
    "inspect_game",
    "inspect_plan",
    "inspect_power",
    "inspect_sequential",
    "inspect_sites",
    "inspect_size",
    "inspect_timeliness",
    "inspect_visits",
    "inspection_measures",
    "inspection_plans",
    "item_history",
    "key_shown",
    "ledger_cells",
    "ledger_items",
    "load",
    "load_force",
    "load_treaty",
    "log_accept",
    "log_append",
    "log_compare",
    "log_consistency",
    "log_cosign",
    "log_fsck",
    "log_pack",
    "log_prove",
    "log_show",
    "matrix_game",
    "new",
    "new_force",
    "new_key",
    "new_ledger",
    "new_relay",
    "new_treaty",
    "notify",
    "open_relay",
    "owen",
    "pages_of",
    "proof_rows",
    "read_page",
    "read_pages",
    "reading_rows",
    "reading_score_rows",
    "reading_scores",
    "reconcile",
    "relay_address",
    "relay_admit",
    "relay_content",
    "relay_inbox",
    "relay_pull",
    "relay_push",
    "relay_standing",
    "relay_status",
    "reveal",
    "run",
    "schedule",
    "schedule_rows",
    "schema",
    "schemas",
    "scoreboard",
    "scoreboard_rows",
    "seal",
    "settle",
    "shapley",
    "sources",
    "standalone_verifier",
    "summary_rows",
    "sweep_case",
    "timestamp_ask",
    "timestamp_check",
    "treaties",
    "upgrade_ledger",
    "verification_rows",
    "verify",
    "verify_run",
    "witness_check",
    "witness_key",
    "witness_request",
    "witness_round",
    "write_brief",
    "write_calendar",
    "write_counts",
    "write_cover",
    "write_force",
    "write_outcome",
    "write_plan",
    "write_reveal",
    "write_schedule",
]


def __getattr__(name: str) -> Any:
    if name not in _PLACE_OF:
        raise AttributeError(f"module 'detente.api' has no attribute {name!r}")
    found = getattr(import_module(_PLACE_OF[name]), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted(__all__)

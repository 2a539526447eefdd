"""What the checker found wrong with a placement, as values. Sentences: `matcher.telling.text`."""

from dataclasses import dataclass
from enum import StrEnum


class Wrong(StrEnum):
    """Everything a placement can be wrong in."""

    OTHER_PROBLEM = "other_problem"
    OTHER_RULES = "other_rules"
    OTHER_TRACE = "other_trace"
    CERTIFICATE_MISSING = "certificate_missing"
    CERTIFICATE_WRONG = "certificate_wrong"
    UNKNOWN_PHASE = "unknown_phase"
    WRONG_KIND = "wrong_kind"
    WRONG_ROUND = "wrong_round"
    PHASES_OUT_OF_ORDER = "phases_out_of_order"
    DECISIONS_OUT_OF_ORDER = "decisions_out_of_order"
    UNKNOWN_TEACHER = "unknown_teacher"
    MOVED_TWICE = "moved_twice"
    WRONG_ORIGIN = "wrong_origin"
    NOT_AN_OPTION = "not_an_option"
    WRONG_RANK = "wrong_rank"
    RING_LENGTH = "ring_length"
    RING_NOT_CLOSED = "ring_not_closed"
    RING_START = "ring_start"
    CHAIN_NOT_LINKED = "chain_not_linked"
    SEAT_NOT_OFFERED = "seat_not_offered"
    LINES_CROSSED = "lines_crossed"
    NOT_IN_PHASE = "not_in_phase"
    SCHOOL_NOT_IN_PHASE = "school_not_in_phase"
    OVERSOLD = "oversold"
    SEAT_WASTED = "seat_wasted"
    JUSTIFIED_ENVY = "justified_envy"
    NOT_BEST_STABLE = "not_best_stable"
    TURN_SKIPPED = "turn_skipped"
    TRADED_OTHERWISE = "traded_otherwise"
    RING_MISSED = "ring_missed"
    RING_BEATEN = "ring_beaten"


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong: ``path`` in the placement file, ``detail`` to look at."""

    path: str
    code: Wrong
    detail: str = ""

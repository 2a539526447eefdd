"""故障回報: what somebody said is wrong with a machine, as codes and numbers (U-063, ADR 0036).

It is no fact about an application, so it is not in the log: it is told under the machine's key over
a fresh beacon, as often as it takes to be heard, and known by number and time. Only words of a
closed list have a place in it, so nobody's data can.
"""

import re
from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import Annotated

import msgspec
from msgspec import Meta

from core.wire.answer import BLOCKS as WHY_NOT_TAKEN
from core.wire.event import Bytes8, Bytes16, Natural, Positive

INCIDENT_BYTES = 2048
LETTERS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""32 of them, without those that are taken for another."""
NUMBER_LETTERS = 6
STATE_AT_MOST = 400
Number = Annotated[str, Meta(pattern=rf"^[{LETTERS}]{{{NUMBER_LETTERS}}}\Z")]
State = Annotated[str, Meta(max_length=STATE_AT_MOST)]

CHECKS = ("unknown", "fine", "missing", "failed")
CARDS = (
    "unreadable",
    "unresponsive",
    "foreign",
    "pulled",
    "busy",
    "unregistered",
    "wrong_scheme",
    "first_use_impossible",
    "not_enrolled",
    "store",
)
REPAIRS = ("restarted", "not_allowed", "absent", "failed")
STOPS = ("forked", "self_rollback", "revoked", "unenrolled")
LINKS = (
    *("online", "waiting", "offline", "stale", "uploading", "closed", "clock", "blocked", "full"),
    *STOPS,
)
BLOCKS = (*WHY_NOT_TAKEN.values(), "malformed", "too_large", "status", "quota", *STOPS)
COUNT = "[0-9]{1,6}"


def _one_of(*words: str) -> str:
    return "|".join(words)


FACTS: Mapping[str, re.Pattern[str]] = MappingProxyType(
    {
        name: re.compile(pattern)
        for name, pattern in {
            "service": _one_of(*CHECKS),
            "device": _one_of(*CHECKS),
            "readers": COUNT,
            "repair": f"[0-9]{{1,2}}({_one_of(*REPAIRS)})?",
            "card": _one_of(*CARDS),
            "link": _one_of(*LINKS),
            "attention": _one_of(*BLOCKS),
            "pending": COUNT,
            "drafts": COUNT,
            "software": r"[0-9]{1,4}(\.[0-9]{1,4}){0,3}((a|b|rc|\.dev|\.post)[0-9]{1,4})?",
        }.items()
    }
)
"""What may be said, and in which words."""


class Incident(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """Signed by the machine. ``t`` is its own clock when somebody pressed the key.

    ``state`` are words ``name=value`` parted by one space; ``beacon`` is one seen lately.
    """

    dev: Bytes16
    inc: Positive
    seq: Natural
    beacon: Bytes8
    number: Number
    t: Natural
    state: State

    @property
    def whole(self) -> bool:
        """Whether every word of the state is on the list."""
        return listed(self.state) == self.state


def listed(state: str) -> str:
    """The words of a state that are on the list, each name once."""
    return " ".join(f"{name}={value}" for name, value in facts_of(state).items())


def facts_of(state: str) -> dict[str, str]:
    """What a state says, by name."""
    return dict(_facts(state))


def _facts(state: str) -> Iterator[tuple[str, str]]:
    seen: set[str] = set()
    for word in state.split(" "):
        name, _, value = word.partition("=")
        if name in FACTS and name not in seen and FACTS[name].fullmatch(value):
            seen.add(name)
            yield name, value

"""Names for cards by their answer to reset.

For friendly sentences only, never a gate: new chips appear (DOMAIN §5.3).
"""

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


class CardKind(StrEnum):
    """Kinds of cards people carry in the same purse."""

    NHI = "nhi"
    CITIZEN = "citizen"
    HEALTH_PROFESSIONAL = "health_professional"


_KNOWN: Mapping[CardKind, tuple[str, ...]] = MappingProxyType(
    {
        CardKind.NHI: (
            "3B EE 00 00 81 31 FE 45 80 31 80 66 40 90 93 06 0F 17 83 0F 90 00 F3",
            "3B FA 18 00 00 81 31 FE 45 50 56 4A 43 4F 50 34 53 49 44 93",
            "3B FA 18 00 00 81 31 FE 45 53 4C 4A 35 32 47 78 78 79 79 FC",
            "3B FC 18 00 00 81 31 FE 45 80 73 C8 21 13 66 02 04 03 55 00 02 D2",
            "3B FD 13 00 00 81 31 FE 45 4A 43 4F 50 32 31 76 32 33 31 47 44 54 E1",
            "3B FD 18 00 00 81 31 FE 45 53 4C 4A 35 32 47 78 78 79 79 79 7A 52 AA",
            "3B FF 18 00 FF 81 31 FE 45 54 48 43 43 31 30 54 45 43 4F 47 44 48 4E 32 24",
            "3B FF 18 00 FF 81 31 FE 45 54 48 43 43 31 30 54 45 43 4F 47 44 49 4E 31 26",
        ),
        CardKind.CITIZEN: (
            "3B 8B 80 01 00 31 C1 64 08 40 21 30 00 90 00 57",
            "3B D8 96 00 81 B1 FE 45 1F 07 43 48 54 47 50 4B 49 4A DD",
        ),
        CardKind.HEALTH_PROFESSIONAL: ("3B F9 18 00 00 81 31 FE 45 50 56 5F 4A 32 44 30 38 31 B6",),
    }
)


def find_kind(atr: bytes) -> CardKind | None:
    """The kind of card this answer is known for (LudovicRousseau/pcsc-tools, 2026-06-03)."""
    return next(
        (
            kind
            for kind, known in _KNOWN.items()
            if any(bytes.fromhex(each) == atr for each in known)
        ),
        None,
    )

"""Names of files on a stick: what they claim, and which are ours (PROTOCOL 2.13)."""

import re
from dataclasses import dataclass

PARCEL_ENDING, ANSWER_ENDING = ".ttx", ".tta"
FIRST_INCARNATION = 1
NAME = re.compile(
    r"TTX-(?P<dev>[0-9a-f]{32})-(?P<from>[1-9][0-9]{0,9}(?:[.][1-9][0-9]{0,9})?)"
    r"-(?P<to>[1-9][0-9]{0,9}(?:[.][1-9][0-9]{0,9})?)(?P<ending>[.]tt[xa])",
    re.ASCII,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class StickName:
    """What a file's name claims; only its content counts."""

    dev: bytes
    inc: int
    first: int
    last: int
    ending: str

    @property
    def text(self) -> str:
        """``TTX-<dev>-<from>-<to>.ttx``; later incarnations number their entries ``2.17``."""
        ends = (
            str(seq) if self.inc == FIRST_INCARNATION else f"{self.inc}.{seq}"
            for seq in (self.first, self.last)
        )
        return f"TTX-{self.dev.hex()}-{'-'.join(ends)}{self.ending}"


def parse_name(text: str) -> StickName:
    """The parts of a name of ours.

    Raises:
        ValueError: Somebody else's file.
    """
    found = NAME.fullmatch(text)
    if found is None:
        raise ValueError("not a name of ours")
    (inc, first), (other, last) = _place(found["from"]), _place(found["to"])
    name = StickName(
        dev=bytes.fromhex(found["dev"]), inc=inc, first=first, last=last, ending=found["ending"]
    )
    if inc != other or name.text != text:
        raise ValueError("not a name of ours")
    return name


def is_ours(text: str) -> bool:
    """Whether this is a name of ours."""
    try:
        parse_name(text)
    except ValueError:
        return False
    return True


def _place(text: str) -> tuple[int, int]:
    """Incarnation and ``seq`` of ``17`` or ``2.17``."""
    inc, dot, seq = text.rpartition(".")
    return (int(inc), int(seq)) if dot else (FIRST_INCARNATION, int(seq))

"""受理編號: the number of a version that a person reads aloud on the telephone (K07)."""

from types import MappingProxyType

from core.domain.school import Stage

STAGE_LETTERS = MappingProxyType(
    {Stage.ELEMENTARY: "E", Stage.JUNIOR: "J", Stage.KINDERGARTEN: "K"}
)
MACHINE_DIGITS = 4


def receipt_number(season: str, stage: Stage, machine: str, seq: int) -> str:
    """``115E-0231-000427``: season, stage, machine, entry.

    The machine is the last four digits of its name.
    """
    digits = "".join(each for each in machine if each.isascii() and each.isdecimal())
    return f"{season}{STAGE_LETTERS[stage]}-{digits[-MACHINE_DIGITS:].zfill(4)}-{seq:06}"

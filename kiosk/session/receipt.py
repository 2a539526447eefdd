"""Numbers on a receipt (K07).

What a person reads aloud on the telephone, and what the QR code holds.
"""

from core.domain.school import Stage

PRACTICE = "PRACTICE"
STAGE_LETTERS = {Stage.ELEMENTARY: "E", Stage.JUNIOR: "J", Stage.KINDERGARTEN: "K"}


def receipt_number(season: str, stage: Stage, machine: str, seq: int) -> str:
    """受理編號 ``115E-0231-000427``: season, stage, machine, entry.

    The machine is the last four digits of its name.
    """
    digits = "".join(each for each in machine if each.isascii() and each.isdecimal())
    return f"{season}{STAGE_LETTERS[stage]}-{digits[-4:].zfill(4)}-{seq:06}"


def practice_number(seq: int) -> str:
    """``PRACTICE-000001``: nobody can take it for a receipt."""
    return f"{PRACTICE}-{seq:06}"


def qr_text(season: str, number: str, check_code: str) -> str:
    """``TAS1:115:E0231000427:8F3K29QD``: alphanumeric, so that version 2 of the code is enough.

    A practice receipt leads nowhere, and says so to whoever scans it.
    """
    if number.startswith(PRACTICE):
        return PRACTICE
    rest = number.removeprefix(season).replace("-", "")
    return f"TAS1:{season}:{rest}:{check_code.replace('-', '')}"

"""Numbers on a receipt (K07).

What a person reads aloud on the telephone, and what the QR code holds.
"""

PRACTICE = "PRACTICE"


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

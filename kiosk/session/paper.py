"""Paper at the kiosk: what can be printed, and what became of it."""

from enum import StrEnum
from typing import Final


class Form(StrEnum):
    """The forms of the kiosk: 個人資料表, receipt, 應備文件檢核表, 送件封面.

    Where the teacher's county has them, also 縣內介聘申請表 and 超額介聘申請表.
    """

    PERSONAL = "personal"
    RECEIPT = "receipt"
    EVIDENCE = "evidence"
    COVER = "cover"
    COUNTY_TRANSFER = "county_transfer"
    COUNTY_SURPLUS = "county_surplus"


class PaperSize(StrEnum):
    """The sizes of paper forms ask for, as CUPS names them."""

    A4 = "A4"
    A3 = "A3"


class Outcome(StrEnum):
    """How printing ended. ``REDUCED``: what is meant for A3 was printed small on A4."""

    PRINTED = "printed"
    REDUCED = "printed_reduced"
    NO_PRINTER = "no_printer"
    SILENT = "printer_silent"
    FAILED = "print_failed"
    PRACTICE = "practice_no_paper"


OWN_FORMS: Final = (Form.PERSONAL, Form.RECEIPT, Form.EVIDENCE, Form.COVER)
"""The forms of this scheme, which every county has."""

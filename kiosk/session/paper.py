"""Paper at the kiosk: what can be printed, and what became of it."""

from enum import StrEnum


class Form(StrEnum):
    """The forms of the kiosk: 個人資料表, receipt, 應備文件檢核表, 送件封面."""

    PERSONAL = "personal"
    RECEIPT = "receipt"
    EVIDENCE = "evidence"
    COVER = "cover"


class Outcome(StrEnum):
    """How printing ended."""

    PRINTED = "printed"
    NO_PRINTER = "no_printer"
    SILENT = "printer_silent"
    FAILED = "print_failed"
    PRACTICE = "practice_no_paper"

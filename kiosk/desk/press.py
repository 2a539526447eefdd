"""From a version to paper: fill in, typeset, print."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from core.rules.evidence import Document
from kiosk.adapters.printer_port import Printer
from kiosk.session.answer import Printed
from kiosk.session.effect import PrintForm
from kiosk.session.paper import Form, Outcome
from kiosk.session.record import Version
from kiosk.session.station import Station

if TYPE_CHECKING:
    from kiosk.paper.sheet import Sheet
    from kiosk.paper.typesetter import Typesetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """``typesetter`` is made when something is printed first: its fonts take 0.3 s to find."""

    printer: Printer
    typesetter: "Callable[[], Typesetter]"
    documents: tuple[Document, ...] = ()


def print_form(press: Press | None, effect: PrintForm, station: Station, now: datetime) -> Printed:
    """Fill in, typeset and print; a failure is an answer and changes nothing."""
    return Printed(ticket=effect.ticket, at=now, outcome=_outcome(press, effect, station, now))


def _outcome(press: Press | None, effect: PrintForm, station: Station, now: datetime) -> Outcome:
    if press is None:
        return Outcome.NO_PRINTER
    from kiosk.paper.typesetter import TypesetError  # noqa: PLC0415 - 60 ms, and 80 MB, too late is early enough

    try:
        pdf = press.typesetter().typeset(_filled(effect.form, effect.version, press, station, now))
    except TypesetError:
        return Outcome.FAILED
    return press.printer.print(pdf)


def _filled(form: Form, version: Version, press: Press, station: Station, now: datetime) -> "Sheet":
    from kiosk.paper import filling  # noqa: PLC0415 - with the typesetter

    match form:
        case Form.PERSONAL:
            return filling.personal_sheet(station, version, now)
        case Form.RECEIPT:
            return filling.receipt_sheet(station, version, now)
        case Form.EVIDENCE:
            return filling.evidence_sheet(station, version, press.documents, now)
        case Form.COVER:
            return filling.cover_sheet(station, version, now)
        case _ as never:
            assert_never(never)

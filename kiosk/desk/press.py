"""From a version to paper: fill in, typeset, print."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, assert_never

from core.rules.county_form import CountyForm
from core.rules.evidence import Document
from kiosk.adapters.printer_port import Printer
from kiosk.session.answer import Printed
from kiosk.session.county_paper import county_form
from kiosk.session.effect import PrintForm
from kiosk.session.paper import Form, Outcome, PaperSize
from kiosk.session.station import Station

if TYPE_CHECKING:
    from kiosk.paper.sheet import Sheet
    from kiosk.paper.typesetter import Typesetter


@dataclass(frozen=True, slots=True, kw_only=True)
class Press:
    """What paper is made with.

    ``typesetter`` is made when something is printed first: it takes memory and its fonts a moment.
    ``documents`` are brought to the review, ``county_forms`` those of the counties' own schemes.
    """

    printer: Printer
    typesetter: "Callable[[], Typesetter]"
    documents: tuple[Document, ...] = ()
    county_forms: tuple[CountyForm, ...] = ()


def print_form(
    press: Press | None, effect: PrintForm, station: Station, now: datetime, *, title: str = ""
) -> Printed:
    """Fill in, typeset and print; a failure is an answer and changes nothing.

    ``title`` is the teacher's 職稱, where the roster has it. What is meant for larger paper than
    the printer takes is printed smaller, and the answer says so.
    """
    outcome = _outcome(press, effect, station, now, title)
    return Printed(ticket=effect.ticket, at=now, outcome=outcome)


def _outcome(
    press: Press | None, effect: PrintForm, station: Station, now: datetime, title: str
) -> Outcome:
    if press is None:
        return Outcome.NO_PRINTER
    from kiosk.paper.typesetter import TypesetError  # noqa: PLC0415 - 60 ms, and 80 MB, too late is early enough

    sheet = _filled(effect, press, station, now, title)
    if sheet is None:
        return Outcome.FAILED
    reduced = sheet.paper is not PaperSize.A4 and not press.printer.takes(sheet.paper)
    fitting = sheet.on(PaperSize.A4) if reduced else sheet
    try:
        pdf = press.typesetter().typeset(fitting)
    except TypesetError:
        return Outcome.FAILED
    outcome = press.printer.print(pdf, fitting.paper)
    return Outcome.REDUCED if reduced and outcome is Outcome.PRINTED else outcome


def _filled(
    effect: PrintForm, press: Press, station: Station, now: datetime, title: str
) -> "Sheet | None":
    """None where the lists have no such form for her any more."""
    from kiosk.paper import county, filling  # noqa: PLC0415 - with the typesetter

    form, version = effect.form, effect.version
    match form:
        case Form.COUNTY_TRANSFER | Form.COUNTY_SURPLUS:
            table = county_form(station, version, form)
            if table is None:
                return None
            return county.county_sheet(station, version, table, now, title=title)
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

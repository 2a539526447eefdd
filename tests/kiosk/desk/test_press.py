"""The desk prints what it is asked to, and says what came of it."""

from dataclasses import replace

import pytest

from kiosk.desk.desk import Desk
from kiosk.desk.press import Press, print_form
from kiosk.paper.typesetter import TypesetError, Typesetter
from kiosk.session.effect import PrintForm
from kiosk.session.paper import OWN_FORMS, Form, Outcome, PaperSize
from tests.kiosk.changhua import AT_RICE, of_rice
from tests.kiosk.machine import Machine
from tests.kiosk.people import NOON, STATION, version


class Tray:
    """A printer that says ``outcome`` and remembers."""

    def __init__(
        self, outcome: Outcome = Outcome.PRINTED, sizes: tuple[PaperSize, ...] = tuple(PaperSize)
    ) -> None:
        self.outcome, self.sheets, self.papers, self.sizes = outcome, [], [], sizes

    def takes(self, paper: PaperSize) -> bool:
        return paper in self.sizes

    def print(self, pdf: bytes, paper: PaperSize) -> Outcome:
        self.sheets.append(pdf)
        self.papers.append(paper)
        return self.outcome


class Broken:
    """A typesetter that cannot."""

    def typeset(self, _):
        raise TypesetError("personal: broken")


def ask(form: Form) -> PrintForm:
    return PrintForm(ticket=7, form=form, version=version(1))


@pytest.mark.parametrize("form", OWN_FORMS)
def test_a_form_reaches_the_printer(form):
    tray = Tray()

    answer = print_form(Press(printer=tray, typesetter=Typesetter), ask(form), STATION, NOON)

    assert (answer.ticket, answer.outcome) == (7, Outcome.PRINTED)
    assert [sheet[:5] for sheet in tray.sheets] == [b"%PDF-"]
    assert tray.papers == [PaperSize.A4]


def county(form: Form, tray: Tray, station=AT_RICE):
    press = Press(printer=tray, typesetter=Typesetter)
    effect = PrintForm(ticket=7, form=form, version=of_rice())
    return print_form(press, effect, station, NOON).outcome


@pytest.mark.parametrize("form", [Form.COUNTY_TRANSFER, Form.COUNTY_SURPLUS])
def test_a_countys_form_is_printed_on_a3_where_there_is_some(form):
    tray = Tray()

    assert county(form, tray) is Outcome.PRINTED
    assert tray.papers == [PaperSize.A3]


@pytest.mark.parametrize(
    ("printed", "told"),
    [(Outcome.PRINTED, Outcome.REDUCED), (Outcome.SILENT, Outcome.SILENT)],
)
def test_without_a3_it_is_printed_small_and_that_is_said(printed, told):
    tray = Tray(printed, sizes=(PaperSize.A4,))

    assert county(Form.COUNTY_TRANSFER, tray) is told
    assert tray.papers == [PaperSize.A4]


def test_a_form_that_left_the_tables_in_between_fails_and_prints_nothing():
    tray = Tray()

    assert county(Form.COUNTY_SURPLUS, tray, STATION) is Outcome.FAILED
    assert tray.sheets == []


@pytest.mark.parametrize("outcome", Outcome)
def test_what_the_printer_says_is_the_answer(outcome):
    press = Press(printer=Tray(outcome), typesetter=Typesetter)

    assert print_form(press, ask(Form.RECEIPT), STATION, NOON).outcome is outcome


def test_paper_that_cannot_be_made_is_an_answer():
    tray = Tray()
    press = Press(printer=tray, typesetter=Broken)

    assert print_form(press, ask(Form.RECEIPT), STATION, NOON).outcome is Outcome.FAILED
    assert tray.sheets == []


def test_a_desk_without_a_press_has_no_printer_and_one_with_it_prints(tmp_path):
    machine, tray = Machine(tmp_path), Tray()

    (nothing,) = machine.desk.perform(ask(Form.RECEIPT))
    equipped = replace(machine.equipment(), press=Press(printer=tray, typesetter=Typesetter))
    (printed,) = Desk(equipped).perform(ask(Form.RECEIPT))

    assert (nothing.outcome, printed.outcome) == (Outcome.NO_PRINTER, Outcome.PRINTED)
    assert len(tray.sheets) == 1

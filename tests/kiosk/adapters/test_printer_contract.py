"""One contract, two printers: CUPS with a printer on a socket, and a demonstration's folder."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.adapters import printer as module
from kiosk.adapters.printer import CupsPrinter, FolderPrinter
from kiosk.adapters.printer_port import Printer
from kiosk.session.paper import Outcome
from tests.fakes import print_service
from tests.fakes.print_service import PrintService, SocketPrinter

PDF = b"%PDF-1.7 " + bytes(range(256)) * 40
needs_cups = pytest.mark.skipif(not print_service.found(), reason="needs CUPS")


@contextmanager
def cups() -> Iterator[PrintService]:
    # pytest's folders are closed to the user CUPS runs its backends as.
    with tempfile.TemporaryDirectory(prefix="jiepin-cups-") as folder:
        Path(folder).chmod(0o755)
        with print_service.serving(Path(folder)) as service:
            yield service


@contextmanager
def real(_: Path) -> Iterator[tuple[Printer, Callable[[], list[bytes]]]]:
    device = SocketPrinter()
    with cups() as service:
        service.add_printer(device.port)
        yield CupsPrinter(server=service.server), lambda: device.received


@contextmanager
def folder(path: Path) -> Iterator[tuple[Printer, Callable[[], list[bytes]]]]:
    here = path / "paper"
    yield FolderPrinter(here), lambda: [each.read_bytes() for each in sorted(here.glob("*"))]


@pytest.mark.parametrize("bench", [pytest.param(real, marks=needs_cups), folder])
def test_what_is_printed_arrives_unchanged_and_in_order(bench, tmp_path):
    with bench(tmp_path) as (printer, arrived):
        outcomes = [printer.print(PDF), printer.print(PDF[::-1])]

        assert outcomes == [Outcome.PRINTED, Outcome.PRINTED]
        assert arrived() == [PDF, PDF[::-1]]


@needs_cups
def test_the_spool_keeps_nothing_of_what_was_printed_or_could_not_be(monkeypatch):
    monkeypatch.setattr(module, "PATIENCE_S", 1.0)
    device = SocketPrinter()
    with cups() as service:
        service.add_printer(device.port)
        printed = CupsPrinter(server=service.server).print(PDF)
        after_printing = service.kept()
        device.switch_off()
        silent = CupsPrinter(server=service.server).print(PDF)
        after_giving_up = service.kept()

    assert (printed, silent) == (Outcome.PRINTED, Outcome.SILENT)
    assert (after_printing, after_giving_up) == ([], [])


@needs_cups
def test_without_a_printer_that_is_said():
    with cups() as service:
        assert CupsPrinter(server=service.server).print(PDF) is Outcome.NO_PRINTER


@needs_cups
def test_a_queue_that_is_not_there_is_a_failure():
    with cups() as service:
        assert CupsPrinter("NOBODY", server=service.server).print(PDF) is Outcome.FAILED


def test_a_machine_without_the_print_service_has_no_printer(monkeypatch):
    monkeypatch.setattr(module, "_ENVIRONMENT", {"PATH": "/nonexistent"})

    assert CupsPrinter().print(PDF) is Outcome.NO_PRINTER


def test_a_folder_that_cannot_be_written_is_a_failure(tmp_path):
    (tmp_path / "paper").write_text("in the way")

    assert FolderPrinter(tmp_path / "paper").print(PDF) is Outcome.FAILED

"""One contract, two printers: CUPS with a printer on a socket, and a demonstration's folder."""

import socket
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from kiosk.adapters import printer as module
from kiosk.adapters.ipp import supported_media
from kiosk.adapters.printer import CupsPrinter, FolderPrinter
from kiosk.adapters.printer_port import Printer
from kiosk.session.paper import Outcome, PaperSize
from tests.fakes import print_service
from tests.fakes.print_service import PrintService, SocketPrinter

PDF = b"%PDF-1.7 " + bytes(range(256)) * 40
needs_cups = pytest.mark.skipif(not print_service.found(), reason="needs CUPS")


def attribute(tag: int, name: bytes, value: bytes) -> bytes:
    return bytes([tag]) + len(name).to_bytes(2) + name + len(value).to_bytes(2) + value


MEDIA = b"".join(
    (
        b"\x02\x00\x00\x00\x00\x00\x00\x01\x01",
        attribute(0x47, b"attributes-charset", b"utf-8"),
        b"\x04",
        attribute(0x44, b"media-supported", b"iso_a4_210x297mm"),
        attribute(0x44, b"", b"iso_a3_297x420mm_borderless"),
        attribute(0x44, b"media-default", b"na_letter_8.5x11in"),
        b"\x03",
    )
)


def reply(door: socket.socket, answer: bytes) -> None:
    line, _ = door.accept()
    with line:
        asked = b""
        while not asked.endswith(b"media-supported\x03"):
            asked += line.recv(4096)
        head = f"HTTP/1.1 200 OK\r\nContent-Length: {len(answer)}\r\n\r\n"
        line.sendall(head.encode() + answer)


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
        yield CupsPrinter(server=service.server), lambda: device.jobs(2)


@contextmanager
def folder(path: Path) -> Iterator[tuple[Printer, Callable[[], list[bytes]]]]:
    here = path / "paper"
    yield FolderPrinter(here), lambda: [each.read_bytes() for each in sorted(here.glob("*"))]


@pytest.mark.parametrize("bench", [pytest.param(real, marks=needs_cups), folder])
def test_what_is_printed_arrives_unchanged_and_in_order(bench, tmp_path):
    with bench(tmp_path) as (printer, arrived):
        outcomes = [printer.print(PDF, PaperSize.A4), printer.print(PDF[::-1], PaperSize.A3)]

        assert outcomes == [Outcome.PRINTED, Outcome.PRINTED]
        assert arrived() == [PDF, PDF[::-1]]


@needs_cups
def test_the_spool_keeps_nothing_of_what_was_printed_or_could_not_be(monkeypatch):
    device = SocketPrinter()
    with cups() as service:
        service.add_printer(device.port)
        printed = CupsPrinter(server=service.server).print(PDF, PaperSize.A4)
        after_printing = service.kept()
        device.switch_off()
        monkeypatch.setattr(module, "PATIENCE_S", 1.0)
        silent = CupsPrinter(server=service.server).print(PDF, PaperSize.A4)
        after_giving_up = service.kept()

    assert (printed, silent) == (Outcome.PRINTED, Outcome.SILENT)
    assert (after_printing, after_giving_up) == ([], [])


@needs_cups
@pytest.mark.parametrize(
    ("sizes", "a3"),
    [((), True), (("A4", "A3"), True), (("A4", "A3.Borderless"), True), (("A4", "Letter"), False)],
    ids=["says nothing", "has A3", "has A3 without margins", "has none"],
)
def test_the_queue_is_asked_whether_the_printer_takes_a3(sizes, a3):
    with cups() as service:
        service.add_printer(SocketPrinter().port, sizes)
        printer = CupsPrinter(server=service.server)

        assert printer.takes(PaperSize.A3) is a3
        assert printer.takes(PaperSize.A4)


@needs_cups
def test_the_size_of_the_paper_is_asked_of_the_printer():
    device = SocketPrinter()
    with cups() as service:
        service.add_printer(device.port, ("A4", "A3"))
        outcome = CupsPrinter(server=service.server).print(PDF, PaperSize.A3)

    assert outcome is Outcome.PRINTED
    assert device.jobs(1) == [PDF]


@needs_cups
def test_without_a_printer_that_is_said():
    with cups() as service:
        assert CupsPrinter(server=service.server).takes(PaperSize.A3)
        assert CupsPrinter(server=service.server).print(PDF, PaperSize.A4) is Outcome.NO_PRINTER


@needs_cups
def test_a_queue_that_is_not_there_is_a_failure():
    with cups() as service:
        assert (
            CupsPrinter("NOBODY", server=service.server).print(PDF, PaperSize.A4) is Outcome.FAILED
        )


@pytest.mark.parametrize(
    ("answer", "media"),
    [
        (MEDIA, frozenset({"iso_a4_210x297mm", "iso_a3_297x420mm_borderless"})),
        (MEDIA[:-20], None),
        (b"", None),
        (MEDIA[:8] + b"\x01\x03", None),
    ],
    ids=["two sizes", "cut off", "nothing", "no sizes"],
)
def test_an_answer_of_the_print_service_is_read_whole_or_not_at_all(answer, media, tmp_path):
    path = str(tmp_path / "cups.sock")
    with socket.socket(socket.AF_UNIX) as door:
        door.bind(path)
        door.listen()
        server = threading.Thread(target=reply, args=(door, answer))
        server.start()
        found = supported_media("DESK", path)
        server.join()

    assert found == media


def test_a_machine_without_the_print_service_has_no_printer(monkeypatch):
    monkeypatch.setattr(module, "_ENVIRONMENT", {"PATH": "/nonexistent"})

    assert CupsPrinter().takes(PaperSize.A3)
    assert CupsPrinter().print(PDF, PaperSize.A4) is Outcome.NO_PRINTER


def test_a_folder_that_cannot_be_written_is_a_failure(tmp_path):
    (tmp_path / "paper").write_text("in the way")

    assert FolderPrinter(tmp_path / "paper").takes(PaperSize.A3)
    assert FolderPrinter(tmp_path / "paper").print(PDF, PaperSize.A4) is Outcome.FAILED

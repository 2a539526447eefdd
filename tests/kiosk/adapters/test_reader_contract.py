"""One contract, two readers: the virtual one inside the process, and PC/SC with a virtual card."""

import queue
from collections.abc import Iterator
from contextlib import suppress
from datetime import date
from types import UnionType
from typing import Protocol

import pytest

from core.card.apdu import Response, Status
from core.card.nhi import GET_PROFILE, SELECT_NHI
from core.domain.ids import generate_national_id
from kiosk.adapters.reader import PcscReader
from kiosk.adapters.reader_port import (
    CardGone,
    CardProfile,
    CardSeen,
    CardTrouble,
    ReaderAdded,
    ReaderFault,
    ReaderRemoved,
    ServiceLost,
    ServiceUp,
)
from kiosk.adapters.virtual_reader import CardFault, VirtualCard, VirtualReader, nhi_card
from tests.fakes import card_service
from tests.fakes.virtual_nhi_card import VpcdCard

PATIENCE_S = 60
NUMBER = generate_national_id("E", "2", "7654321")
GOOD = nhi_card(
    card_number="000011112222",
    name="游錫堃",
    national_id=NUMBER,
    birth=date(1975, 4, 28),
    sex="F",
    issued=date(2020, 1, 9),
)
CUT_SHORT = VirtualCard(data=GOOD.data[:40])
FOREIGN = VirtualCard(fault=CardFault.FOREIGN)
PULLED = VirtualCard(data=GOOD.data, fault=CardFault.PULLED)


class Bench(Protocol):
    """A reader with hands: what a person does to it."""

    def insert(self, card: VirtualCard) -> None: ...
    def remove(self) -> None: ...
    def unplug(self) -> None: ...
    def plug_in(self) -> None: ...
    def lose_service(self) -> None: ...


class RealBench:
    """pcscd, vpcd and a card on its port."""

    def __init__(self, service: card_service.CardService) -> None:
        self._service = service
        self._card: VpcdCard | None = None

    def insert(self, card: VirtualCard) -> None:
        self._card = VpcdCard(lambda command: _answer(card, command), card_service.PORT)
        self._card.insert()

    def remove(self) -> None:
        self._card.remove()

    def unplug(self) -> None:
        self._service.kill()
        self._service.start(with_reader=False)

    def plug_in(self) -> None:
        self._service.kill()
        self._service.start()

    def lose_service(self) -> None:
        self._service.kill()
        self._service.start()


def _answer(card: VirtualCard, command):
    if card.fault is CardFault.PULLED and command == GET_PROFILE:
        return None
    return card.answer(command)


class Heard:
    """Reports in the order they came."""

    def __init__(self) -> None:
        self._reports: queue.Queue = queue.Queue()

    def __call__(self, report) -> None:
        self._reports.put(report)

    def until(self, kind: type | UnionType):
        """The next report of that kind; what came before it is passed over."""
        while True:
            report = self._reports.get(timeout=PATIENCE_S)
            if isinstance(report, kind):
                return report

    def until_a_reader_is_there(self) -> None:
        """It was plugged in before the service came up, or has been since."""
        while not isinstance(report := self.until(ServiceUp | ReaderAdded), ReaderAdded):
            if report.readers:
                return


@pytest.fixture(params=["virtual", "pcsc"])
def bench(request, tmp_path) -> Iterator[tuple[Bench, Heard]]:
    heard = Heard()
    if request.param == "virtual":
        reader = VirtualReader()
        reader.start(heard)
        yield reader, heard
        reader.stop()
        return
    if why := card_service.missing():
        pytest.skip(why)
    service = card_service.CardService(tmp_path)
    service.start()
    reader = PcscReader()
    reader.start(heard)
    heard.until_a_reader_is_there()
    hands = RealBench(service)
    yield hands, heard
    with suppress(AttributeError):
        hands.remove()
    reader.stop()
    service.stop()


def test_a_card_is_read_and_its_removal_seen(bench):
    hands, heard = bench

    hands.insert(GOOD)

    heard.until(CardSeen)
    profile = heard.until(CardProfile).profile
    assert (profile.national_id, profile.birth, profile.sex) == (NUMBER, date(1975, 4, 28), "F")
    assert (profile.name, profile.name_damaged) == ("游錫□", True)
    hands.remove()
    heard.until(CardGone)


def test_the_same_card_can_be_put_in_again(bench):
    hands, heard = bench

    for _ in range(3):
        hands.insert(GOOD)
        assert heard.until(CardProfile).profile.national_id == NUMBER
        hands.remove()
        heard.until(CardGone)


@pytest.mark.parametrize(
    ("card", "fault"), [(CUT_SHORT, ReaderFault.UNREADABLE), (FOREIGN, ReaderFault.FOREIGN)]
)
def test_a_card_without_profile_is_named_and_the_next_one_works(bench, card, fault):
    hands, heard = bench

    hands.insert(card)

    assert heard.until(CardTrouble).fault is fault
    hands.remove()
    heard.until(CardGone)
    hands.insert(GOOD)
    heard.until(CardProfile)


def test_a_card_pulled_in_the_middle_is_told_and_the_next_one_works(bench):
    hands, heard = bench

    hands.insert(PULLED)

    assert heard.until(CardTrouble).fault in {ReaderFault.PULLED, ReaderFault.UNRESPONSIVE}
    heard.until(CardGone)
    hands.insert(GOOD)
    heard.until(CardProfile)


def test_a_killed_service_is_told_and_cards_read_after_it_is_back(bench):
    hands, heard = bench
    hands.insert(GOOD)
    heard.until(CardProfile)

    hands.lose_service()

    heard.until(CardGone)
    heard.until(ServiceLost)
    heard.until_a_reader_is_there()
    hands.insert(GOOD)
    heard.until(CardProfile)


def test_an_unplugged_reader_takes_its_card_along_and_comes_back(bench):
    hands, heard = bench
    hands.insert(GOOD)
    heard.until(CardProfile)

    hands.unplug()

    heard.until(CardGone)
    heard.until(ReaderRemoved)
    hands.plug_in()
    heard.until_a_reader_is_there()
    hands.insert(GOOD)
    heard.until(CardProfile)


def test_a_reversed_card_is_unresponsive():
    heard = Heard()
    reader = VirtualReader()
    reader.start(heard)

    reader.insert(VirtualCard(fault=CardFault.REVERSED))

    assert heard.until(CardTrouble).fault is ReaderFault.UNRESPONSIVE
    reader.stop()


def test_an_unreadable_chip_is_told():
    heard = Heard()
    reader = VirtualReader()
    reader.start(heard)

    reader.insert(VirtualCard(fault=CardFault.UNREADABLE))

    assert heard.until(CardTrouble).fault is ReaderFault.UNREADABLE
    reader.stop()


def test_the_virtual_card_refuses_commands_it_does_not_know():
    assert GOOD.answer(SELECT_NHI) == Response(b"", Status.OK)
    assert GOOD.answer(type(SELECT_NHI)(b"\x00\x00")).status == 0x6D00

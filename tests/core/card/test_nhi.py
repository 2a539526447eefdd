"""The card's talk and its 57 bytes, without a reader (DOMAIN §5)."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.card.apdu import Command, Response, Status, get_response
from core.card.atr import CardKind, find_kind
from core.card.dialogue import FETCHES_AT_MOST, exchange, run
from core.card.nhi import (
    GET_PROFILE,
    PROFILE_BYTES,
    SELECT_NHI,
    NotAnNhiCard,
    Profile,
    UnreadableProfile,
    parse_profile,
    read_profile,
)
from core.domain.ids import generate_national_id
from core.domain.name import decode_name

NUMBER = generate_national_id("F", "1", "7000001")


def profile_bytes(
    *, name: bytes = "林小明".encode("cp950"), number: bytes | None = None, dates=b"0750428"
):
    identity = NUMBER.text.encode() if number is None else number
    return b"000012345678" + name.ljust(20, b"\0") + identity + dates + b"M" + b"1090101"


class Chip:
    """Answers in turn; keeps what it was asked."""

    def __init__(self, *answers: Response) -> None:
        self.asked: list[Command] = []
        self._answers = list(answers)

    def __call__(self, command: Command) -> Response:
        self.asked.append(command)
        return self._answers.pop(0)


def test_the_commands_are_the_published_bytes():
    assert SELECT_NHI.data.hex() == "00a4040010d1580000010000000000000000001100"
    assert GET_PROFILE.data.hex() == "00ca1100020000"
    assert len(profile_bytes()) == PROFILE_BYTES


def test_a_card_gives_its_profile():
    chip = Chip(Response(b"", Status.OK), Response(profile_bytes(), Status.OK))

    profile = run(read_profile(), chip)

    assert chip.asked == [SELECT_NHI, GET_PROFILE]
    assert isinstance(profile, Profile)
    assert (profile.name, profile.national_id, profile.birth) == (
        "林小明",
        NUMBER,
        date(1986, 4, 28),
    )
    assert (profile.sex, profile.issued, profile.card_number) == (
        "M",
        date(2020, 1, 1),
        "000012345678",
    )


def test_a_newer_card_that_refuses_select_still_reads():
    chip = Chip(Response(b"", 0x6D00), Response(profile_bytes(), Status.OK))

    assert isinstance(run(read_profile(), chip), Profile)


def test_a_t0_reader_makes_us_fetch_the_answer():
    data = profile_bytes()
    chip = Chip(
        Response(b"", Status.OK),
        Response(b"", 0x6139),
        Response(data[:40], 0x6111),
        Response(data[40:], Status.OK),
    )

    profile = run(read_profile(), chip)

    assert isinstance(profile, Profile)
    assert chip.asked[2:] == [get_response(0x39), get_response(0x11)]
    assert get_response(0x39).data.hex() == "00c0000039"


def test_a_length_byte_of_zero_means_256():
    assert Response(b"", 0x6100).more == 256
    assert get_response(256).data.hex() == "00c0000000"


def test_a_card_that_promises_for_ever_is_left():
    chip = Chip(*[Response(b"x", 0x6101)] * 20)

    response = run(exchange(GET_PROFILE), chip)

    assert len(chip.asked) == FETCHES_AT_MOST + 1
    assert response.more == 1


def test_a_cold_card_is_asked_twice():
    chip = Chip(
        Response(b"", Status.OK),
        Response(b"", 0x6985),
        Response(b"", Status.OK),
        Response(profile_bytes(), Status.OK),
    )

    assert isinstance(run(read_profile(), chip), Profile)


def test_another_kind_of_card_is_named_by_its_status():
    chip = Chip(*[Response(b"", 0x6A86)] * 4)

    assert run(read_profile(), chip) == NotAnNhiCard(0x6A86)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"", "length"),
        (profile_bytes()[:-1], "length"),
        (profile_bytes(number=b"F100000000"), "id_checksum"),
        (profile_bytes(number=b"\xff" * 10), "id_letter"),
        (profile_bytes(number=b"          "), "id_length"),
    ],
)
def test_only_length_and_number_can_refuse_a_profile(data, reason):
    assert parse_profile(data) == UnreadableProfile(reason)


def test_more_bytes_than_the_public_profile_are_accepted():
    assert isinstance(parse_profile(profile_bytes() + b"0" * 15), Profile)


def test_a_date_that_is_none_does_not_refuse_the_card():
    profile = parse_profile(profile_bytes(dates=b"0759999"))

    assert isinstance(profile, Profile)
    assert profile.birth is None


@pytest.mark.parametrize(
    ("raw", "shown", "damaged"),
    [
        ("林小明".encode("cp950").ljust(20, b"\0"), "林小明", False),
        ("林小明".encode("cp950").ljust(20), "林小明", False),
        ("碁裏恒嫺".encode("cp950"), "碁裏恒嫺", False),
        ("游錫*".encode("cp950"), "游錫□", True),
        ("林小明".encode("cp950")[:-1].ljust(20, b"\0"), "林小□", True),
        (b"\x8e\xe4".ljust(20, b"\0"), "□", True),
        (b"\0" * 20, "", False),
    ],
)
def test_the_name_is_shown_as_far_as_it_can_be(raw, shown, damaged):
    text, broken = decode_name(raw)

    assert broken is damaged
    assert text.replace("□□", "□") == shown


def test_the_raw_name_is_kept():
    raw = b"\x8e\xe4\xfa\x40".ljust(20, b"\0")

    profile = parse_profile(profile_bytes(name=raw))

    assert isinstance(profile, Profile)
    assert profile.name_raw == raw


@given(st.binary(max_size=120))
def test_no_bytes_break_the_parser(data):
    assert isinstance(parse_profile(data), Profile | UnreadableProfile)


@given(st.binary(min_size=20, max_size=20))
def test_no_name_breaks_a_good_card(name):
    profile = parse_profile(profile_bytes(name=name))

    assert isinstance(profile, Profile)
    assert profile.name_raw == name


def test_a_profile_shows_nothing_of_its_holder_in_a_log():
    profile = parse_profile(profile_bytes())

    assert "林小明" not in repr(profile)
    assert NUMBER.text not in repr(profile)


@pytest.mark.parametrize(
    ("atr", "kind"),
    [
        ("3BEE00008131FE45803180664090930 60F17830F9000F3".replace(" ", ""), CardKind.NHI),
        ("3B8B80010031C1640840213000900057", CardKind.CITIZEN),
        ("3BF918000081 31FE4550565F4A32443038 31B6".replace(" ", ""), CardKind.HEALTH_PROFESSIONAL),
        ("3B00", None),
    ],
)
def test_cards_are_named_by_their_answer_to_reset(atr, kind):
    assert find_kind(bytes.fromhex(atr)) == kind

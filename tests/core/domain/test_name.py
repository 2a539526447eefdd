"""Names that a card cannot hold: what is fact, what is open, what may be put there (U-035)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.name import UNSHOWABLE, code_points, decode_name, fits_card, is_rare, masked_name


def on_card(text: str) -> bytes:
    """As a card writes it: ``*`` for what cp950 lacks, cut at 20 bytes."""
    raw = b"".join(b"*" if is_rare(each) else each.encode("cp950") for each in text)
    return raw[:20].ljust(20, b"\0")


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"\xaaL\xa4p\xa9\xfa", "林小明"),
        (b"\xaaL*\xa9\xfa", "林□明"),
        # The user-defined area: the pair behind it must not be torn apart.
        (b"\xaaL\xfa\xa1\xa9\xfa", "林□明"),
        (b"\xaaL\x8e\x40\xa9\xfa", "林□明"),
        (b"\xfe\xfe\xaaL", "□林"),
        (b"\x80\xaaL", "□L"),
        (b"\xaaL\xa4", "林□"),
        (b"\xaaL\x1b[2J\x07", "林□[2J□"),
        (b"\x00\xaaL\x7f\n", "林□□"),
        (b"\xaaL\x00\xa9\xfa", "林□明"),
        ("\uff21\uff22".encode("cp950"), "\uff21\uff22"),
    ],
)
def test_an_unknown_pair_is_one_open_place_and_leaves_its_neighbours_alone(raw, shown):
    text, damaged = decode_name(raw.ljust(20, b"\0"))

    assert text == shown
    assert damaged is (UNSHOWABLE in shown)


@given(st.binary(max_size=24))
def test_no_bytes_break_it_and_two_bytes_never_are_more_than_two_characters(raw):
    text, damaged = decode_name(raw)

    assert len(text) <= len(raw)
    assert damaged is (UNSHOWABLE in text)
    assert fits_card(text, raw)


@pytest.mark.parametrize(
    ("card", "name", "fits"),
    [
        ("游錫堃", "游錫堃", True),
        ("游錫堃", "游錫喆", True),
        ("游錫堃", "游錫□", True),
        ("游錫堃", "游喜堃", False),
        ("游錫堃", "尤錫堃", False),
        ("游錫堃", "游錫", False),
        ("游錫堃", "游錫堃堃", False),
        ("游錫堃", "游錫*", False),
        ("游錫堃", "游錫1", False),
        ("林小明", "林小明", True),
        ("林小明", "林小名", False),
        ("峯犇", "峯犇", True),
        ("王𡍼明", "王𡍼明", True),
        ("夏曼‧藍波安", "夏曼·藍波安", True),
        ("夏曼‧藍波安", "夏曼藍波安", False),
        ("", "林小明", True),
        # The field of the card is full: the name may go on, what stands there stays.
        ("Yayuy‧Nakuy‧Walis‧Piho", "Yayuy‧Nakuy‧Walis‧Piho", True),
        ("Yayuy‧Nakuy‧Walis‧Piho", "Yayuy‧Nakay‧Walis‧Piho", False),
    ],
)
def test_a_name_keeps_what_the_card_shows_and_fills_what_it_does_not(card, name, fits):
    assert fits_card(name, on_card(card)) is fits


def test_a_shape_selector_takes_no_place_of_its_own():
    assert fits_card("葛\U000e0100城", on_card("葛城"))


@pytest.mark.parametrize("character", "堃喆煊峯犇瀞𡍼")
def test_what_big5_lacks_is_rare(character):
    assert is_rare(character)


@pytest.mark.parametrize("character", "坤哲軒峰奔靜A")
def test_what_big5_has_is_not(character):
    assert not is_rare(character)


def test_only_what_the_card_does_not_show_is_named_by_number():
    assert code_points("游錫堃", "游錫□") == (("堃", "U+5803"),)
    assert code_points("游錫堃𡍼", "游錫□") == (("堃", "U+5803"), ("𡍼", "U+2137C"))
    assert code_points("林小明", "林小明") == ()


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("林曉芒", "林○芒"),
        ("林芒", "林○"),
        ("Lee Amy", "Lee ○"),
        ("歐陽曉芒", "歐○○芒"),
        ("林", "林○"),
        ("", "○"),
    ],
)
def test_a_name_is_masked_alike_in_queues_letters_and_lists(name, shown):
    assert masked_name(name) == shown

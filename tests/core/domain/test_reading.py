"""注音首字: every reading of a character counts, on a plain keyboard too."""

import pytest

from core.domain.reading import (
    KEYS,
    LATIN,
    NO_READINGS,
    load_readings,
    patterns,
    readings_from,
    spelled,
)
from tests.core.domain.readings_table import TABLE, table

READINGS = load_readings(TABLE.read_text(encoding="utf-8"))


def test_the_table_is_what_its_source_says():
    assert TABLE.read_text(encoding="utf-8") == table()


def test_every_reading_of_a_character_counts():
    assert set(READINGS.of("車")) == {"ㄔ", "ㄐ"}
    assert {"ㄌ", "ㄩ"} <= set(READINGS.of("樂"))
    assert READINGS.of("A") == ""
    assert len(READINGS) > 20_000


@pytest.mark.parametrize(
    ("name", "typed", "fits"),
    [
        ("車城國小", "th", False),
        ("車城國小", "tt", True),
        ("車城國小", "rt", True),
        ("枋寮國小", "zx", True),
        ("枋寮國小", "xz", False),
        ("新興國小", "xx", True),
        ("Ａ車Ｂ城", "tt", False),
        ("車", "tt", False),
        ("", "t", False),
    ],
)
def test_initials_are_those_of_neighbours_in_their_order(name, typed, fits):
    assert READINGS.finder(typed)(name) is fits


def test_keys_are_the_standard_layout_and_letters_cover_every_symbol():
    assert "".join(KEYS[key] for key in "1qaz2wsx") == "ㄅㄆㄇㄈㄉㄊㄋㄌ"
    assert len(KEYS) == len(set(KEYS.values())) == 37
    assert set("".join(LATIN.values())) == set(KEYS.values())


def test_what_is_neither_symbol_nor_key_nor_letter_finds_nothing():
    assert patterns("") == patterns("新") == patterns("!") == ()
    assert patterns("ㄅx") == ()
    assert (spelled("2q"), spelled("Q"), spelled("2!")) == ("ㄉㄆ", "", "")
    assert not NO_READINGS.finder("tt")("車城國小")


def test_a_row_that_is_no_symbol_is_refused():
    text = 'source = "x"\nplace = ""\nas_of = ""\nchecked_on = ""\n[characters]\n"B" = "八"\n'

    with pytest.raises(ValueError, match="no symbol"):
        load_readings(text)


def test_a_table_is_read_once_and_not_before_somebody_looks_something_up():
    asked = []

    def read():
        asked.append(1)
        return TABLE.read_text(encoding="utf-8")

    readings = readings_from(read)
    before = len(asked)
    found = readings.finder("rt")("車城"), readings.of("車"), len(readings)

    assert before == 0
    assert found[0]
    assert set(found[1]) == {"ㄐ", "ㄔ"}
    assert len(asked) == 1

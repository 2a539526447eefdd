"""Where the old system was is data with a source (F-002, F-246)."""

from importlib.resources import files

import pytest

from core.rules.predecessor import load_former_sites

TEXT = files("core.rules.tables").joinpath("predecessor.toml").read_text(encoding="utf-8")


def test_both_ends_of_the_old_system_have_an_address_and_a_source():
    found = {each.part: each for each in load_former_sites(TEXT)}

    assert found["teacher"].address == "https://tas.kh.edu.tw/teacher"
    assert found["county"].address == "https://tas.kh.edu.tw/city/"
    assert found["county"].as_of == "2021"
    assert all(each.source and each.place and each.checked_on for each in found.values())


@pytest.mark.parametrize("text", [TEXT + TEXT, TEXT.replace("address", "link"), "site = 1"])
def test_a_table_that_is_not_one_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whichever the parser says
        load_former_sites(text)

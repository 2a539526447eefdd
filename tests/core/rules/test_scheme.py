"""Other schemes are data with a source, and each title has at most one (F-041, F-595)."""

from importlib.resources import files

import pytest

from core.rules.scheme import find_scheme, load_schemes

TEXT = files("core.rules.tables").joinpath("schemes_115.toml").read_text(encoding="utf-8")


def test_contract_educare_staff_have_a_scheme_of_their_own_and_teachers_have_not():
    schemes = load_schemes(TEXT)

    assert find_scheme("educare", schemes).address == "http://pctas.kh.edu.tw"
    assert find_scheme("educare", schemes).example
    assert find_scheme("teacher", schemes) is None


@pytest.mark.parametrize("text", [TEXT + TEXT, TEXT.replace("address", "site"), "scheme = 1"])
def test_a_table_that_is_not_one_is_refused(text):
    with pytest.raises(ValueError):  # noqa: PT011 - whichever the parser says
        load_schemes(text)

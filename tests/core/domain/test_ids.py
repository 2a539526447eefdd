"""Numbers on cards: three forms, one checksum each (DOMAIN §6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.ids import IdKind, NationalId, generate_national_id

LETTERS = "ABCDEFGHJKLMNPQRSTUVXYWZIO"


def independent_check(text: str) -> bool:
    """The published rule, written another way: two digits of the letter, then nine, then one."""
    value = LETTERS.index(text[0]) + 10
    rest = text[1:]
    if rest[0] in "ABCD":
        rest = str((LETTERS.index(rest[0]) + 10) % 10) + rest[1:]
    total = value // 10 + 9 * (value % 10)
    total += sum((8 - place) * int(digit) for place, digit in enumerate(rest[:8]))
    return (total + int(rest[8])) % 10 == 0


numbers = st.builds(
    generate_national_id,
    st.sampled_from(LETTERS),
    st.sampled_from("1289ABCD"),
    st.integers(0, 9_999_999).map("{:07d}".format),
)


@given(numbers)
def test_generated_numbers_pass_the_published_checksum(number):
    assert independent_check(number.text)
    assert NationalId.from_text(number.text) == number


@given(numbers, st.integers(2, 9), st.integers(1, 9))
def test_one_wrong_digit_is_always_seen_unless_its_weight_hides_it(number, place, shift):
    digit = str((int(number.text[place]) + shift) % 10)
    altered = number.text[:place] + digit + number.text[place + 1 :]

    accepted = independent_check(altered)

    if accepted:
        assert NationalId.from_text(altered).text == altered
    else:
        with pytest.raises(ValueError, match="id_checksum"):
            NationalId.from_text(altered)


@pytest.mark.parametrize(
    ("second", "kind", "sex"),
    [
        ("1", IdKind.NATIONAL, "M"),
        ("2", IdKind.NATIONAL, "F"),
        ("8", IdKind.RESIDENT, "M"),
        ("9", IdKind.RESIDENT, "F"),
        ("A", IdKind.RESIDENT_OLD, "M"),
        ("B", IdKind.RESIDENT_OLD, "F"),
        ("C", IdKind.RESIDENT_OLD, "M"),
        ("D", IdKind.RESIDENT_OLD, "F"),
    ],
)
def test_the_second_character_tells_register_and_sex(second, kind, sex):
    number = generate_national_id("H", second, "7000000")

    assert (number.kind, number.sex) == (kind, sex)


def test_people_may_type_full_width_lower_case_and_spaces():
    number = generate_national_id("W", "2", "7123456")
    typed = (
        " " + number.text.lower()[:3] + " " + "".join(chr(ord(c) + 0xFEE0) for c in number.text[3:])
    )

    assert NationalId.from_text(typed) == number


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "id_length"),
        ("A12345678", "id_length"),
        ("1234567890", "id_letter"),
        ("A323456789", "id_kind"),
        ("A1234567X9", "id_digits"),
        ("A1२३४५६७८९", "id_digits"),
        ("A100000000", "id_checksum"),
    ],
)
def test_each_fault_has_its_code(text, code):
    with pytest.raises(ValueError, match=code):
        NationalId.from_text(text)


def test_a_number_cannot_be_generated_from_nonsense():
    with pytest.raises(ValueError, match="id_kind"):
        generate_national_id("A", "3", "1234567")


def test_no_more_than_a_letter_is_printed():
    number = generate_national_id("T", "1", "7654321")

    assert number.text[1:] not in repr(number)
    assert repr(number) == "NationalId(T*********)"
    assert number.masked == f"{number.text[:3]}****{number.text[-3:]}"

"""DESIGN D14: the 封箱碼 survives a telephone, and says which part did not."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.season.seal_code import HEAD_BYTES, Mishap, Misheard, decode_seal_code, seal_code
from core.wire.receipt import CROCKFORD

heads = st.binary(min_size=32, max_size=32)


@pytest.mark.parametrize(
    ("head", "code"),
    [
        (bytes(32), "0000G-00005-0000N-0000A"),
        (b"\xff" * 32, "ZZZZX-ZZZZ8-ZZZZR-ZZZZ7"),
        (bytes(range(32)), "000GN-40R48-0M308-E209K"),
    ],
)
def test_a_code_is_these_letters_and_no_others(head, code):
    assert seal_code(head) == code
    assert decode_seal_code(code) == head[:HEAD_BYTES]


@given(heads)
def test_a_code_leads_back_to_the_beginning_of_its_head(head):
    code = seal_code(head)

    assert len(code.replace("-", "")) == 20
    assert decode_seal_code(code) == head[:HEAD_BYTES]


@given(heads, st.sampled_from(["-", "", " ", "　", " – ", "--", "\n"]))  # noqa: RUF001 - typed so
def test_a_code_is_understood_as_people_write_it(head, between):
    code = seal_code(head).replace("-", between)
    written = code.lower().replace("0", "o").replace("1", "l")

    assert decode_seal_code(f" {written} ") == head[:HEAD_BYTES]


def test_full_width_letters_are_taken_as_their_narrow_ones():
    narrow = seal_code(bytes(range(32)))
    wide = "".join(chr(ord(each) + 0xFEE0) for each in narrow)

    assert decode_seal_code(wide) == bytes(range(10))


@given(heads, st.integers(0, 19), st.sampled_from(CROCKFORD))
def test_one_wrong_letter_is_found_in_its_group(head, place, letter):
    letters = list(seal_code(head).replace("-", ""))
    was, letters[place] = letters[place], letter

    told = decode_seal_code("".join(letters))

    wrong = Misheard(mishap=Mishap.CHECK, groups=(place // 5 + 1,))
    assert told == (head[:HEAD_BYTES] if was == letter else wrong)


@given(heads, st.integers(0, 19), st.integers(0, 19))
def test_two_exchanged_letters_are_found(head, one, other):
    letters = list(seal_code(head).replace("-", ""))
    same = letters[one] == letters[other]
    letters[one], letters[other] = letters[other], letters[one]

    told = decode_seal_code("".join(letters))

    assert (told == head[:HEAD_BYTES]) if same else isinstance(told, Misheard)


@given(heads)
def test_groups_in_another_order_are_found(head):
    groups = seal_code(head).split("-")

    for order in permutations(groups):
        told = decode_seal_code("-".join(order))
        assert (told == head[:HEAD_BYTES]) == (list(order) == groups)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", Misheard(mishap=Mishap.LENGTH, groups=())),
        ("00002", Misheard(mishap=Mishap.LENGTH, groups=())),
        ("0000G-0005-0000N-0000A", Misheard(mishap=Mishap.LENGTH, groups=(2,))),
        ("0000G-00005-0000NN-0000A", Misheard(mishap=Mishap.LENGTH, groups=(3,))),
        ("0000200004000060000800000", Misheard(mishap=Mishap.LENGTH, groups=())),
        ("0000U-00005-0000!-0000A", Misheard(mishap=Mishap.LETTER, groups=(1, 3))),
        ("00002-00005-00007-0000A", Misheard(mishap=Mishap.CHECK, groups=(1, 3))),
        ("0" * 100_000, Misheard(mishap=Mishap.LENGTH, groups=())),
    ],
)
def test_what_is_wrong_is_said(text, told):
    assert decode_seal_code(text) == told


@given(st.text(max_size=60))
def test_any_text_is_a_code_or_says_why_not(text):
    told = decode_seal_code(text)

    assert isinstance(told, Misheard) or len(told) == HEAD_BYTES

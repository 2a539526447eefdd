"""An incident has room for codes and numbers, and for nothing else."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from core.wire.answer import BLOCKS
from core.wire.canon import from_wire, to_wire
from core.wire.client import ClientState
from core.wire.fault import WireError
from core.wire.incident import FACTS, STATE_AT_MOST, Incident, facts_of, listed
from kiosk.session.state import TroubleCode
from kiosk.session.station import LinkName, Mending, Service
from tests.core.wire.samples import INCIDENT


def test_what_a_machine_says_of_itself_is_kept_word_by_word():
    assert INCIDENT.whole
    assert facts_of(INCIDENT.state)["repair"] == "2failed"


@pytest.mark.parametrize(
    "more",
    [
        "name=林曉芒",
        "card=E276543210",
        "card=林曉芒",
        "pending=1234567",
        "pending=-1",
        "software=0.1+g1a2b3c",
        "service=fine",  # once more
        "busy",
        "",
    ],
)
def test_no_other_word_has_a_place(more):
    said = f"{INCIDENT.state} {more}"

    assert listed(said) == INCIDENT.state
    assert not replace(INCIDENT, state=said).whole


@given(st.text(max_size=STATE_AT_MOST))
def test_whatever_is_said_only_listed_words_are_left(text):
    for name, value in facts_of(text).items():
        assert FACTS[name].fullmatch(value)
    assert replace(INCIDENT, state=listed(text)).whole


@pytest.mark.parametrize(
    ("fact", "words"),
    [
        ("service", [each.value for each in Service]),
        ("card", [each.value for each in TroubleCode]),
        ("link", [each.value for each in LinkName]),
        ("repair", [f"3{each.value}" for each in Mending]),
        ("attention", [*BLOCKS.values(), "malformed", "too_large", "status", "quota"]),
        ("attention", [each.value for each in ClientState if not each.may_write]),
        ("software", ["0.1", "1.2.3", "2.0.0rc1", "0.1.0.dev12"]),
    ],
)
def test_every_code_of_the_kiosk_is_on_the_list(fact, words):
    for word in words:
        assert facts_of(f"{fact}={word}") == {fact: word}


@pytest.mark.parametrize("number", ["", "7HK2Q", "7HK2QXX", "7HK2Q0", "7hk2qx", "7HK2QX\n"])
def test_a_number_is_six_letters_that_are_not_taken_for_another(number):
    data = to_wire(replace(INCIDENT, number=number))

    with pytest.raises(WireError):
        from_wire(data, Incident)

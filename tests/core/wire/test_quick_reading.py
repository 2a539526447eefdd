"""The quick way of reading takes what the strict one takes, and nothing else."""

import unicodedata
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.domain.school import Stage
from core.wire.canon import (
    EVENT_LIMITS,
    INTEGER_MAX,
    Limits,
    _quickly,
    _strictly,
    decode,
    encode,
    from_wire,
    quick,
    to_wire,
    typed,
)
from core.wire.event import Event
from core.wire.fault import WireError
from tests.core.wire.messages import event
from tests.core.wire.refusing import code_of
from tests.core.wire.strategies import altered, values


class Mixed(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A message in which every check has something to find."""

    beyond: int = msgspec.field(name="a")
    body: dict[str, Any]
    names: tuple[str, ...]
    pair: tuple[bytes, int] | None
    stage: Stage


def mixed(**changes):
    made = {
        "a": 7,
        "body": {"k": b"v"},
        "names": ["甲", "b"],
        "pair": [b"x", 1],
        "stage": "elementary",
    }
    return msgspec.msgpack.Encoder(order="sorted").encode(made | changes)


def outcome(read, *args):
    """The value, or the code under which it was refused."""
    try:
        return read(*args)
    except WireError as error:
        return error.code


def strictly(data, schema, limits=EVENT_LIMITS):
    return typed(_strictly(data, limits), schema)


NOT_COMPOSED = unicodedata.normalize("NFD", "é")
HOSTILE = {
    "a number too large": mixed(a=INTEGER_MAX + 1),
    "a number too small": mixed(a=-INTEGER_MAX - 1),
    "a number too large inside": mixed(pair=[b"x", 2**63]),
    "a text not composed": mixed(names=[NOT_COMPOSED]),
    "a text not composed inside": mixed(body={"k": NOT_COMPOSED}),
    "a key not composed": mixed(body={NOT_COMPOSED: 1}),
    "a key that is no text": mixed(body={"k": 0}).replace(b"\xa1k\x00", b"\x01\x00"),
    "a float": mixed(body={"k": 1.5}),
    "a time": mixed(body={"k": msgspec.msgpack.Ext(-1, bytes(4))}),
    "an extension": mixed(body={"k": msgspec.msgpack.Ext(5, b"x")}),
    "too deep": mixed(body={"k": [[[[[[[[1]]]]]]]]}),
    "too many keys": mixed(body={f"{n:03d}": 1 for n in range(65)}),
    "too many items": mixed(names=[""] * 4097),
    "another stage": mixed(stage="university"),
    "a field more": mixed(z=1),
    "unordered": msgspec.msgpack.encode({"names": [], "a": 1}),
    "a longer form": mixed().replace(b"\xa1a\x07", b"\xa1a\xcc\x07"),
    "a key twice": b"\x82\xa1a\x01\xa1a\x01",
    "nothing": b"",
    "nests": b"\x91" * 3000,
}


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_refused_is_refused_for_the_same_reason(what):
    data = HOSTILE[what]

    assert outcome(from_wire, data, Mixed) == outcome(strictly, data, Mixed)
    assert isinstance(outcome(from_wire, data, Mixed), str)
    assert outcome(decode, data) == outcome(_strictly, data, EVENT_LIMITS)


@pytest.mark.parametrize("data", [mixed(), mixed(pair=None), mixed(names=[], body={})])
def test_what_is_in_order_is_read_the_quick_way(data):
    assert _quickly(data, Mixed, EVENT_LIMITS) == strictly(data, Mixed)
    assert _quickly(data, Any, EVENT_LIMITS) == _strictly(data, EVENT_LIMITS)
    assert quick(Mixed)(data) == strictly(data, Mixed)


@pytest.mark.parametrize("what", HOSTILE)
def test_what_is_refused_is_not_read_quickly(what):
    assert quick(Mixed)(HOSTILE[what]) is None


@given(st.data())
def test_altered_messages_mean_the_same_either_way(data):
    spoiled = data.draw(altered(data.draw(st.sampled_from((mixed(), to_wire(event()))))))

    for schema in (Mixed, Event):
        assert outcome(from_wire, spoiled, schema) == outcome(strictly, spoiled, schema)
    assert outcome(decode, spoiled) == outcome(_strictly, spoiled, EVENT_LIMITS)


@given(st.data())
def test_altered_values_mean_the_same_either_way(data):
    spoiled = data.draw(altered(encode(data.draw(values))))

    assert outcome(decode, spoiled) == outcome(_strictly, spoiled, EVENT_LIMITS)


@pytest.mark.parametrize("limits", [Limits(depth=1), Limits(map_keys=3), Limits(items=1)])
def test_tighter_limits_bind_messages_too(limits):
    data = mixed()

    assert outcome(from_wire, data, Mixed, limits) == outcome(strictly, data, Mixed, limits)
    assert isinstance(outcome(from_wire, data, Mixed, limits), str)


def test_a_message_is_written_as_its_fields_are():
    message = from_wire(mixed(), Mixed)
    unordered = Mixed(
        beyond=1, body={"b": 1, "a": 2}, names=(), pair=None, stage=Stage.KINDERGARTEN
    )

    for each in (message, unordered, event()):
        assert to_wire(each) == encode(msgspec.to_builtins(each, builtin_types=(bytes,)))
    assert code_of(to_wire, message, Limits(size=5)) == "too_large"


class Tagged(msgspec.Struct, frozen=True, tag_field="part", tag="tagged"):
    """A message that says what it is."""

    n: int


def test_a_tagged_message_without_its_tag_is_refused():
    whole, bare = encode({"n": 1, "part": "tagged"}), encode({"n": 1})

    assert from_wire(whole, Tagged) == strictly(whole, Tagged) == Tagged(1)
    assert outcome(from_wire, bare, Tagged) == outcome(strictly, bare, Tagged) == "schema"

"""How much an entry may hold: more than anything people do, and far less than its bytes could."""

from typing import Annotated, Any, Literal

import msgpack
import msgspec
import pytest
from msgspec import UNSET, Meta, UnsetType

from core.domain.application import Claim, Wishes
from core.domain.school import Stage
from core.wire import payload as payloads
from core.wire.amount import ANY_NUMBER, check_amount, may_exceed, most
from core.wire.bounds import INTEGER_MAX, Limits
from core.wire.canon import EVENT_LIMITS, FILE_LIMITS, decode, encode, from_wire, to_wire
from core.wire.event import Event
from core.wire.kind import BODIES
from core.wire.refile import ReplayPayload
from tests.core.wire.messages import event
from tests.core.wire.refusing import code_of

PARTS = [
    each
    for each in vars(payloads).values()
    if isinstance(each, type) and issubclass(each, msgspec.Struct) and each.__struct_fields__
]
FEW = Limits(containers=3, values=5)


class Row(msgspec.Struct, frozen=True, array_like=True):
    """A row of a list."""

    names: Annotated[tuple[str, ...], Meta(max_length=3)]
    pair: tuple[int, bytes]


class Tagged(msgspec.Struct, frozen=True, tag_field="part", tag="tagged"):
    """Something that says what it is, and something that may be left out."""

    row: Row | None
    said: str | UnsetType = UNSET


@pytest.mark.parametrize("schema", [*BODIES.values(), *PARTS, Claim, Wishes, ReplayPayload])
def test_the_limits_hold_twice_what_any_kind_and_any_payload_allows(schema):
    containers, values = most(schema)

    assert 2 * containers <= EVENT_LIMITS.containers
    assert 2 * values <= EVENT_LIMITS.values


def test_the_figures_beside_the_limits_are_those_of_the_schemas():
    schemas = [*BODIES.values(), *PARTS, Claim, Wishes, ReplayPayload]

    assert max(most(each)[0] for each in schemas) == most(payloads.CountyPayload)[0] == 12
    assert max(most(each)[1] for each in schemas) == most(Wishes)[1] == 1_005


@pytest.mark.parametrize(
    ("schema", "held"),
    [
        (int, (0, 0)),
        (Literal["a", 1], (0, 0)),
        (Stage | None, (0, 0)),
        (tuple[bytes, str, bool], (1, 3)),
        (Row, (3, 2 + 3 + 2)),
        (Tagged, (4, 3 + 7)),
        (Row | int | None, (3, 7)),
        (Annotated[tuple[Row, ...], Meta(max_length=10)], (31, 80)),
        (tuple[str, ...], ANY_NUMBER),
        (dict[str, int], ANY_NUMBER),
        (tuple[Any, int], ANY_NUMBER),
    ],
)
def test_what_a_shape_holds_at_most_is_read_off_it(schema, held):
    assert most(schema) == held


@pytest.mark.parametrize(
    ("schema", "size", "limits", "may"),
    [
        (Row, 1000, FEW, True),
        (Row, 3, FEW, False),
        (Row, 1000, Limits(containers=3, values=7), False),
        (Row, 1000, Limits(containers=2, values=7), True),
        (Any, 65_536, FILE_LIMITS, False),
        (Any, 65_537, FILE_LIMITS, True),
        (Event, 65_536, EVENT_LIMITS, True),
        (Wishes, 65_536, EVENT_LIMITS, False),
    ],
)
def test_what_cannot_exceed_is_not_counted(schema, size, limits, may):
    assert may_exceed(schema, size, limits) is may


@pytest.mark.parametrize(
    ("value", "containers", "values"),
    [
        (None, 0, 0),
        ([], 1, 0),
        ([1, "a", b"", None, True], 1, 5),
        ({"a": [1, 2], "b": {}}, 3, 4),
        ([[[]], []], 4, 3),
        (Row(("a",), (1, b"")), 3, 5),
        (Tagged(None), 1, 2),
        (Tagged(Row((), (1, b"")), said="a"), 4, 3 + 4),
        ({"stage": Stage.JUNIOR}, 1, 1),
    ],
)
def test_exactly_so_much_is_taken_and_not_one_more(value, containers, values):
    wire = msgpack.packb(msgspec.to_builtins(value, builtin_types=(bytes,)))
    exact = Limits(containers=containers, values=values)

    check_amount(value, containers, values)
    assert decode(wire, exact) == msgpack.unpackb(wire)
    if values:
        less = Limits(containers=containers, values=values - 1)
        assert code_of(check_amount, value, containers, values - 1) == "too_many_items"
        assert code_of(decode, wire, less) == "too_many_items"
    if containers:
        less = Limits(containers=containers - 1, values=values)
        assert code_of(check_amount, value, containers - 1, values) == "too_many_items"
        assert code_of(decode, wire, less) == "too_many_items"


def full(containers, values):
    """A payload with so much in it, of which its map and its salt are a part."""
    lists = containers - 2
    fill = values - 2 - lists
    share, rest = divmod(fill, lists)
    return {"salt": bytes(16), "x": [[1] * (share + (n < rest)) for n in range(lists)]}


@pytest.mark.parametrize(
    "payload",
    [
        full(EVENT_LIMITS.containers + 1, 200),
        full(EVENT_LIMITS.containers, EVENT_LIMITS.values + 1),
        {"salt": bytes(16), "x": [[]] * 4096},
    ],
)
def test_a_payload_with_more_is_neither_written_nor_read(payload):
    wire = msgpack.packb(payload)

    assert code_of(encode, payload) == "too_many_items"
    assert code_of(decode, wire) == "too_many_items"
    assert code_of(from_wire, wire, dict[str, Any]) == "too_many_items"


def test_a_payload_as_full_as_may_be_is_written_and_read():
    payload = full(EVENT_LIMITS.containers, EVENT_LIMITS.values)

    assert decode(encode(payload)) == payload


def test_an_event_counts_with_what_is_in_its_body():
    largest = EVENT_LIMITS.containers - 5  # the event, `ref`, `who`, the body and its list
    good = event(body={"x": [[]] * largest})
    more = event(body={"x": [[]] * (largest + 1)})
    wire = msgspec.msgpack.Encoder(order="sorted").encode(more)

    assert from_wire(to_wire(good), Event) == good
    assert code_of(to_wire, more) == "too_many_items"
    assert code_of(from_wire, wire, Event) == "too_many_items"


def test_a_file_holds_as_many_values_as_its_bytes_do():
    rows = [["a"] * 100] * 1000

    assert decode(encode(rows, FILE_LIMITS), FILE_LIMITS) == rows
    assert FILE_LIMITS.values == INTEGER_MAX

"""docs/protocol.md says what the code does: its tables are made from it, its names exist."""

import re

import msgspec
import pytest

from core.signature import SignatureType
from core.wire.client import TABLE
from core.wire.kind import BODIES
from core.wire.talk import Status
from tests.core.wire.protocol import FILE, MESSAGES, PARTS, TYPES, shape, written
from tests.core.wire.samples import DOCUMENTS

TEXT = FILE.read_text("utf-8")


def test_every_table_is_as_the_code_has_it():
    """If it is not: ``python -m tests.core.wire.protocol``."""
    assert written(TEXT) == TEXT


@pytest.mark.parametrize("name", PARTS)
def test_every_table_stands_in_the_document_once(name):
    assert TEXT.count(f"<!-- {name} -->") == TEXT.count(f"<!-- end of {name} -->") == 1


def test_every_type_state_status_and_kind_is_in_it():
    assert set(TYPES) == set(SignatureType)
    for name in (*SignatureType, *TABLE, *BODIES):
        assert f"| `{name}` |" in TEXT
    for status in set(Status) - {Status.ACCEPTED}:
        assert re.search(rf"^\| {status.value} \|", TEXT, re.MULTILINE), status


def test_every_signed_document_has_its_fields_in_it():
    described = {schema for group in MESSAGES.values() for schema in group}

    assert {schema for _, schema, _, _ in DOCUMENTS.values()} <= described


def test_every_file_it_points_to_exists():
    for target in re.findall(r"\]\(([^)#]+)\)", TEXT):
        assert (FILE.parent / target).exists(), target
    for path in re.findall(r"`((?:tests|core|docs)/[\w/.-]+)`", TEXT):
        assert (FILE.parents[1] / path).exists(), path


def test_shapes_are_written_as_people_read_them():
    class Message(msgspec.Struct):
        one: bytes | None
        two: tuple[int, ...]
        three: bool

    found = [shape(each.type) for each in msgspec.inspect.type_info(Message).fields]

    assert found == ["bytes or nil", "list of int", "bool"]

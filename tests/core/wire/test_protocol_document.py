"""docs/protocol.md says what the code does: its tables are made from it, its names exist."""

import re
from typing import Annotated

import msgspec
import pytest
from msgspec import Meta

from core.signature import SignatureType
from core.wire.client import TABLE, Activity
from core.wire.kind import BODIES
from core.wire.talk import Status
from tests.core.wire.protocol import FILE, MESSAGES, PARTS, TYPES, shape, written
from tests.core.wire.samples import DOCUMENTS

TEXT = FILE.read_text("utf-8")
TABLES = "\n".join(PARTS[name]() for name in MESSAGES)


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


def test_every_message_that_is_named_has_its_fields_in_it():
    """So that a reader without the code knows what is in all of them."""
    named = set(re.findall(r"`([A-Z][a-z]+\w*)`", TEXT))
    described = {schema.__name__ for group in MESSAGES.values() for schema in group}

    assert named - described == {"None", "PastResult"}  # what stands for nil, and a noun
    assert described <= named


def test_what_may_be_anything_is_the_body_alone():
    assert re.findall(r"^.*\bany\b.*\|$", TABLES, re.MULTILINE) == [
        "| `body` | map of text → any |"
    ]


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
        four: Activity
        five: Annotated[str, Meta(max_length=40, pattern=r"^[a-z]+\Z")]

    found = [shape(each.type) for each in msgspec.inspect.type_info(Message).fields]

    words = '"idle" \\| "beacon" \\| "upload" \\| "chore" \\| "evidence"'
    assert found == ["bytes or nil", "list of int", "bool", words, "text ≤ 40 like `[a-z]+`"]

"""What a teacher brings to the review (應備文件), as dated data."""

import tomllib
from dataclasses import dataclass
from enum import StrEnum

import msgspec


class DocumentGroup(StrEnum):
    """What a document is evidence for, in the order of the printed list."""

    BASIC = "basic"
    SERVICE = "service"
    APPRAISAL = "appraisal"
    AWARDS = "awards"
    TRAINING = "training"


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One line of the list.

    ``when`` says who needs it (empty: everybody), ``limit`` its dates. ``example`` marks a line
    that no public source of the year settles (範例).
    """

    group: DocumentGroup
    name: str
    when: str
    limit: str
    source: str
    place: str
    as_of: str
    checked_on: str
    example: bool


class _Row(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    group: DocumentGroup
    name: str
    source: str
    place: str
    as_of: str
    checked_on: str
    example: bool
    when: str = ""
    limit: str = ""


class _Table(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    name: str
    document: tuple[_Row, ...]


def load_documents(text: str) -> tuple[Document, ...]:
    """Parse ``evidence_115.toml``; documents come by group, in the order of the table.

    Raises:
        ValueError: The table is malformed, or names a document twice in one group.
    """
    rows = msgspec.convert(tomllib.loads(text), _Table).document
    if len({(row.group, row.name) for row in rows}) != len(rows):
        raise ValueError("a document is named twice")
    order = list(DocumentGroup)
    found = [Document(**msgspec.structs.asdict(row)) for row in rows]
    return tuple(sorted(found, key=lambda document: order.index(document.group)))

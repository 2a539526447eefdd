"""Every message with a field more, a field less, or a field of another type is refused."""

import pytest

from core.domain.application import Claim, Wishes
from core.wire.ack import Ack
from core.wire.batch import BatchHeader
from core.wire.beacon import Beacon, HeadStatement
from core.wire.canon import FILE_LIMITS, decode, encode, from_wire, to_wire
from core.wire.document import split_document
from core.wire.errand import Errand
from core.wire.event import Event
from core.wire.identity import Certificate, EnrolmentForm, Grant, Revocations, SeasonSecrets
from core.wire.manifest import AnswerManifest, ParcelManifest
from core.wire.payload import (
    ApplicationPayload,
    BarredPayload,
    CopyPayload,
    CountyPayload,
    DecisionPayload,
    DisplayPayload,
    ReceiptPayload,
    ResultPayload,
    RosterPayload,
    StaffPayload,
)
from core.wire.reference import ReferenceFile, Snapshot, Trust
from core.wire.refile import ReplayPayload
from core.wire.usb import AnswerContent
from tests.core.wire.refusing import code_of
from tests.core.wire.samples import (
    ACK,
    ANSWER_CONTENT,
    ANSWER_MANIFEST,
    APPROVAL,
    BEACON_MESSAGE,
    CALENDAR_FILE,
    CENTRE_LOG,
    CERTIFICATE,
    CLAIM,
    DEVICE_LOG,
    DISPLAY_ERRAND,
    DOCUMENTS,
    ERRAND,
    FIRST_VERSION,
    FORM,
    GRANT,
    INBOX_LOG,
    PARCEL_MANIFEST,
    REVOCATIONS,
    SCHOOLS_FILE,
    SECRETS,
    SNAPSHOT,
    STATEMENT,
    TRUST,
    WISHES,
    filled,
    header,
    roster,
)


def payload_of(kind):
    links = (*DEVICE_LOG.links, *INBOX_LOG.links, *CENTRE_LOG.links)
    return next(link.frame.payload for link in links if link.event.kind == kind)


MESSAGES = {
    **{name: (schema, split_document(data)[0]) for name, (_, schema, data, _) in DOCUMENTS.items()},
    "batch": (BatchHeader, to_wire(header(DEVICE_LOG))),
    "event": (Event, FIRST_VERSION.frame.event),
    "form": (EnrolmentForm, to_wire(FORM)),
    "grant": (Grant, to_wire(GRANT)),
    "secrets": (SeasonSecrets, to_wire(SECRETS)),
    "schools": (ReferenceFile, to_wire(SCHOOLS_FILE)),
    "calendar": (ReferenceFile, to_wire(CALENDAR_FILE)),
    "claim": (Claim, to_wire(CLAIM)),
    "wishes": (Wishes, to_wire(WISHES)),
    "application": (ApplicationPayload, FIRST_VERSION.frame.payload),
    "roster": (RosterPayload, roster()),
    "decision": (DecisionPayload, APPROVAL.frame.payload),
    "copy": (CopyPayload, payload_of("inbox.version")),
    "receipt": (ReceiptPayload, payload_of("inbox.receipt")),
    "result": (ResultPayload, payload_of("inbox.result")),
    "replay": (ReplayPayload, payload_of("replay")),
    "staff": (StaffPayload, payload_of("centre.witness")),
    "county": (CountyPayload, payload_of("centre.review")),
    "barred": (BarredPayload, payload_of("inbox.barred")),
    "display": (DisplayPayload, payload_of("inbox.display")),
    "errand about settings": (Errand, to_wire(DISPLAY_ERRAND)),
    "parcel manifest": (ParcelManifest, to_wire(PARCEL_MANIFEST)),
    "answer manifest": (AnswerManifest, to_wire(ANSWER_MANIFEST)),
    "answer on a stick": (AnswerContent, to_wire(ANSWER_CONTENT, FILE_LIMITS)),
}
FIELDS = [(name, field) for name, (_, data) in MESSAGES.items() for field in decode(data)]
# A reference file holds one of its lists; the others need not be there.
OPTIONAL = {
    *(
        (ReferenceFile, name)
        for name in ("schools", "phases", "certificates", "revocations", "text")
    ),
    (AnswerContent, "forms"),
    (DecisionPayload, "because"),
    (Errand, "display"),
}
# What may also be nil, besides what is nil in the sample.
NILABLE = {
    ("request", "seal"),
    ("officer-request", "holder"),
    ("officer-certificate", "holder"),
    ("ack", "failed"),
    ("checkpoint", "sealed"),
    ("answer on a stick", "snapshot"),
    ("batch", "epoch"),
    ("event", "ph"),
    ("event", "bcn"),
    ("grant", "sealed"),
    ("decision", "points"),
    ("county", "points"),
    ("barred", "clause"),
    ("barred", "since"),
    ("barred", "until"),
    ("errand", "address"),
    ("errand", "code"),
}
WRONG = {bytes: "text", str: b"bytes", int: "1", bool: 1, list: {}, dict: [], type(None): [[]]}


def refused(name, changes):
    """The code for the message with fields changed."""
    schema, data = MESSAGES[name]
    return code_of(from_wire, encode(decode(data) | changes), schema)


@pytest.mark.parametrize("name", MESSAGES)
def test_each_message_goes_there_and_back(name):
    schema, data = MESSAGES[name]

    message = from_wire(data, schema, FILE_LIMITS)

    assert to_wire(message, FILE_LIMITS) == data


@pytest.mark.parametrize("name", MESSAGES)
def test_a_field_more_is_refused(name):
    assert refused(name, {"unknown": None}) == "schema"


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_less_is_refused(name, field):
    schema, data = MESSAGES[name]
    less = encode({key: value for key, value in decode(data).items() if key != field})

    if (schema, field) in OPTIONAL:
        assert isinstance(from_wire(less, schema), schema)
    else:
        assert code_of(from_wire, less, schema) == "schema"


@pytest.mark.parametrize(("name", "field"), FIELDS)
def test_a_field_of_another_type_is_refused(name, field):
    right = decode(MESSAGES[name][1])[field]

    assert refused(name, {field: WRONG[type(right)]}) == "schema"
    if right is not None and (name, field) not in NILABLE | {("schools", "revocations")}:
        assert refused(name, {field: None}) == "schema"
    if type(right) is int:
        assert refused(name, {field: True}) == "schema"


H, I16, I8 = bytes(32), bytes(16), bytes(8)
BECAUSE = {"place": "service", "instead_of": 0, "reason": "other", "remark": "一"}


@pytest.mark.parametrize(
    ("schema", "good", "field", "wrong"),
    [
        (Beacon, BEACON_MESSAGE, "dev", [bytes(15), bytes(17)]),
        (Beacon, BEACON_MESSAGE, "t", [-1]),
        (Beacon, BEACON_MESSAGE, "epoch", [bytes(7), bytes(9)]),
        (Beacon, BEACON_MESSAGE, "nonce", [bytes(15), bytes(17)]),
        (Beacon, BEACON_MESSAGE, "snap_h", [bytes(7), H]),
        (Beacon, BEACON_MESSAGE, "cursor", [[0, 0, H], [1, -1, H], [1, 0, I16], [1, 0],
                                            [1, 0, H, 0]]),
        (Beacon, BEACON_MESSAGE, "next_ms", [0, -1]),
        (Beacon, BEACON_MESSAGE, "min_proto", [0]),
        (Beacon, BEACON_MESSAGE, "slot", [{}, {"after_ms": 0, "max_events": 0, "max_bytes": 1}]),
        (HeadStatement, STATEMENT, "purpose", ["", "log", "INBOX"]),
        (HeadStatement, STATEMENT, "beacon", [bytes(7), bytes(9)]),
        (HeadStatement, STATEMENT, "head", [bytes(31), bytes(33)]),
        (HeadStatement, STATEMENT, "inc", [0]),
        (HeadStatement, STATEMENT, "after", [-1]),
        (Errand, ERRAND, "task", ["", "mail", None]),
        (Errand, ERRAND, "code", ["", "12345", "1234567", "12345a", "\uff11" * 6, "123456\n"]),
        (Errand, ERRAND, "token", ["", "a" * 15, "A" * 16, "0" * 16]),
        (Errand, ERRAND, "address", ["a" * 255]),
        (Errand, ERRAND, "beacon", [bytes(7)]),
        (Errand, DISPLAY_ERRAND, "display", [b"", bytes(513), None]),
        (Ack, ACK, "code", ["x" * 33]),
        (Ack, ACK, "failed", [-1]),
        (Ack, ACK, "items", [[[0, 0, 0]], [[1, -1, 0]], [[1, 0, 4]], [[1, 0, -1]], [[1, 0]],
                             [[1, 0, True]], [[1, 0, 0, 0]]]),
        (Ack, ACK, "next", [{"after_ms": -1, "max_events": 1}, {"after_ms": 0, "max_events": 0}]),
        (DecisionPayload, from_wire(APPROVAL.frame.payload, DecisionPayload), "because",
         [None, [], [BECAUSE] * 8, [BECAUSE | {"place": "total_a"}],
          [BECAUSE | {"instead_of": 1_000_001}], [BECAUSE | {"reason": ""}],
          [BECAUSE | {"reason": "A"}], [BECAUSE | {"reason": "a" * 33}],
          [BECAUSE | {"reason": "a\n"}], [BECAUSE | {"remark": "一" * 201}],
          [BECAUSE | {"remark": None}], [BECAUSE | {"more": 1}], [{"place": "service"}]]),
        (Trust, TRUST, "v", [0]),
        (Trust, TRUST, "threshold", [0]),
        (Trust, TRUST, "root", [[bytes(31)], [H] * 9]),
        (Trust, TRUST, "seal", [bytes(33)]),
        (Snapshot, SNAPSHOT, "files", [{"a": [0, 0, H]}, {"a": [1, -1, H]}, {"a": [1, 0, I16]},
                                       {"A": [1, 0, H]}, {"a/b": [1, 0, H]}, {"": [1, 0, H]},
                                       {"..": [1, 0, H]}, {"a\n": [1, 0, H]},
                                       {"a" * 41: [1, 0, H]}]),
        (Certificate, CERTIFICATE, "subject", ["server", ""]),
        (Certificate, CERTIFICATE, "role", ["root", ""]),
        (Certificate, CERTIFICATE, "schools", [[], [""] * 65, ["x" * 17]]),
        (Certificate, CERTIFICATE, "seasons", [[], ["115"] * 9]),
        (Certificate, CERTIFICATE, "serial", [0]),
        (Certificate, CERTIFICATE, "name", ["介" * 121]),
        (Revocations, REVOCATIONS, "items", [[[I16, -1, 0, ""]], [[I8, None, 0, ""]],
                                             [[I16, None, -1, ""]], [[I16, None, 0, "x" * 121]],
                                             [[I16, None, 0]]]),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_values_out_of_their_range_are_refused(schema, good, field, wrong):
    value = decode(to_wire(good))
    assert from_wire(encode(value), schema) == good

    for each in wrong:
        assert code_of(from_wire, encode(value | {field: each}), schema) == "schema", each


@pytest.mark.parametrize("kind", ["claim", "wishes", "", None])
def test_the_two_parts_of_an_application_never_pass_for_each_other(kind):
    for name in {"claim", "wishes"} - {kind}:
        assert refused(name, {"part": kind}) == "schema"


def test_numbers_go_there_and_back_at_each_boundary():
    value = decode(to_wire(BEACON_MESSAGE))

    for number in (0, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000, 2**32, 2**53):
        beacon = from_wire(encode(value | {"t": number, "cursor": [1, number, H]}), Beacon)
        assert (beacon.t, beacon.cursor) == (number, (1, number, H))
        assert decode(to_wire(beacon))["t"] == number


def test_a_revocation_list_of_every_officer_there_may_be_is_one_document():
    many = [[filled(str(n), 16), None, 0, "left"] for n in range(4096)]

    read = from_wire(encode({"v": 1, "items": many}, FILE_LIMITS), Revocations, FILE_LIMITS)

    assert len(read.items) == 4096

"""The closed list of kinds: what each body holds, and that it holds nothing else."""

import msgspec
import pytest

from core.wire.canon import decode, encode, from_wire, to_wire, typed
from core.wire.event import check_body
from core.wire.kind import BODIES, Agreed, Boot, Decision, Revision, RulesSet
from tests.core.wire.refusing import code_of
from tests.core.wire.samples import APP, CENTRE_LOG, DEVICE_LOG, INBOX_LOG, event, filled

PUBLISHED = (
    "boot beacon clock.step storage.alarm season.open season.close teacher.present app.revise "
    "app.withdraw app.resolve officer.approve officer.return blob.add sync.fail usb.export "
    "usb.import inbox.seen receipt.print server.epoch key.rotate device.retire replay"
)
# ADR 0006: registration by an officer, what the server tells a device; 0014 to 0017, 0021, 0039,
# 0041, 0046.
OURS = (
    "teacher.register beacon.carried device.renew inbox.review inbox.version inbox.conflict "
    "inbox.receipt inbox.result inbox.retire centre.open centre.witness centre.decide "
    "centre.rules server.said inbox.county inbox.barred inbox.verdict inbox.display "
    "centre.review"
)
LOGS = (DEVICE_LOG, INBOX_LOG, CENTRE_LOG)
SAMPLES = {link.event.kind: link.event.body for log in LOGS for link in log.links}
FIELDS = [(kind, field) for kind, body in SAMPLES.items() for field in body]
MAY_BE_LEFT_OUT = {("app.revise", "agreed"), ("app.resolve", "agreed")}
"""What machines of an older program do not write (F-047)."""
NILLABLE = {
    ("teacher.present", "witness"),
    ("device.renew", "head"),
    ("centre.witness", "device"),
    ("inbox.verdict", "code"),
}
BEGINNINGS = {("centre.witness", "head")}
"""Of a hash: from 10 bytes on."""
WRONG = {bytes: "text", str: b"bytes", int: "1", bool: 1, list: {}, dict: [], type(None): 1}


def check(kind, body):
    check_body(
        msgspec.structs.replace(
            event("boot", Boot(software="", unclean=True)), kind=kind, body=body
        )
    )


def test_the_list_is_the_published_one_and_ours():
    assert set(BODIES) == set(PUBLISHED.split()) | set(OURS.split())
    assert set(SAMPLES) == set(BODIES)


def test_nothing_can_be_added_to_the_list():
    with pytest.raises(TypeError):
        BODIES["app.invent"] = Boot


@pytest.mark.parametrize("kind", BODIES)
def test_each_body_goes_there_and_back(kind):
    body = typed(SAMPLES[kind], BODIES[kind])

    data = to_wire(body)

    assert from_wire(data, BODIES[kind]) == body
    assert encode(decode(data)) == data


@pytest.mark.parametrize("kind", BODIES)
def test_a_body_with_a_field_more_is_refused(kind):
    check(kind, SAMPLES[kind])

    assert code_of(check, kind, SAMPLES[kind] | {"name": "林測試"}) == "schema"


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_a_body_with_a_field_less_is_refused(kind, field):
    body = {name: value for name, value in SAMPLES[kind].items() if name != field}

    if (kind, field) in MAY_BE_LEFT_OUT:
        check(kind, body)
    else:
        assert code_of(check, kind, body) == "schema"


@pytest.mark.parametrize(("kind", "field"), FIELDS)
def test_a_body_with_a_field_of_another_type_is_refused(kind, field):
    right = SAMPLES[kind][field]

    wrong = WRONG[list if isinstance(right, tuple) else type(right)]

    assert code_of(check, kind, SAMPLES[kind] | {field: wrong}) == "schema"
    if right is not None and (kind, field) not in NILLABLE:
        assert code_of(check, kind, SAMPLES[kind] | {field: None}) == "schema"


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        (kind, field)
        for kind, field in FIELDS
        if isinstance(SAMPLES[kind][field], bytes) and (kind, field) not in BEGINNINGS
    ],
)
def test_hashes_and_names_have_exactly_their_length(kind, field):
    right = SAMPLES[kind][field]

    for wrong in (b"", right[:-1], right + b"\x00"):
        assert code_of(check, kind, SAMPLES[kind] | {field: wrong}) == "schema"


@pytest.mark.parametrize(("size", "refused"), [(9, True), (10, False), (32, False), (33, True)])
def test_a_witnessed_head_is_the_beginning_of_a_hash(size, refused):
    body = SAMPLES["centre.witness"] | {"head": bytes(size)}

    if refused:
        assert code_of(check, "centre.witness", body) == "schema"
    else:
        check("centre.witness", body)


@pytest.mark.parametrize(
    ("kind", "field", "least"),
    [
        ("beacon", "t", 0),
        ("app.revise", "version", 1),
        ("app.withdraw", "version", 1),
        ("blob.add", "size", 0),
        ("sync.fail", "count", 0),
        ("usb.export", "first", 1),
        ("usb.import", "last", 1),
        ("inbox.seen", "seq", 1),
        ("receipt.print", "seq", 1),
        ("replay", "inc", 1),
        ("replay", "seq", 1),
        ("device.renew", "inc", 1),
        ("device.renew", "seq", 0),
        ("inbox.version", "version", 1),
        ("inbox.receipt", "seq", 1),
    ],
)
def test_numbers_that_count_start_where_counting_starts(kind, field, least):
    for right in (least, 0x7F, 0x80, 0xFF, 0x100, 0xFFFF, 0x10000, 2**53):
        check(kind, SAMPLES[kind] | {field: right})

    assert code_of(check, kind, SAMPLES[kind] | {field: least - 1}) == "schema"
    assert code_of(check, kind, SAMPLES[kind] | {field: True}) == "schema"


def test_a_clock_may_step_both_ways():
    for step in (-(2**53), -1, 0, 1, 2**53):
        check("clock.step", {"delta_ms": step})


@pytest.mark.parametrize(
    ("kind", "field"),
    [(kind, field) for kind, field in FIELDS if isinstance(SAMPLES[kind][field], str)],
)
def test_words_are_too_short_for_anything_personal(kind, field):
    check(kind, SAMPLES[kind] | {field: "介" * 64})

    assert code_of(check, kind, SAMPLES[kind] | {field: "介" * 65}) == "schema"


@pytest.mark.parametrize(
    ("kind", "field"),
    [
        ("app.revise", "parents"),
        ("app.resolve", "parents"),
        ("app.withdraw", "parents"),
        ("officer.approve", "earlier"),
        ("inbox.conflict", "heads"),
    ],
)
def test_a_list_of_hashes_holds_64_whole_hashes_at_most(kind, field):
    hashes = [filled(str(n), 32) for n in range(65)]
    check(kind, SAMPLES[kind] | {field: hashes[:64]})
    check(kind, SAMPLES[kind] | {field: []})

    assert code_of(check, kind, SAMPLES[kind] | {field: hashes}) == "schema"
    assert code_of(check, kind, SAMPLES[kind] | {field: [hashes[0][:31]]}) == "schema"
    assert code_of(check, kind, SAMPLES[kind] | {field: ["a" * 32]}) == "schema"


@pytest.mark.parametrize("kind", ["", "boots", "Boot", "boot ", "app.invent", "app.revise\n"])
def test_a_kind_that_is_not_on_the_list_is_refused(kind):
    assert code_of(check, kind, SAMPLES["boot"]) == "kind"


def test_a_body_of_another_kind_is_refused():
    assert code_of(check, "app.revise", SAMPLES["app.withdraw"]) == "schema"
    assert code_of(check, "officer.approve", SAMPLES["app.revise"]) == "schema"


def test_the_bytes_of_a_version_and_of_a_decision_are_these():
    one, two, three = b"\x01" * 32, b"\x02" * 32, b"\x03" * 32
    version = Revision(app=APP, version=0x80, parents=(one,), claim=two, wishes=three)
    agreed = Agreed(number="115-1", text=one, t=0x7F)
    decided = Decision(app=APP, revision=one, claim=two, earlier=())

    app = "a3617070c410" + APP.hex()
    assert to_wire(version).hex() == (
        "85"
        + app
        + "a5636c61696dc420"
        + two.hex()
        + "a7706172656e747391c420"
        + one.hex()
        + "a776657273696f6ecc80"
        + "a6776973686573c420"
        + three.hex()
    )
    assert (
        to_wire(msgspec.structs.replace(version, agreed=agreed))
        .hex()
        .startswith(
            "86a661677265656483a66e756d626572a53131352d31a1747fa474657874c420" + one.hex() + app
        )
    )
    assert to_wire(decided).hex() == (
        "84"
        + app
        + "a5636c61696dc420"
        + two.hex()
        + "a76561726c69657290"
        + "a87265766973696f6ec420"
        + one.hex()
    )


def test_rules_set_before_counties_were_asked_ask_no_county():
    old = typed(SAMPLES["centre.rules"], RulesSet)
    new = msgspec.structs.replace(old, county="required")

    assert "county" not in SAMPLES["centre.rules"]
    assert old.county == "optional"
    assert to_wire(old) == encode(SAMPLES["centre.rules"])
    assert from_wire(to_wire(new), RulesSet).county == "required"


@pytest.mark.parametrize(
    "agreed",
    [
        None,
        {},
        {"number": "", "text": bytes(32), "t": 0},
        {"number": "1" * 17, "text": bytes(32), "t": 0},
        {"number": "115-1", "text": bytes(31), "t": 0},
        {"number": "115-1", "text": bytes(32), "t": -1},
        {"number": "115-1", "text": bytes(32)},
        {"number": "115-1", "text": bytes(32), "t": 0, "who": ""},
    ],
)
def test_the_notices_agreed_to_are_named_as_written_or_not_at_all(agreed):
    assert code_of(check, "app.revise", SAMPLES["app.revise"] | {"agreed": agreed}) == "schema"

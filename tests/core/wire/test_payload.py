"""Detached payloads (DESIGN D3, D13): parts with a hash each, and an officer's own signature."""

from dataclasses import replace

import msgspec
import pytest

from core.domain.application import Claim, Wishes
from core.domain.ids import generate_national_id
from core.domain.school import Stage
from core.signature import SignatureType
from core.wire.canon import decode, encode, from_wire, to_wire
from core.wire.event import Frame, payload_hash
from core.wire.fault import WireError
from core.wire.payload import (
    ApplicationPayload,
    CopyPayload,
    DecisionPayload,
    PointsAwarded,
    PointsReason,
    ReceiptPayload,
    ResultPayload,
    RosterPayload,
    encode_application,
    part_hashes,
    read_application,
    read_decision,
    sign_decision,
)
from tests.core.wire.messages import KEY, OTHER

SALT = b"s" * 16
NUMBER = generate_national_id("H", "2", "7000001").text
CLAIM = Claim(
    salt=b"c" * 16,
    season="115",
    stage=Stage.ELEMENTARY,
    teacher_name="陳範例",
    national_id=NUMBER,
    birth="1985-02-28",
    sex="F",
    card_name_raw="陳範例".encode("cp950"),
    phone1="0912345678",
    phone2=None,
    email="teacher@example.org",
    indigenous=False,
    language=False,
    area_limit="general",
    service_years=6,
    school="013601",
    subject="general",
    subjects=("general",),
    declared=True,
)
WISHES = Wishes(salt=b"w" * 16, county_a="01", county_b="33", schools=("014602", "333601"))
POINTS = PointsAwarded(
    reason_a=100, reason_b=-50, service=1200, appraisal=300, awards=0, training=0x80, special=0
)
DECISION = DecisionPayload(
    salt=SALT,
    app=b"a" * 16,
    revision=b"r" * 32,
    claim=b"c" * 32,
    officer=b"o" * 16,
    verdict="approved",
    points=POINTS,
    reasons=(),
    remark="範例",
)


def test_an_application_goes_there_and_back_in_two_parts():
    payload = encode_application(CLAIM, WISHES, SALT)

    assert read_application(payload) == (CLAIM, WISHES)
    assert part_hashes(payload) == (payload_hash(to_wire(CLAIM)), payload_hash(to_wire(WISHES)))


def test_other_wishes_leave_the_hash_of_the_claim_as_it_is():
    """DESIGN D13: reviews bind the claim."""
    other = msgspec.structs.replace(WISHES, schools=("014602",))

    before = part_hashes(encode_application(CLAIM, WISHES, SALT))
    after = part_hashes(encode_application(CLAIM, other, b"t" * 16))

    assert before[0] == after[0]
    assert before[1] != after[1]


def test_the_same_words_under_another_salt_have_another_hash():
    salted = msgspec.structs.replace(CLAIM, salt=b"d" * 16)

    one, other = (part_hashes(encode_application(c, WISHES, SALT)) for c in (CLAIM, salted))

    assert one[0] != other[0]


@pytest.mark.parametrize(
    "payload",
    [
        b"",
        b"\x80",
        to_wire(ApplicationPayload(salt=SALT, claim=to_wire(WISHES), wishes=to_wire(CLAIM))),
        to_wire(ApplicationPayload(salt=SALT, claim=b"\xc1", wishes=to_wire(WISHES))),
    ],
)
def test_what_is_no_application_is_refused(payload):
    with pytest.raises(WireError):
        read_application(payload)


def test_points_add_up_per_wish_county():
    assert (POINTS.total_a, POINTS.total_b) == (1728, 1578)


def test_a_decision_is_signed_by_the_officers_own_key():
    payload, cosignature = sign_decision(DECISION, KEY)
    frame = Frame(event=b"", signature=bytes(64), cosignatures=(cosignature,), payload=payload)

    assert read_decision(frame, KEY.public) == DECISION
    assert (cosignature.key, cosignature.algorithm) == (KEY.id, "ed25519")
    assert cosignature.signature == KEY.sign(SignatureType.APPROVAL, payload)


def test_a_decision_without_reasons_for_its_points_has_the_bytes_it_always_had():
    """Field by field: what machines of an older program wrote and read."""
    fields = {name: getattr(DECISION, name) for name in DECISION.__struct_fields__}
    older = {name: value for name, value in fields.items() if name != "because"}

    data = to_wire(DECISION)

    assert data == encode(msgspec.to_builtins(older, builtin_types=(bytes,)))
    assert from_wire(data, DecisionPayload).because is msgspec.UNSET


def test_each_line_of_points_has_its_own_reason():
    because = (
        PointsReason(place="service", instead_of=2400, reason="other", remark="兩年不採計"),
        PointsReason(place="awards", instead_of=None, reason="originals", remark=""),
    )
    decision = msgspec.structs.replace(DECISION, because=because)

    payload, cosignature = sign_decision(decision, KEY)

    frame = Frame(event=b"", signature=b"", cosignatures=(cosignature,), payload=payload)
    assert read_decision(frame, KEY.public).because == because
    assert decode(payload)["because"][0] == {
        "place": "service",
        "instead_of": 2400,
        "reason": "other",
        "remark": "兩年不採計",
    }


def test_a_remark_that_is_not_composed_is_refused():
    reason = PointsReason(place="service", instead_of=0, reason="other", remark="e\u0301")

    with pytest.raises(WireError, match=r"^not_nfc$"):
        to_wire(msgspec.structs.replace(DECISION, because=(reason,)))


def test_a_decision_nobody_or_somebody_else_signed_is_refused():
    """PROTOCOL 4.1, I8: an approval never applies to content with another hash."""
    payload, cosignature = sign_decision(DECISION, KEY)
    other = to_wire(msgspec.structs.replace(DECISION, claim=b"x" * 32))
    renamed = replace(cosignature, key=OTHER.id)

    for frame, key in (
        (Frame(event=b"", signature=b"", payload=payload), KEY),
        (Frame(event=b"", signature=b"", cosignatures=(cosignature,), payload=payload), OTHER),
        (Frame(event=b"", signature=b"", cosignatures=(cosignature,), payload=other), KEY),
        (Frame(event=b"", signature=b"", cosignatures=(cosignature,)), KEY),
        (Frame(event=b"", signature=b"", cosignatures=(renamed,), payload=payload), KEY),
    ):
        with pytest.raises(WireError, match=r"^approval_signature$"):
            read_decision(frame, key.public)


@pytest.mark.parametrize(
    "message",
    [
        DECISION,
        CopyPayload(salt=SALT, event=b"e", payload=None),
        ReceiptPayload(salt=SALT, receipt=b"r" * 114),
        RosterPayload(
            salt=SALT,
            national_id=NUMBER,
            name="陳範例",
            birth="1985-02-28",
            sex="F",
            title="教師",
            school="013601",
            stage="elementary",
            subject="general",
        ),
        ResultPayload(
            salt=SALT,
            moved=True,
            school="014602",
            subject="general",
            wish=1,
            phase="單調",
            explanation=("範例",),
        ),
    ],
)
def test_every_payload_goes_there_and_back(message):
    assert from_wire(to_wire(message), type(message)) == message

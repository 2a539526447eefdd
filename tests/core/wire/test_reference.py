"""TUF's rules for trust and snapshot (PROTOCOL 2.8a)."""

import hashlib
from itertools import permutations

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.sealing import SigningKey
from core.signature import SignatureType, digest
from core.wire.canon import FILE_LIMITS, from_wire, to_wire
from core.wire.document import sign_document
from core.wire.fault import WireError
from core.wire.reference import (
    FILE_BYTES,
    PhaseRow,
    ReferenceFile,
    SchoolRow,
    Snapshot,
    Trust,
    check_file,
    check_successor,
    check_trust,
    keys_by_id,
    snapshot_hash,
)
from tests.core.wire.messages import KEY

ROOTS = tuple(SigningKey(bytes([number]) * 32) for number in range(1, 6))
DATA = b"a reference file"


def snapshot(version=2, **files):
    """A snapshot; files as ``name=(version, content)``."""
    listed = files or {"calendar": (1, DATA)}
    return Snapshot(
        v=version,
        season="115",
        t=0,
        files={
            name: (number, len(content), hashlib.sha256(content).digest())
            for name, (number, content) in listed.items()
        },
    )


def trust(version=1, roots=ROOTS[:3], threshold=2):
    return Trust(
        v=version,
        season="115",
        root=tuple(each.public for each in roots),
        threshold=threshold,
        enrol=(KEY.public,),
        release=(KEY.public,),
        beacon=(KEY.public,),
        receipt=(KEY.public,),
        seal=b"s" * 32,
    )


def signed(document, *keys):
    return sign_document(SignatureType.TRUST, document, *keys)


def test_the_listed_file_is_accepted():
    check_file(snapshot(), "calendar", DATA)


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("notices", DATA, "file_unknown"),
        ("calendar", DATA + b"x", "file_size"),
        ("calendar", DATA[:-1], "file_size"),
        ("calendar", b"A reference file", "file_hash"),
    ],
)
def test_another_file_is_refused(name, data, code):
    """PROTOCOL 2.8: snapshot must match all files (mix-and-match); sizes enforced."""
    with pytest.raises(WireError, match=f"^{code}$"):
        check_file(snapshot(), name, data)


def test_a_file_larger_than_any_may_be_is_refused_though_it_is_listed():
    large = bytes(FILE_BYTES + 1)

    with pytest.raises(WireError, match=r"^file_size$"):
        check_file(snapshot(calendar=(1, large)), "calendar", large)


@pytest.mark.parametrize(
    ("older", "newer", "code"),
    [
        (None, snapshot(1), None),
        (snapshot(2), snapshot(2), None),
        (snapshot(2), snapshot(3), None),
        (snapshot(2), snapshot(2**40), None),
        (snapshot(2), snapshot(3, calendar=(2, b"new")), None),
        (snapshot(2), snapshot(3, calendar=(1, DATA), notices=(1, DATA)), None),
        (snapshot(2), snapshot(1), "rollback"),
        (snapshot(2, calendar=(5, DATA)), snapshot(3, calendar=(4, DATA)), "rollback"),
        (snapshot(2), snapshot(3, notices=(1, DATA)), "file_dropped"),
        (snapshot(2), snapshot(2, calendar=(2, b"new")), "same_version"),
        (snapshot(2), snapshot(3, calendar=(1, b"new")), "same_version"),
    ],
)
def test_no_version_falls_and_no_version_means_two_things(older, newer, code):
    if code is None:
        check_successor(older, newer)
        return
    with pytest.raises(WireError, match=f"^{code}$"):
        check_successor(older, newer)


VERSIONS = st.dictionaries(
    st.sampled_from(["calendar", "officers", "notices"]),
    st.tuples(st.integers(1, 3), st.sampled_from([b"x", b"y"])),
    min_size=1,
)


@given(st.integers(1, 3), VERSIONS, st.integers(1, 3), VERSIONS)
def test_whoever_goes_there_cannot_go_back(v1, files1, v2, files2):
    one, other = snapshot(v1, **files1), snapshot(v2, **files2)
    allowed = []
    for older, newer in permutations((one, other)):
        try:
            check_successor(older, newer)
        except WireError:
            continue
        allowed.append((older, newer))

    assert len(allowed) < 2 or one == other


def test_the_next_trust_follows():
    newer = trust(version=2, roots=ROOTS[1:4])

    assert check_trust(trust(), signed(newer, *ROOTS[1:3])) == newer


@pytest.mark.parametrize(
    ("newer", "keys", "code"),
    [
        (trust(2), ROOTS[:1], "signature"),
        (trust(2), ROOTS[3:], "signature"),
        (trust(2, roots=ROOTS[2:]), ROOTS[:2], "signature"),  # only the old ones vouch
        (trust(2, roots=ROOTS[2:]), ROOTS[3:], "signature"),  # only the new ones vouch
        (trust(2, roots=ROOTS[2:], threshold=1), ROOTS[2:3], "signature"),
        (trust(1), ROOTS[:2], "trust_version"),
        (trust(3), ROOTS[:2], "trust_version"),
    ],
)
def test_trust_needs_both_thresholds_and_the_next_number(newer, keys, code):
    """PROTOCOL 2.8: root only +1 and double threshold."""
    with pytest.raises(WireError, match=f"^{code}$"):
        check_trust(trust(), signed(newer, *keys))


def test_a_snapshot_is_named_by_eight_bytes_of_its_body():
    data = sign_document(SignatureType.SNAPSHOT, snapshot(), KEY)

    assert snapshot_hash(data) == digest(SignatureType.SNAPSHOT, to_wire(snapshot()))[:8]
    assert snapshot_hash(data).hex() == "55f178cae5b03f3f"
    with pytest.raises(WireError):
        snapshot_hash(b"")


def test_keys_are_found_by_their_identifier():
    assert keys_by_id((KEY.public,)) == {KEY.id: KEY.public}


@pytest.mark.parametrize("name", ["", "Calendar", "a.b", "../etc", "a" * 41, "行事曆", "a\n"])
def test_a_file_has_a_plain_name(name):
    wrong = msgspec.structs.replace(snapshot(), files={name: (1, 0, bytes(32))})

    with pytest.raises(WireError, match=r"^schema$"):
        from_wire(to_wire(wrong), Snapshot)


def test_a_reference_file_goes_there_and_back():
    schools = (
        SchoolRow(
            "013601", "市立福山國小", "福山", "01", "烏來區", "elementary", (), delegated=True
        ),
        SchoolRow(
            *("013602", "市立烏來國中小", "烏來", "01", "烏來區", "elementary"),
            (("remote", "2024-08-01", None), ("indigenous", "2020-01-01", "2030-01-01")),
            delegated=False,
        ),
    )
    file = ReferenceFile(
        kind="schools", schools=schools, phases=(PhaseRow("apply", 0x7F, 0x80),), text="範例"
    )

    assert from_wire(to_wire(file, FILE_LIMITS), ReferenceFile, FILE_LIMITS) == file

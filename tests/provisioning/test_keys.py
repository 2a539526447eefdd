"""Key ceremony, letters, releases and revocations on real files."""

import secrets
import stat

import pytest

from core.sealing import SigningKey, key_id, seal_public, unseal
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, from_wire, to_wire
from core.wire.document import open_document, sign_document, split_document
from core.wire.fault import WireError
from core.wire.identity import (
    Certificate,
    EnrolmentForm,
    SeasonSecrets,
    SigningRequest,
    make_request,
)
from core.wire.past import PAST, past_file
from core.wire.reference import ReferenceFile, Snapshot
from provisioning.ceremony import make_keys
from provisioning.desk import Desk
from provisioning.keyring import KeyringError, read_secret, read_signing_key, read_trust
from provisioning.letter import Letter, Letters, make_code
from provisioning.release import MANIFEST, sign_reference
from provisioning.revocation import read_revocations, revoke


@pytest.fixture
def keys(tmp_path):
    folder = tmp_path / "keys"
    make_keys(folder, "115", secrets.token_bytes)
    return folder


def a_request(
    *,
    code: str,
    subject: str = "device",
    schools: tuple[str, ...] = ("553601",),
    seal: bytes | None = None,
):
    key = SigningKey(secrets.token_bytes(32))
    box = secrets.token_bytes(32)
    request = SigningRequest(
        subject=subject,
        key=key.public,
        seal=seal or (seal_public(box) if subject == "device" else None),
        schools=schools,
        name="KH-0231",
        asset="",
        software="test",
        holder=None,
        nonce=secrets.token_bytes(16),
    )
    return make_request(request, key, code), key, box


def a_letter(keys, *, subject: str = "device", schools: tuple[str, ...] = ("553601",)) -> str:
    code = make_code(secrets.token_bytes)
    role = "kiosk" if subject == "device" else "personnel"
    letter = Letter(code=code, subject=subject, role=role, schools=schools, name="KH-0231")
    Letters(keys / "desk" / "letters.json").add(letter)
    return code


def test_every_key_file_is_readable_by_its_owner_only(keys):
    files = [
        path for path in keys.rglob("*") if path.is_file() and path.suffix in {".key", ".secret"}
    ]

    modes = {stat.S_IMODE(path.stat().st_mode) for path in files}

    assert len(files) == 9
    assert modes == {0o600}


def test_the_trust_document_names_the_public_half_of_every_key(keys):
    _, trust = read_trust(keys)

    assert trust.enrol == (read_signing_key(keys / "desk" / "enrol.key").public,)
    assert trust.release == (read_signing_key(keys / "release" / "release.key").public,)
    assert trust.beacon == (read_signing_key(keys / "server" / "beacon.key").public,)
    assert trust.receipt == (read_signing_key(keys / "server" / "receipt.key").public,)


def test_one_root_key_alone_makes_no_trust_document(keys):
    _, trust = read_trust(keys)
    root = read_signing_key(keys / "root" / "1" / "root.key")
    (keys / "trust.ttc").write_bytes(sign_document(SignatureType.TRUST, trust, root, root))

    with pytest.raises(WireError, match="signature"):
        read_trust(keys)


def test_a_second_ceremony_never_overwrites_keys(keys):
    before = (keys / "desk" / "enrol.key").read_bytes()

    with pytest.raises(KeyringError, match="never overwritten"):
        make_keys(keys, "116", secrets.token_bytes)

    assert (keys / "desk" / "enrol.key").read_bytes() == before


def test_a_short_or_missing_key_file_is_named(tmp_path):
    (tmp_path / "short.key").write_bytes(b"x" * 31)

    with pytest.raises(KeyringError, match=r"short\.key"):
        read_secret(tmp_path / "short.key")
    with pytest.raises(KeyringError, match=r"none\.key"):
        read_secret(tmp_path / "none.key")


def test_a_request_with_the_letters_code_is_granted_and_the_secret_opens_only_there(keys):
    form, key, box = a_request(code=a_letter(keys))

    grant, outcome = Desk(keys).judge(form, "aa")

    assert outcome.code == "granted"
    assert grant is not None
    _, trust = read_trust(keys)
    enrol = {key_id(each): each for each in trust.enrol}
    certificate = open_document(SignatureType.CERTIFICATE, grant.certificate, Certificate, enrol)
    assert (certificate.key, certificate.schools) == (key.public, ("553601",))
    opened = from_wire(unseal(grant.sealed, box), SeasonSecrets)
    assert opened.secret == read_secret(keys / "desk" / "season.secret")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"code": "0000-0000-0000"}, "code_unknown"),
        ({"schools": ("553601", "013601")}, "other_school"),
        ({"subject": "officer"}, "other_subject"),
    ],
)
def test_a_request_that_no_letter_allows_is_refused(keys, change, code):
    letter = a_letter(keys)
    form, _, _ = a_request(**({"code": letter} | change))

    grant, outcome = Desk(keys).judge(form, "aa")

    assert (grant, outcome.code) == (None, code)


def test_a_key_that_would_give_the_secret_to_everybody_is_refused_and_the_letter_stays_good(keys):
    """RFC 7748, section 6.1: the point of order one makes every shared secret zero."""
    code = a_letter(keys)
    weak, _, _ = a_request(code=code, seal=bytes(32))
    sound, _, _ = a_request(code=code)
    desk = Desk(keys)

    codes = [desk.judge(weak, "aa")[1].code, desk.judge(sound, "bb")[1].code]

    assert codes == ["seal_key", "granted"]


def test_a_code_serves_one_request_but_that_one_again(keys):
    code = a_letter(keys)
    first, _, _ = a_request(code=code)
    second, _, _ = a_request(code=code)
    desk = Desk(keys)

    codes = [
        desk.judge(form, name)[1].code
        for form, name in ((first, "aa"), (first, "aa"), (second, "bb"))
    ]

    assert codes == ["granted", "granted", "code_used"]


def test_a_request_changed_on_the_way_is_refused(keys):
    form, _, _ = a_request(code=a_letter(keys))
    _, pairs = split_document(form.request)
    altered = form.request.replace(b"553601", b"553602")
    assert altered != form.request
    assert len(pairs) == 1

    with pytest.raises(WireError, match="signature"):
        Desk(keys).judge(EnrolmentForm(request=altered, proof=form.proof), "aa")


def test_codes_are_typed_with_or_without_dashes_and_in_any_case(keys):
    code = a_letter(keys)
    form, _, _ = a_request(code=code.replace("-", " ").lower())

    _, outcome = Desk(keys).judge(form, "aa")

    assert outcome.code == "granted"


def write_file(folder, name, text):
    folder.mkdir(exist_ok=True)
    file = ReferenceFile(kind="notice", text=text)
    (folder / f"{name}.ttc").write_bytes(to_wire(file, FILE_LIMITS))


def test_a_release_raises_only_the_versions_of_changed_files(keys, tmp_path):
    folder = tmp_path / "reference"
    write_file(folder, "notices", "一")
    write_file(folder, "calendar", "同")
    first = sign_reference(keys, folder, None, 1)
    older = tmp_path / "older.ttc"
    older.write_bytes((folder / MANIFEST).read_bytes())
    write_file(folder, "notices", "二")

    second = sign_reference(keys, folder, older, 2)

    assert (first.v, second.v) == (1, 2)
    assert (second.files["notices"][0], second.files["calendar"][0]) == (2, 1)
    release = read_signing_key(keys / "release" / "release.key")
    signed = (folder / MANIFEST).read_bytes()
    assert (
        open_document(SignatureType.SNAPSHOT, signed, Snapshot, {release.id: release.public})
        == second
    )


def test_past_results_are_released_with_the_lists_and_nothing_else_under_their_name(keys, tmp_path):
    folder = tmp_path / "reference"
    write_file(folder, "notices", "一")
    (folder / f"{PAST}.ttc").write_bytes(past_file(()))

    first = sign_reference(keys, folder, None, 1)
    write_file(folder, PAST, "不是")

    assert PAST in first.files
    with pytest.raises(WireError):
        sign_reference(keys, folder, None, 1)


def test_an_empty_folder_and_a_foreign_file_are_not_released(keys, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    foreign = tmp_path / "foreign"
    foreign.mkdir()
    (foreign / "schools-junior.ttc").write_bytes(b"not ours")

    with pytest.raises(KeyringError, match="no reference files"):
        sign_reference(keys, empty, None, 1)
    with pytest.raises(WireError):
        sign_reference(keys, foreign, None, 1)


def test_revoking_grows_the_list_once(keys):
    certificate = secrets.token_bytes(16)

    once = revoke(keys, certificate, 41, "遺失", 5)
    twice = revoke(keys, certificate, 41, "遺失", 6)

    assert once == twice == read_revocations(keys)
    assert (once.v, once.items) == (2, ((certificate, 41, 5, "遺失"),))

"""``jiepin provision`` from the outside: letters, trust, revocations."""

import json
import secrets

import pytest
from typer.testing import CliRunner

from core.sealing import SigningKey, code_proof, seal_public
from core.wire.canon import from_wire, to_wire
from core.wire.document import split_document
from core.wire.identity import Certificate, EnrolmentForm, SigningRequest, make_request
from provisioning.ceremony import make_keys
from provisioning.commands import app
from provisioning.desk import Desk
from provisioning.keyring import read_trust
from provisioning.letter import Letter, Letters, make_code
from provisioning.register import Register, fingerprint
from provisioning.revocation import read_revocations

COMMAND = CliRunner()
DEVICE = bytes(range(16))


@pytest.fixture
def keys(tmp_path):
    folder = tmp_path / "keys"
    make_keys(folder, "115", secrets.token_bytes)
    return folder


def provision(keys, *words):
    name, *rest = words
    return COMMAND.invoke(app, [name, "--keys", str(keys), *rest])


def form(code):
    """A machine's request under a one-time code."""
    key = SigningKey(secrets.token_bytes(32))
    request = SigningRequest(
        subject="device",
        key=key.public,
        seal=seal_public(secrets.token_bytes(32)),
        schools=("553601",),
        name="KH-0231",
        asset="",
        software="test",
        holder=None,
        nonce=secrets.token_bytes(16),
    )
    made: EnrolmentForm = make_request(request, key, code)
    assert made.proof == code_proof(code, to_wire(request))
    return made


def granted(keys, *words):
    """The certificate that a letter of this command leads to."""
    done = provision(keys, "device", "--school", "553601", "--name", "KH-0231", *words)
    assert done.exit_code == 0, done.output
    grant, outcome = Desk(keys).judge(form(done.output.strip()), secrets.token_hex(16))
    assert outcome.code == "granted"
    return grant.certificate


def content(signed):
    return from_wire(split_document(signed)[0], Certificate)


def test_a_letter_that_renews_gives_the_same_id_and_another_serial(keys):
    first = granted(keys)
    device = content(first).id

    second = granted(keys, "--renews", device.hex().upper())

    assert content(second).id == device
    assert content(second).serial > content(first).serial
    assert content(second).key != content(first).key


def test_every_other_letter_gives_a_new_id(keys):
    assert content(granted(keys)).id != content(granted(keys)).id


@pytest.mark.parametrize("name", ["", "00", "zz" * 16, "00" * 17])
def test_an_id_that_is_none_makes_no_letter(keys, name):
    words = ["--school", "553601", "--name", "KH-0231", "--renews", name]

    done = provision(keys, "device", *words)

    assert done.exit_code == 1
    assert Letters(keys / "desk" / "letters.json").all() == ()


def test_each_certificate_of_a_machine_has_the_next_number(keys):
    first = granted(keys)
    name = content(first).id.hex()

    later = [granted(keys, "--renews", name), granted(keys, "--renews", name)]

    assert [content(each).inc for each in (first, *later)] == [1, 2, 3]


def test_a_machine_that_was_never_certified_here_is_not_renewed(keys):
    words = ["--school", "553601", "--name", "KH-0231", "--renews", "ab" * 16]

    done = provision(keys, "device", *words)

    assert done.exit_code == 1
    assert Letters(keys / "desk" / "letters.json").all() == ()


def test_a_letter_older_than_the_register_renews_nobody(keys):
    code = make_code(secrets.token_bytes)
    letter = Letter(
        code=code,
        subject="device",
        role="kiosk",
        schools=("553601",),
        name="KH-0231",
        renews="ab" * 16,
    )
    Letters(keys / "desk" / "letters.json").add(letter)

    grant, outcome = Desk(keys).judge(form(code), secrets.token_hex(16))

    assert (grant, outcome.code) == (None, "machine_unknown")


def test_the_desk_remembers_what_it_certified(keys):
    first = granted(keys)
    second = granted(keys, "--renews", content(first).id.hex())

    register = Register(keys / "desk" / "issued.json")

    assert [each.fingerprint for each in register.all()] == [
        fingerprint(each).hex() for each in (first, second)
    ]
    assert register.newest(content(first).id) == fingerprint(second)


def test_a_lost_machine_is_revoked_as_it_is_now(keys):
    first = granted(keys)
    words = ["--device", content(first).id.hex(), "--last-good", "41", "--reason", "遺失"]

    done = provision(keys, "revoke", *words)

    assert done.exit_code == 0, done.output
    ((name, last_good, _, reason),) = read_revocations(keys).items
    assert (name, last_good, reason) == (fingerprint(first), 41, "遺失")


def test_a_machine_for_good_and_an_officer_are_revoked_by_their_id(keys):
    done = provision(keys, "revoke", "--certificate", DEVICE.hex(), "--reason", "報廢")

    assert done.exit_code == 0, done.output
    assert read_revocations(keys).items[0][0] == DEVICE


@pytest.mark.parametrize(
    "words",
    [
        [],
        ["--certificate", DEVICE.hex(), "--device", DEVICE.hex()],
        ["--device", DEVICE.hex()],
        ["--certificate", "no hex"],
    ],
)
def test_what_names_no_certificate_revokes_nothing(keys, words):
    assert provision(keys, "revoke", *words, "--reason", "遺失").exit_code == 1
    assert read_revocations(keys).items == ()


def test_the_next_trust_document_is_made(keys):
    done = provision(keys, "trust", "--renew", "beacon", "--renew", "receipt")

    assert done.exit_code == 0, done.output
    assert read_trust(keys)[1].v == 2


@pytest.mark.parametrize(
    "words", [["--renew", "crown"], ["--renew", "beacon", "--distrust", "seal"]]
)
def test_a_role_that_does_not_exist_changes_nothing(keys, words):
    assert provision(keys, "trust", *words).exit_code == 1
    assert read_trust(keys)[1].v == 1


def test_the_registers_file_can_be_read_by_people(keys):
    granted(keys)

    (row,) = json.loads((keys / "desk" / "issued.json").read_text("utf-8"))

    assert row["name"] == "KH-0231"

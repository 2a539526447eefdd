"""The next trust document (PROTOCOL 2.8a, 2.12)."""

import secrets
import shutil

import pytest

from core.sealing import seal_public
from core.wire.reference import check_trust
from provisioning.ceremony import make_keys
from provisioning.desk import Desk
from provisioning.keyring import KeyringError, read_secret, read_signing_key, read_trust
from provisioning.revocation import read_revocations, revoke
from provisioning.succession import succeed


@pytest.fixture
def keys(tmp_path):
    folder = tmp_path / "keys"
    make_keys(folder, "115", secrets.token_bytes)
    return folder


@pytest.mark.parametrize("role", ["enrol", "release", "beacon", "receipt"])
def test_a_new_key_stands_first_and_the_old_one_stays_listed(keys, role):
    _, older = read_trust(keys)

    newer = succeed(keys, [role], secrets.token_bytes)

    signed, stored = read_trust(keys)
    place = {"enrol": "desk", "release": "release"}.get(role, "server")
    assert (newer.v, stored) == (older.v + 1, newer)
    assert check_trust(older, signed) == newer
    assert getattr(newer, role)[1:] == getattr(older, role)
    assert getattr(newer, role)[0] == read_signing_key(keys / place / f"{role}.key").public


def test_a_stolen_key_is_not_listed_any_more(keys):
    _, older = read_trust(keys)

    newer = succeed(keys, ["receipt"], secrets.token_bytes, distrusted=["receipt"])

    assert len(newer.receipt) == 1
    assert newer.receipt != older.receipt


def test_new_root_keys_are_vouched_for_by_the_old_ones(keys):
    _, first = read_trust(keys)

    second = succeed(keys, ["root"], secrets.token_bytes)
    signed_second, _ = read_trust(keys)
    third = succeed(keys, ["root", "beacon"], secrets.token_bytes)
    signed_third, _ = read_trust(keys)

    assert set(first.root).isdisjoint(second.root)
    assert check_trust(first, signed_second) == second
    assert check_trust(second, signed_third) == third


def test_every_step_is_kept(keys):
    for _ in range(3):
        succeed(keys, ["beacon"], secrets.token_bytes)

    assert sorted(path.name for path in (keys / "trust").iterdir()) == [
        "1.ttc",
        "2.ttc",
        "3.ttc",
        "4.ttc",
    ]
    assert (keys / "trust" / "4.ttc").read_bytes() == (keys / "trust.ttc").read_bytes()


def test_one_root_key_alone_makes_no_trust(keys):
    for number in ("2", "3"):
        shutil.rmtree(keys / "root" / number)
    before = (keys / "trust.ttc").read_bytes()

    with pytest.raises(KeyringError, match="2 root keys must sign, 1 are here"):
        succeed(keys, ["beacon"], secrets.token_bytes)

    assert (keys / "trust.ttc").read_bytes() == before


def test_any_two_of_three_root_keys_do(keys):
    shutil.rmtree(keys / "root" / "1")

    assert succeed(keys, ["beacon"], secrets.token_bytes).v == 2


def test_a_lost_key_file_is_no_obstacle(keys):
    (keys / "server" / "receipt.key").unlink()

    newer = succeed(keys, ["receipt"], secrets.token_bytes)

    assert read_signing_key(keys / "server" / "receipt.key").public == newer.receipt[0]


def test_the_revocation_list_is_signed_by_the_new_enrol_key(keys):
    revoke(keys, b"c" * 16, 7, "遺失", 1)

    succeed(keys, ["enrol"], secrets.token_bytes, distrusted=["enrol"])

    assert read_revocations(keys).items[0][0] == b"c" * 16
    assert Desk(keys).trust.v == 2


def test_backups_are_sealed_for_the_new_seal_key(keys):
    newer = succeed(keys, ["seal"], secrets.token_bytes)

    assert newer.seal == seal_public(read_secret(keys / "seal" / "seal.key"))
    assert (keys / "retired" / "seal-1.key").exists()


def test_only_what_is_replaced_can_be_distrusted(keys):
    with pytest.raises(KeyringError):
        succeed(keys, ["beacon"], secrets.token_bytes, distrusted=["receipt"])

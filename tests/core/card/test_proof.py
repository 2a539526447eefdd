"""A card is proved to who keeps its verifier: for one challenge, without telling whose it is."""

import hashlib
import hmac
from dataclasses import replace
from datetime import date

from hypothesis import given
from hypothesis import strategies as st

from core.card.nhi import Profile
from core.card.proof import LABEL, PROOF_BYTES, card_key, prove, proves, verifier_of
from core.domain.ids import generate_national_id
from core.sealing import KdfCost

CHEAP = KdfCost(memory_kib=64, passes=1)
SALT, CHALLENGE = bytes(range(16)), bytes(range(32))
CARD = Profile(
    card_number="000011112222",
    name="林曉芒",
    name_raw=b"",
    name_damaged=False,
    national_id=generate_national_id("E", "2", "7654321"),
    birth=date(1975, 4, 28),
    sex="F",
    issued=date(2020, 1, 9),
)
KEY = card_key(CARD, SALT, CHEAP)


def test_a_proof_fits_its_card_and_its_challenge():
    verifier = verifier_of(KEY)

    assert proves(verifier, CHALLENGE, prove(KEY, CHALLENGE))
    assert not proves(verifier, bytes(32), prove(KEY, CHALLENGE))
    assert not proves(verifier_of(bytes(32)), CHALLENGE, prove(KEY, CHALLENGE))


def test_every_number_on_the_card_and_the_salt_make_another_key():
    others = (
        replace(CARD, card_number="000011112223"),
        replace(CARD, national_id=generate_national_id("E", "2", "7654322")),
        replace(CARD, birth=None),
        replace(CARD, issued=None),
        replace(CARD, issued=date(2026, 1, 9)),
    )

    keys = {card_key(each, SALT, CHEAP) for each in others} | {card_key(CARD, bytes(16), CHEAP)}

    assert len(keys) == len(others) + 1
    assert KEY not in keys


def test_how_a_name_is_written_does_not_matter():
    assert card_key(replace(CARD, name="林□芒", name_damaged=True), SALT, CHEAP) == KEY


def test_the_proof_is_the_one_of_scram():
    verifier = hashlib.sha256(KEY).digest()
    signature = hmac.digest(verifier, LABEL + CHALLENGE, "sha256")

    expected = bytes(a ^ b for a, b in zip(KEY, signature, strict=True))

    assert prove(KEY, CHALLENGE) == expected


def test_what_the_console_keeps_is_not_enough_to_answer():
    verifier = verifier_of(KEY)

    assert not proves(verifier, CHALLENGE, prove(verifier, CHALLENGE))


@given(proof=st.binary(max_size=2 * PROOF_BYTES))
def test_anything_else_proves_nothing(proof):
    assert not proves(verifier_of(KEY), CHALLENGE, proof)

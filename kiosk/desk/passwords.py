"""Passwords of this kiosk's people: check, count, pause, set. A password is never kept.

What is kept is an Argon2id verifier. The same derivation, under another label, wraps an officer's
own key.
"""

import hmac
from dataclasses import replace
from datetime import datetime

from core.domain.ids import TeacherId
from core.sealing import NONCE_BYTES, SALT_BYTES, KdfCost, SigningKey, derive, unwrap, wrap
from kiosk.desk.equipment import Equipment
from kiosk.session.clock import rests
from kiosk.session.person import Lock, Secret
from kiosk.session.state import PAUSE, TRIES
from syncd.store.accounts import Account
from syncd.store.audit import AuditCode

VERIFIER = b"jiepin/verifier/1"
WRAPPING = b"jiepin/officer-key/1"


def lock_of(account: Account | None, now: datetime) -> Lock:
    """How the account stands at this time; a pause that is over gives all tries back."""
    if account is None:
        return Lock(tries_left=TRIES)
    now_ms = int(now.timestamp() * 1000)
    if rests(account.locked_until_ms, now_ms):
        return Lock(tries_left=0, until_ms=account.locked_until_ms)
    return Lock(tries_left=max(1, TRIES - account.tries))


def master_of(password: Secret, salt: bytes, cost: KdfCost) -> bytes:
    """What a password becomes: 32 bytes, slow to make (PROTOCOL 5.4)."""
    return derive(password.typed, salt, cost)


def check(equipment: Equipment, teacher: bytes, password: Secret, now: datetime) -> bytes | Lock:
    """The derived master when the password is right, else the lock, counted on disk first.

    Raises:
        StoreError: The count could not be kept; nothing is told.
    """
    store = equipment.store
    account = store.accounts.find(teacher)
    lock = lock_of(account, now)
    if account is None or lock.until_ms is not None:
        return lock
    master = master_of(password, account.salt, account.cost)
    if hmac.compare_digest(_verifier(master), account.verifier):
        if account.tries or account.locked_until_ms:
            with store.transaction():
                store.accounts.save(replace(account, tries=0, locked_until_ms=0))
        return master
    return _refuse(equipment, account, now)


def _refuse(equipment: Equipment, account: Account, now: datetime) -> Lock:
    """One try less; the last one starts the pause. Never more than a pause (UX 4.7)."""
    store, moment = equipment.store, equipment.clock.moment()
    used = (0 if account.locked_until_ms else account.tries) + 1
    refused = replace(account, tries=used, locked_until_ms=0)
    if used >= TRIES:
        until = now + PAUSE
        refused = replace(account, tries=0, locked_until_ms=int(until.timestamp() * 1000))
    with store.transaction():
        store.accounts.save(refused)
        code = AuditCode.ACCOUNT_LOCKED if used >= TRIES else AuditCode.PASSWORD_REFUSED
        store.audit.add(code, moment, who=account.holder)
    return lock_of(refused, now)


def new_account(
    equipment: Equipment, teacher: TeacherId, password: Secret
) -> tuple[Account, bytes]:
    """An account with this password, not stored yet, and the master it gives."""
    salt = equipment.random_bytes(SALT_BYTES)
    master = master_of(password, salt, equipment.cost)
    account = Account(holder=teacher, verifier=_verifier(master), salt=salt, cost=equipment.cost)
    return account, master


def wrap_key(equipment: Equipment, master: bytes, key: SigningKey, holder: bytes) -> bytes:
    """An officer's private key under the password."""
    nonce = equipment.random_bytes(NONCE_BYTES)
    return wrap(key.private, _wrapping_key(master), nonce, WRAPPING + holder)


def unwrap_key(wrapped: bytes, master: bytes, holder: bytes) -> SigningKey:
    """The officer's key.

    Raises:
        SealError: The bytes were altered; a wrong password never gets here.
    """
    return SigningKey(unwrap(wrapped, _wrapping_key(master), WRAPPING + holder))


def _verifier(master: bytes) -> bytes:
    return hmac.digest(master, VERIFIER, "sha256")


def _wrapping_key(master: bytes) -> bytes:
    return hmac.digest(master, WRAPPING, "sha256")

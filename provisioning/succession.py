"""The next trust document: keys of the centre are changed, or lost and replaced (PROTOCOL 2.12).

It follows the one before by exactly one and is signed by enough root keys of both. A key that is
replaced stays listed, so that what it signed can still be checked; one that was stolen does not.
"""

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import Literal

import msgspec

from core.sealing import KEY_BYTES, SigningKey, seal_public
from core.signature import SignatureType
from core.wire.document import sign_document
from core.wire.reference import Trust, check_trust
from provisioning.ceremony import ROLES, ROOT_KEYS
from provisioning.keyring import (
    KeyringError,
    read_signing_key,
    read_trust,
    replace_file,
    write_json,
    write_secret,
)
from provisioning.revocation import read_revocations

Role = Literal["root", "enrol", "release", "beacon", "receipt", "seal"]
LISTED_AT_MOST = 8


def succeed(
    folder: Path,
    roles: Collection[Role],
    random_bytes: Callable[[int], bytes],
    *,
    distrusted: Collection[Role] = (),
) -> Trust:
    """Make new keys for ``roles`` and the trust document that names them.

    Old key files go to ``retired``, old documents stay in ``trust``. ``distrusted`` are those of
    the roles whose old keys count no more.

    Raises:
        KeyringError: Fewer root keys are here than must sign.
        WireError: The document in the folder is not signed as it must be.
    """
    signed, older = read_trust(folder)
    if not set(distrusted) <= set(roles):
        raise KeyringError("only a key that is replaced can be distrusted")
    old_roots = _roots(folder, older)
    revocations = read_revocations(folder)
    # From here on files move; whoever is interrupted goes on with what `retired` holds.
    fresh: dict[Role, bytes] = {
        role: random_bytes(KEY_BYTES) for role in sorted(roles) if role != "root"
    }
    new_roots = _new_roots(random_bytes) if "root" in roles else old_roots
    changes: dict[str, object] = {"v": older.v + 1}
    for role, secret in fresh.items():
        if role == "seal":
            changes["seal"] = seal_public(secret)
            continue
        kept = () if role in distrusted else getattr(older, role)
        changes[role] = (SigningKey(secret).public, *kept)[:LISTED_AT_MOST]
    if "root" in roles:
        changes["root"] = tuple(each.public for each in new_roots)
    newer = msgspec.structs.replace(older, **changes)
    signers = {
        key.id: key for key in (*old_roots[: older.threshold], *new_roots[: newer.threshold])
    }
    document = sign_document(SignatureType.TRUST, newer, *signers.values())
    check_trust(older, document)
    replace_file(folder / "trust" / f"{older.v}.ttc", signed)
    _exchange(folder, older.v, fresh, new_roots if "root" in roles else ())
    if "root" in roles:
        keys = [each.hex() for each in newer.root]
        write_json(folder / "root.json", {"threshold": newer.threshold, "keys": keys})
    replace_file(folder / "trust" / f"{newer.v}.ttc", document)
    replace_file(folder / "trust.ttc", document)
    if "enrol" in roles:
        key = read_signing_key(folder / ROLES["enrol"])
        replace_file(
            folder / "desk" / "revocations.ttc",
            sign_document(SignatureType.REVOCATION, revocations, key),
        )
    return newer


def _roots(folder: Path, trust: Trust) -> tuple[SigningKey, ...]:
    """The root keys whose holders are here."""
    paths = sorted((folder / "root").glob("*/root.key"))
    keys = tuple(key for key in map(read_signing_key, paths) if key.public in trust.root)
    if len(keys) < trust.threshold:
        raise KeyringError(f"{trust.threshold} root keys must sign, {len(keys)} are here")
    return keys


def _new_roots(random_bytes: Callable[[int], bytes]) -> tuple[SigningKey, ...]:
    return tuple(SigningKey(random_bytes(KEY_BYTES)) for _ in range(ROOT_KEYS))


def _exchange(
    folder: Path, version: int, fresh: Mapping[Role, bytes], roots: tuple[SigningKey, ...]
) -> None:
    for role, secret in fresh.items():
        place = folder / ROLES.get(role, "seal/seal.key")
        _retire(folder, place, f"{role}-{version}.key")
        write_secret(place, secret)
    for number, root in enumerate(roots, start=1):
        place = folder / "root" / str(number) / "root.key"
        _retire(folder, place, f"root-{number}-{version}.key")
        write_secret(place, root.private)


def _retire(folder: Path, place: Path, name: str) -> None:
    """Nothing to keep where the key itself was lost."""
    if place.exists():
        (folder / "retired").mkdir(exist_ok=True, mode=0o700)
        place.rename(folder / "retired" / name)

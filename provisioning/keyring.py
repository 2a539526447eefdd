"""Key files of the centre: one folder per person or machine that may hold them.

Every file is mode 0600.
"""

import json
import os
from pathlib import Path

import msgspec

from core.sealing import KEY_BYTES, SigningKey, key_id
from core.signature import SignatureType
from core.wire.document import open_document
from core.wire.reference import Trust


class KeyringError(Exception):
    """A key folder that is missing, incomplete, or already in use."""


class RootKeys(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """``root.json``: what a machine is born with.

    Raw public root keys in hex, and how many must sign.
    """

    threshold: int
    keys: tuple[str, ...]

    @property
    def by_id(self) -> dict[bytes, bytes]:
        """Key id → raw public key."""
        return {key_id(bytes.fromhex(each)): bytes.fromhex(each) for each in self.keys}


def write_secret(path: Path, secret: bytes) -> None:
    """Create ``path`` with mode 0600, flushed to disk; an existing key is never overwritten.

    Raises:
        KeyringError: The file exists.
    """
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise KeyringError(f"{path} exists; keys are never overwritten") from error
    with os.fdopen(handle, "wb") as file:
        file.write(secret)
        file.flush()
        os.fsync(file.fileno())


def read_secret(path: Path) -> bytes:
    """32 raw bytes of a key file.

    Raises:
        KeyringError: Missing, or of another length.
    """
    try:
        secret = path.read_bytes()
    except OSError as error:
        raise KeyringError(f"cannot read the key file {path}") from error
    if len(secret) != KEY_BYTES:
        raise KeyringError(f"{path} does not hold a key of {KEY_BYTES} bytes")
    return secret


def read_signing_key(path: Path) -> SigningKey:
    """The Ed25519 key in a file.

    Raises:
        KeyringError: As `read_secret`.
    """
    return SigningKey(read_secret(path))


def read_root(path: Path) -> RootKeys:
    """The public root keys of ``root.json``.

    Raises:
        KeyringError: Missing or malformed.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=RootKeys)
    except (OSError, msgspec.DecodeError) as error:
        raise KeyringError(f"{path} is not a root key file") from error


def read_trust(folder: Path) -> tuple[bytes, Trust]:
    """The signed trust document of a key folder, checked under its ``root.json``.

    Bytes and content.

    Raises:
        KeyringError: No document in the folder.
        WireError: The document is not signed by enough root keys.
    """
    root = read_root(folder / "root.json")
    try:
        data = (folder / "trust.ttc").read_bytes()
    except OSError as error:
        raise KeyringError(f"no trust document in {folder}") from error
    trust = open_document(SignatureType.TRUST, data, Trust, root.by_id, threshold=root.threshold)
    return data, trust


def write_json(path: Path, content: object) -> None:
    """Replace a JSON file in one step, mode 0600."""
    replace_file(path, json.dumps(content, ensure_ascii=False, indent=1).encode())


def replace_file(path: Path, content: bytes) -> None:
    """Replace a file in one step, mode 0600, flushed to disk."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    fresh = path.with_suffix(".new")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)

"""One-time codes of the county's letters: who may enrol what (PROTOCOL 2.6).

The desk keeps them; the server never sees them.
"""

import hmac
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Literal

import msgspec

from core.sealing import code_proof
from core.wire.receipt import CROCKFORD
from provisioning.keyring import write_json

CODE_LETTERS = 12
DEVICE_BYTES = 16


class Letter(msgspec.Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """One letter: the code, what it allows, and the request that used it up (hex), if any.

    ``renews`` is the id (hex) of a machine that may begin a new incarnation with it.
    """

    code: str
    subject: Literal["device", "officer"]
    role: Literal["kiosk", "county", "spare", "personnel", "principal"]
    schools: tuple[str, ...]
    name: str
    used_by: str | None = None
    renews: str | None = None


class Letters:
    """The desk's file of letters."""

    def __init__(self, path: Path) -> None:
        """Work on ``path``; a missing file is an empty list."""
        self._path = path

    def all(self) -> tuple[Letter, ...]:
        """Every letter written so far."""
        if not self._path.exists():
            return ()
        return msgspec.json.decode(self._path.read_bytes(), type=tuple[Letter, ...])

    def add(self, letter: Letter) -> None:
        """Keep a new letter."""
        self._write((*self.all(), letter))

    def find(self, request: bytes, proof: bytes) -> Letter | None:
        """The letter whose code made ``proof`` over the body bytes of a request.

        Used ones count only for the same request.
        """
        for letter in self.all():
            if hmac.compare_digest(code_proof(letter.code, request), proof):
                return letter
        return None

    def use(self, letter: Letter, request_id: str) -> None:
        """Mark a letter as used up."""
        self._write(
            msgspec.structs.replace(each, used_by=request_id) if each.code == letter.code else each
            for each in self.all()
        )

    def _write(self, letters: Iterable[Letter]) -> None:
        write_json(self._path, [msgspec.to_builtins(each) for each in letters])


def make_code(random_bytes: Callable[[int], bytes]) -> str:
    """``7H2K-9QD3-XW5T``: 60 random bits in letters nobody mistakes."""
    number = int.from_bytes(random_bytes(8), "big")
    letters = "".join(CROCKFORD[number >> (5 * place) & 31] for place in range(CODE_LETTERS))
    return "-".join(letters[start : start + 4] for start in range(0, CODE_LETTERS, 4))


def device_id(text: str) -> str:
    """32 hex digits of a machine's id, in small letters.

    Raises:
        ValueError: Something else.
    """
    if len(bytes.fromhex(text)) != DEVICE_BYTES:
        raise ValueError("a device id has 32 hex digits")
    return text.lower()

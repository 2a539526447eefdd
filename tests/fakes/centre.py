"""The centre's keys and desk for tests: small, quick, and the same for the same seed."""

import hashlib
from pathlib import Path
from random import Random

from core.sealing import SigningKey, seal_public
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, to_wire
from core.wire.document import sign_document
from core.wire.identity import Certificate, Grant, Revocations
from core.wire.reference import ReferenceFile, Snapshot, Trust

SEASON = "115"


class Centre:
    """Every key the centre holds; it signs certificates, revocations and releases."""

    def __init__(self, seed: int = 1) -> None:
        self.random = Random(seed)  # noqa: S311 - the same keys each time
        self.root, self.enrol, self.release, self.beacon, self.receipt = (
            SigningKey(self.random.randbytes(32)) for _ in range(5)
        )
        self.seal = self.random.randbytes(32)
        self.trust = Trust(
            v=1,
            season=SEASON,
            root=(self.root.public,),
            threshold=1,
            enrol=(self.enrol.public,),
            release=(self.release.public,),
            beacon=(self.beacon.public,),
            receipt=(self.receipt.public,),
            seal=seal_public(self.seal),
        )
        self.signed_trust = sign_document(SignatureType.TRUST, self.trust, self.root)
        self._serial = 0

    def write_home(self, home: Path) -> None:
        """What `jiepin server run --home` needs."""
        (home / "keys").mkdir(parents=True, exist_ok=True)
        (home / "keys" / "beacon.key").write_bytes(self.beacon.private)
        (home / "keys" / "receipt.key").write_bytes(self.receipt.private)
        (home / "trust.ttc").write_bytes(self.signed_trust)

    def certify(  # noqa: PLR0913 - the fields of a certificate
        self,
        key: SigningKey,
        *,
        subject: str = "device",
        role: str = "kiosk",
        schools: tuple[str, ...] = ("014601",),
        name: str = "KH-0001",
        id: bytes | None = None,  # noqa: A002 - the field's name
        inc: int = 1,
    ) -> tuple[bytes, Certificate]:
        """A signed certificate for a public key."""
        self._serial += 1
        certificate = Certificate(
            id=id or self.random.randbytes(16),
            subject=subject,
            role=role,
            key=key.public,
            schools=schools,
            name=name,
            serial=self._serial,
            inc=inc if subject == "device" else None,
            holder=None,
            seasons=(SEASON,),
        )
        return sign_document(SignatureType.CERTIFICATE, certificate, self.enrol), certificate

    def grant(self, certificate: bytes) -> bytes:
        """The desk's answer in wire bytes."""
        return to_wire(
            Grant(certificate=certificate, sealed=None, trust=self.signed_trust), FILE_LIMITS
        )

    def revocations(self, version: int, *items: tuple[bytes, int | None, int, str]) -> bytes:
        """A signed revocation list."""
        return sign_document(
            SignatureType.REVOCATION, Revocations(v=version, items=items), self.enrol
        )

    def publish(
        self,
        version: int,
        files: dict[str, tuple[int, ReferenceFile]],
        t: int = 0,
        season: str = SEASON,
    ) -> tuple[bytes, list[bytes]]:
        """A signed snapshot and the bytes of its files; each file has a version of its own."""
        encoded = {name: to_wire(content, FILE_LIMITS) for name, (_, content) in files.items()}
        snapshot = Snapshot(
            v=version,
            season=season,
            t=t,
            files={
                name: (files[name][0], len(data), hashlib.sha256(data).digest())
                for name, data in encoded.items()
            },
        )
        signed = sign_document(SignatureType.SNAPSHOT, snapshot, self.release)
        return signed, list(encoded.values())

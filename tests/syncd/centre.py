"""The centre as tests need it: every key, and the documents they sign. Nobody here exists."""

import hashlib
from dataclasses import dataclass, field, replace

from core.sealing import SigningKey, seal, seal_public
from core.signature import SignatureType
from core.wire.canon import FILE_LIMITS, to_wire
from core.wire.document import sign_document
from core.wire.identity import Certificate, Grant, Revocations, SeasonSecrets
from core.wire.reference import PhaseRow, ReferenceFile, SchoolRow, Snapshot, Trust

SEASON = "115"
DAY_MS = 86_400_000
NOON_MS = 1_780_000_000_000


def key(name):
    """A signing key that is the same in every run."""
    return SigningKey(hashlib.sha256(name.encode()).digest())


SCHOOLS = (
    SchoolRow("013601", "市立福山國小", "福山", "01", "烏來區", "elementary", (), delegated=True),
    SchoolRow(
        "013602",
        "市立烏來國中小",
        "烏來",
        "01",
        "烏來區",
        "elementary",
        (("remote", "2024-08-01", None),),
        delegated=True,
    ),
)


@dataclass(frozen=True)
class Centre:
    """Roots, desk, release, beacon and receipt keys, and the trust document over them."""

    roots: tuple[SigningKey, ...] = field(
        default_factory=lambda: tuple(key(f"root-{n}") for n in range(1, 4))
    )
    enrol: SigningKey = field(default_factory=lambda: key("enrol"))
    release: SigningKey = field(default_factory=lambda: key("release"))
    beacon: SigningKey = field(default_factory=lambda: key("beacon"))
    receipt: SigningKey = field(default_factory=lambda: key("receipt"))
    version: int = 1
    season: str = SEASON
    season_secret: bytes = b"s" * 32
    signers: tuple[SigningKey, ...] = field(default=())

    @property
    def trust(self):
        return Trust(
            v=self.version,
            season=self.season,
            root=tuple(each.public for each in self.roots),
            threshold=2,
            enrol=(self.enrol.public,),
            release=(self.release.public,),
            beacon=(self.beacon.public,),
            receipt=(self.receipt.public,),
            seal=seal_public(b"c" * 32),
        )

    @property
    def signed_trust(self):
        return sign_document(SignatureType.TRUST, self.trust, *(self.signers or self.roots[:2]))

    @property
    def root_file(self):
        keys = ", ".join(f'"{each.public.hex()}"' for each in self.roots)
        return f'{{"threshold": 2, "keys": [{keys}]}}'.encode()

    def successor(self, **changes):
        """The next trust, signed by root keys of both."""
        signers = changes.pop("signers", self.roots[:2])
        return replace(self, version=self.version + 1, signers=signers, **changes)

    def certificate(self, public, name="KH-0231", subject="device", holder=None, **changes):
        content = Certificate(
            **{
                "id": hashlib.sha256(public).digest()[:16],
                "subject": subject,
                "role": "kiosk" if subject == "device" else "personnel",
                "key": public,
                "schools": ("013601",),
                "name": name,
                "serial": 1,
                "inc": 1 if subject == "device" else None,
                "holder": holder,
                "seasons": (self.season,),
            }
            | changes
        )
        return sign_document(SignatureType.CERTIFICATE, content, self.enrol)

    def grant(self, request):
        """What the desk answers to a request."""
        sealed = None
        if request.seal is not None:
            secrets = SeasonSecrets(season=self.season, secret=self.season_secret)
            sealed = seal(to_wire(secrets), request.seal)
        certificate = self.certificate(
            request.key, request.name, request.subject, request.holder, schools=request.schools
        )
        return Grant(certificate=certificate, sealed=sealed, trust=self.signed_trust)

    def revocations(self, version=1, items=()):
        content = Revocations(v=version, items=items)
        return sign_document(SignatureType.REVOCATION, content, self.enrol)

    def reference_files(self, officers=(), revocations=None):
        """Files by name, in wire bytes."""
        files = {
            "schools-elementary": ReferenceFile(kind="schools", schools=SCHOOLS),
            "calendar": ReferenceFile(
                kind="calendar",
                phases=(
                    PhaseRow("apply", NOON_MS, NOON_MS + 10 * DAY_MS),
                    PhaseRow("officer_review", NOON_MS + 10 * DAY_MS, NOON_MS + 12 * DAY_MS),
                ),
            ),
            "officers": ReferenceFile(kind="officers", certificates=tuple(officers)),
            "revocations": ReferenceFile(
                kind="revocations", revocations=revocations or self.revocations()
            ),
            "notices": ReferenceFile(kind="notice", text="範例：注意事項"),
        }
        return {name: to_wire(each, FILE_LIMITS) for name, each in files.items()}

    def snapshot(self, files, version=1, versions=None, **changes):
        """The signed list of these files; every file has ``version`` unless another is given."""
        listed = {
            name: ((versions or {}).get(name, version), len(data), hashlib.sha256(data).digest())
            for name, data in files.items()
        }
        content = Snapshot(
            **{"v": version, "season": self.season, "t": NOON_MS, "files": listed} | changes
        )
        return sign_document(SignatureType.SNAPSHOT, content, self.release)

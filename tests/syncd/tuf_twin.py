"""The same centre for python-tuf: its roles over our releases, and its client on the same line.

What a beacon says is TUF's timestamp; our snapshot is its snapshot; each of our files, which have
versions of their own, is a delegated role with one target.
"""

import hashlib
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from securesystemslib.signer import CryptoSigner
from tuf.api.exceptions import DownloadError, DownloadHTTPError, RepositoryError
from tuf.api.metadata import (
    DelegatedRole,
    Delegations,
    Metadata,
    MetaFile,
    Role,
    Root,
    Snapshot,
    TargetFile,
    Targets,
    Timestamp,
)
from tuf.ngclient import FetcherInterface, Updater

NEVER = datetime(2100, 1, 1, tzinfo=UTC)
TOP = "targets"


def signer(key):
    """Our signing key as TUF's."""
    return CryptoSigner(Ed25519PrivateKey.from_private_bytes(key.private))


def signed(content, *keys):
    """A role in TUF's bytes."""
    metadata = Metadata(content)
    for key in keys:
        metadata.sign(signer(key), append=True)
    return metadata.to_bytes()


def named(data, version):
    """How another role lists one."""
    digest = hashlib.sha256(data).hexdigest()
    return MetaFile(version=version, length=len(data), hashes={"sha256": digest})


def root_of(centre):
    """A trust document as TUF's root, signed by whom the trust is signed by."""
    online = {"timestamp": centre.beacon, "snapshot": centre.release, TOP: centre.release}
    holders = {name: [key] for name, key in online.items()} | {"root": list(centre.roots)}
    keys = {name: [signer(key).public_key for key in each] for name, each in holders.items()}
    content = Root(
        version=centre.version,
        expires=NEVER,
        keys={one.keyid: one for each in keys.values() for one in each},
        roles={
            name: Role([one.keyid for one in each], 2 if name == "root" else 1)
            for name, each in keys.items()
        },
        consistent_snapshot=True,
    )
    return signed(content, *(centre.signers or centre.roots[:2]))


@dataclass(frozen=True)
class Roles:
    """A release as TUF sees it, in wire bytes; ``files`` by name."""

    version: int
    snapshot: bytes
    top: bytes
    files: dict


def roles_of(centre, version, files, versions):
    """The roles of a release signed with the release key."""
    public = signer(centre.release).public_key
    delegated = {
        name: signed(
            Targets(
                version=versions[name],
                expires=NEVER,
                targets={f"{name}/list": TargetFile.from_data(f"{name}/list", data, ["sha256"])},
            ),
            centre.release,
        )
        for name, data in files.items()
    }
    roles = {
        name: DelegatedRole(name, [public.keyid], 1, terminating=True, paths=[f"{name}/*"])
        for name in files
    }
    delegations = Delegations(keys={public.keyid: public}, roles=roles)
    top = signed(Targets(version=version, expires=NEVER, delegations=delegations), centre.release)
    listed = {f"{name}.json": named(data, versions[name]) for name, data in delegated.items()}
    content = Snapshot(
        version=version, expires=NEVER, meta={f"{TOP}.json": named(top, version), **listed}
    )
    return Roles(
        version=version, snapshot=signed(content, centre.release), top=top, files=delegated
    )


@dataclass
class Line(FetcherInterface):
    """What whoever owns the line serves."""

    roots: dict = field(default_factory=dict)
    timestamp: bytes = b""
    roles: Roles | None = None

    def _fetch(self, url):
        version, name = re.fullmatch(r"tuf://(?:(\d+)\.)?(.+)\.json", url).groups()
        known = {"timestamp": self.timestamp, "snapshot": self.roles.snapshot, TOP: self.roles.top}
        found = self.roots.get(int(version)) if name == "root" else known.get(name)
        found = found or self.roles.files.get(name)
        if found is None:
            raise DownloadHTTPError("not there", 404)
        yield found


class Twin:
    """A machine that works by python-tuf.

    ``version`` and ``files`` are what it uses, ``trust`` the version of its root.
    """

    def __init__(self, folder, centre):
        self.line, self._folder, self._first = Line(), str(folder), root_of(centre)
        self._told = 0
        self.version, self.files, self.trust = None, {}, centre.version

    def beacon(self, centre, roles):
        """Sign what a beacon would say at this moment."""
        self._told += 1
        content = Timestamp(
            version=self._told, expires=NEVER, snapshot_meta=named(roles.snapshot, roles.version)
        )
        self.line.timestamp = signed(content, centre.beacon)

    def update(self, names):
        """Take in what the line offers, all of it or nothing; the error's name, or nothing."""
        try:
            updater = Updater(self._folder, "tuf://", fetcher=self.line, bootstrap=self._first)
            updater.refresh()
            found = {name: updater.get_targetinfo(f"{name}/list") for name in sorted(names)}
        except (RepositoryError, DownloadError) as error:
            return type(error).__name__
        finally:
            self.trust = Metadata.from_file(f"{self._folder}/root.json").signed.version
        self.files = {name: each.hashes["sha256"] for name, each in found.items()}
        self.version = self.line.roles.version
        return ""

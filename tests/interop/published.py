"""What the centre publishes, and when a machine takes it: trust, snapshot, files, differences."""

import hashlib
from dataclasses import dataclass, field
from typing import Any

import zstandard

from tests.interop.ttc import FILE_BYTES, ZERO_8, Refused, digest, open_document, read, split

WINDOW_BYTES = 8_388_608


@dataclass(kw_only=True)
class Trust:
    """The trust document in force."""

    roots: list[bytes]
    threshold: int
    said: dict[str, Any] = field(default_factory=dict)

    @property
    def version(self) -> int:
        """0 before there is one."""
        return self.said.get("v", 0)

    def take(self, document: bytes) -> None:
        """Go on to the next document, signed by the roots before it and its own.

        Raises:
            Refused: It does not follow, or is not signed by enough of both.
        """
        said = open_document("tt/trust/1", document, self.roots, self.threshold)
        open_document("tt/trust/1", document, said["root"], said["threshold"])
        if said == self.said:
            return
        if self.said and said["v"] != self.version + 1:
            raise Refused("trust does not follow")
        self.said, self.roots, self.threshold = said, said["root"], said["threshold"]


@dataclass(kw_only=True)
class Reference:
    """The snapshot in use and its files."""

    said: dict[str, Any] = field(default_factory=lambda: {"v": 0, "files": {}})
    name: bytes = ZERO_8
    files: dict[str, bytes] = field(default_factory=dict)

    @property
    def used(self) -> tuple[int, bytes]:
        """As `ref` of an entry says it."""
        return self.said["v"], self.name

    def schools(self, stage: str) -> list[list[Any]]:
        """The rows of a stage's list."""
        return read(self.files[f"schools-{stage}"], FILE_BYTES)["schools"]

    def phase(self, name: str) -> tuple[int, int] | None:
        """When a phase opens and closes."""
        rows = read(self.files["calendar"], FILE_BYTES)["phases"]
        return next(((opens, closes) for each, opens, closes in rows if each == name), None)

    def revoked(self, trust: Trust) -> list[list[Any]]:
        """Rows of the revocation list: whom, up to which entry, when, why."""
        document = read(self.files["revocations"], FILE_BYTES)["revocations"]
        return open_document("tt/revocation/1", document, trust.said["enrol"])["items"]

    def read_next(self, document: bytes, trust: Trust, beacon: dict[str, Any]) -> dict[str, Any]:
        """The snapshot the beacon names, if it may follow the one in use.

        Raises:
            Refused: It may not; the text says why.
        """
        said = open_document("tt/snapshot/1", document, trust.said["release"])
        name = digest("tt/snapshot/1", split(document)[0])[:8]
        if said["season"] != trust.said["season"]:
            raise Refused("another season")
        if (said["v"], name) != (beacon["snap_v"], beacon["snap_h"]):
            raise Refused("not the one the beacon names")
        if said["v"] < self.said["v"] or (said["v"] == self.said["v"] and name != self.name):
            raise Refused("an older snapshot")
        for file, (version, size, digested) in self.said["files"].items():
            if file not in said["files"]:
                raise Refused("a file is missing")
            later = said["files"][file]
            if later[0] < version or (later[0] == version and later[1:] != [size, digested]):
                raise Refused("a file fell back")
        return said

    def take(self, document: bytes, said: dict[str, Any], fetched: dict[str, bytes]) -> None:
        """Use a snapshot with all of its files, or nothing of it.

        Raises:
            Refused: A file is not the listed one.
        """
        files = {}
        for name, (_, size, digested) in said["files"].items():
            data = fetched.get(name, self.files.get(name, b""))
            if len(data) != size or hashlib.sha256(data).digest() != digested:
                raise Refused(f"file {name}")
            read(data, FILE_BYTES)
            files[name] = data
        self.said, self.files = said, files
        self.name = digest("tt/snapshot/1", split(document)[0])[:8]


def patched(older: bytes, delta: bytes, size: int) -> bytes:
    """The newer file that a difference makes of the older one.

    Raises:
        Refused: It is no difference to this file, or makes more than was listed.
    """
    known = zstandard.ZstdCompressionDict(older, dict_type=zstandard.DICT_TYPE_RAWCONTENT)
    reader = zstandard.ZstdDecompressor(dict_data=known, max_window_size=WINDOW_BYTES)
    try:
        return reader.decompress(delta, max_output_size=size, allow_extra_data=False)
    except zstandard.ZstdError as error:
        raise Refused("no difference to this file") from error

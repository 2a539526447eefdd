"""Who takes part in a draw, promised before the secret is known (`jiepin-lots-commitment/1`).

Knows no file and no randomness: the secret is handed in. The derivation is `core.season.lot`.
"""

from dataclasses import dataclass

from core.season.lot import commit_to
from matcher.files import canon
from matcher.files.reader import LONGEST_TEXT, Reader, opened, shown
from matcher.files.refusal import Fault, FaultCode, RefusedFileError

FORMAT = "jiepin-lots-commitment/1"
IDS_AT_MOST = 1_000_000  # ours: five times the teachers of the country

_KEYS = frozenset({"format", "commitment", "ids"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A promise: ``commitment`` (``sha256:…``) binds the secret and ``ids``, which are sorted."""

    commitment: str
    ids: tuple[str, ...]

    def document(self) -> dict[str, object]:
        """The file as it is written."""
        return {"format": FORMAT, "commitment": self.commitment, "ids": list(self.ids)}

    def encode(self) -> bytes:
        """The canonical bytes of the file."""
        return canon.encode(self.document())

    def identity(self) -> str:
        """``sha256:…`` of the canonical bytes."""
        return canon.identity(self.encode())

    def is_of(self, secret: bytes) -> bool:
        """Whether this is the promise of ``secret``, 32 bytes."""
        return self.commitment == _commitment(secret, self.ids)


def commit(secret: bytes, ids: tuple[str, ...]) -> Commitment:
    """The promise to publish before anyone can still choose an id.

    Raises:
        ValueError: The secret has not 32 bytes.
    """
    names = tuple(sorted(set(ids)))
    return Commitment(commitment=_commitment(secret, names), ids=names)


def _commitment(secret: bytes, ids: tuple[str, ...]) -> str:
    return f"sha256:{commit_to(secret, (each.encode() for each in ids)).hex()}"


def parse_ids(data: bytes, file: str) -> tuple[str, ...]:
    """One id per line of UTF-8 text, in the order of the file.

    Raises:
        RefusedFileError: With every fault; ``$[3]`` is the fourth line.
    """
    try:
        lines = data.decode().splitlines()
    except UnicodeDecodeError as error:
        fault = Fault(file=file, path="$", code=FaultCode.NOT_UTF8, detail=f"byte {error.start}")
        raise RefusedFileError((fault,)) from error
    reader = Reader(file)
    _check_ids(reader, lines, "$")
    reader.finish()
    return tuple(lines)


def _check_ids(reader: Reader, ids: list[str] | tuple[str, ...], path: str) -> None:
    if not 0 < len(ids) <= IDS_AT_MOST:
        code = FaultCode.TOO_BIG if ids else FaultCode.EMPTY_LIST
        reader.refuse(path, code, f"> {IDS_AT_MOST}" if ids else "")
    for index, each in enumerate(ids):
        if not 0 < len(each) <= LONGEST_TEXT or not each.isprintable() or each != each.strip():
            reader.refuse(f"{path}[{index}]", FaultCode.BAD_TEXT, shown(each))
        elif not canon.is_composed(each):
            reader.refuse(f"{path}[{index}]", FaultCode.NOT_NFC, shown(each))
    reader.refuse_repeated(ids, path)


def parse_commitment(data: bytes, file: str) -> Commitment:
    """The promise in these bytes; ``file`` is the name faults are told under.

    Raises:
        RefusedFileError: With every fault.
    """
    reader, record = opened(data, file, _KEYS, FORMAT)
    ids = reader.texts(record, "ids", "$")
    _check_ids(reader, ids, "$.ids")
    if list(ids) != sorted(ids):
        reader.refuse("$.ids", FaultCode.WRONG_SHAPE, "sorted")
    commitment = Commitment(commitment=reader.identity(record, "commitment", "$"), ids=ids)
    reader.finish()
    return commitment

"""One question to CUPS in its own protocol (IPP, RFC 8010 and 8011): which paper a queue takes.

The command line programs answer it only for printers with a description file, which newer
printers have not.
"""

import http.client
import socket
import struct
from collections.abc import Iterator
from typing import Final

PATIENCE_S = 5.0
ANSWER_BYTES = 1_000_000
_GET_PRINTER_ATTRIBUTES = 0x000B
_OPERATION, _END = 0x01, 0x03
_FIRST_VALUE_TAG = 0x10
_KEYWORD, _URI, _CHARSET, _LANGUAGE = 0x44, 0x45, 0x47, 0x48
_NAMES = frozenset({0x42, _KEYWORD})
_HEAD: Final = struct.Struct(">2BHI")
_SIZE: Final = struct.Struct(">H")


def supported_media(queue: str, server: str) -> frozenset[str] | None:
    """PWG names such as ``iso_a3_297x420mm``; None when the service does not answer or tell."""
    line = _Local(server)
    try:
        line.request("POST", "/", _question(queue), {"Content-Type": "application/ipp"})
        answer = line.getresponse().read(ANSWER_BYTES)
        return frozenset(_values(answer, b"media-supported")) or None
    except (OSError, http.client.HTTPException, struct.error):
        return None
    finally:
        line.close()


class _Local(http.client.HTTPConnection):
    """HTTP over the socket of this machine's print service."""

    def __init__(self, path: str) -> None:
        super().__init__("localhost", timeout=PATIENCE_S)
        self._path = path

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(PATIENCE_S)
        self.sock.connect(self._path)


def _question(queue: str) -> bytes:
    return b"".join(
        (
            _HEAD.pack(2, 0, _GET_PRINTER_ATTRIBUTES, 1),
            bytes([_OPERATION]),
            _attribute(_CHARSET, b"attributes-charset", b"utf-8"),
            _attribute(_LANGUAGE, b"attributes-natural-language", b"en"),
            _attribute(_URI, b"printer-uri", f"ipp://localhost/printers/{queue}".encode()),
            _attribute(_KEYWORD, b"requested-attributes", b"media-supported"),
            bytes([_END]),
        )
    )


def _attribute(tag: int, name: bytes, value: bytes) -> bytes:
    return b"".join((bytes([tag]), _SIZE.pack(len(name)), name, _SIZE.pack(len(value)), value))


def _values(answer: bytes, wanted: bytes) -> Iterator[str]:
    """Every value of one attribute; further values of an attribute come without its name."""
    at, name = _HEAD.size, b""
    while at < len(answer) and answer[at] != _END:
        tag = answer[at]
        at += 1
        if tag < _FIRST_VALUE_TAG:
            continue
        named, at = _piece(answer, at)
        value, at = _piece(answer, at)
        name = named or name
        if name == wanted and tag in _NAMES:
            yield value.decode("utf-8", "replace")


def _piece(answer: bytes, at: int) -> tuple[bytes, int]:
    (size,) = _SIZE.unpack_from(answer, at)
    start = at + _SIZE.size
    return answer[start : start + size], start + size

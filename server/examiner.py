"""A process that verifies uploads: a batch in, what will be stored out (ADR 0020).

It is given public keys with every question and has nothing else: no database, no key, no network
but the socket to its server. It ends when that does.
"""

import resource
import signal
import socket
import sys
from collections.abc import Iterator

import msgspec
from msgspec.structs import replace

from server.garbage import search_rarely
from server.identity import Identity
from server.upload import Unusable, Upload, examine

MEMORY_BYTES = 1024 * 1024 * 1024
LENGTH_BYTES = 4
READ_BYTES = 24 * 1024
"""Eight uploads of a rush: for each answer alone the server would wake and take this core."""


class Question(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """An upload, and who its machine is and was."""

    dev: bytes
    incarnations: dict[int, Identity]
    data: bytes


def questions(source: socket.socket) -> Iterator[list[bytes]]:
    """Messages as they come, those of one reading together, until the other end is gone."""
    came = bytearray()
    while data := source.recv(READ_BYTES):
        came += data
        if whole := _take(came):
            yield whole


def _take(came: bytearray) -> list[bytes]:
    """The whole messages of what came, which are taken away from it."""
    found: list[bytes] = []
    start = 0
    while len(came) >= start + LENGTH_BYTES:
        begin = start + LENGTH_BYTES
        end = begin + int.from_bytes(came[start:begin], "big")
        if len(came) < end:
            break
        found.append(bytes(came[begin:end]))
        start = end
    del came[:start]
    return found


def message(content: bytes) -> bytes:
    """``content`` behind its length."""
    return len(content).to_bytes(LENGTH_BYTES, "big") + content


def answer(question: bytes) -> bytes:
    """What `server.upload.examine` says, as bytes; whoever asks has the batch itself."""
    asked = msgspec.msgpack.decode(question, type=Question)
    found = examine(asked.data, asked.dev, asked.incarnations)
    if isinstance(found, Upload):
        found = replace(found, data=b"")
    return msgspec.msgpack.encode(found)


def read_answer(content: bytes, data: bytes) -> Upload | Unusable:
    """The value of `answer`; ``data`` is the batch."""
    found = msgspec.msgpack.decode(content, type=Upload | Unusable)
    return replace(found, data=data) if isinstance(found, Upload) else found


def main(descriptor: int) -> None:
    """Answer on a socket until its other end is gone."""
    # The server says when to stop, by hanging up: what it was given it wants to finish.
    for each in (signal.SIGINT, signal.SIGTERM):
        signal.signal(each, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY_BYTES, MEMORY_BYTES))
    search_rarely()
    with socket.socket(fileno=descriptor) as server:
        for few in questions(server):
            try:
                server.sendall(b"".join([message(answer(each)) for each in few]))
            except (BrokenPipeError, ConnectionResetError):
                return


if __name__ == "__main__":
    main(int(sys.argv[1]))

"""A process that verifies uploads: a batch in, what will be stored out (ADR 0020).

It is given public keys with every question and has nothing else: no database, no key, no network
but the socket to its server. It ends when that does.
"""

import resource
import signal
import socket
import sys
import time
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


class Examined(msgspec.Struct, frozen=True, kw_only=True, array_like=True):
    """What `server.upload.examine` says, and how long it kept a processor."""

    found: Upload | Unusable
    spent_us: int


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


def look_at(asked: Question) -> Examined:
    """Examine an upload, by the clock of this thread."""
    started = time.thread_time_ns()
    found = examine(asked.data, asked.dev, asked.incarnations)
    return Examined(found=found, spent_us=(time.thread_time_ns() - started) // 1000)


def answer(question: bytes) -> bytes:
    """What `look_at` says, as bytes; whoever asks has the batch itself."""
    examined = look_at(msgspec.msgpack.decode(question, type=Question))
    if isinstance(examined.found, Upload):
        examined = replace(examined, found=replace(examined.found, data=b""))
    return msgspec.msgpack.encode(examined)


def read_answer(content: bytes, data: bytes) -> Examined:
    """The value of `answer`; ``data`` is the batch."""
    examined = msgspec.msgpack.decode(content, type=Examined)
    if isinstance(examined.found, Upload):
        return replace(examined, found=replace(examined.found, data=data))
    return examined


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

"""A load generator as cheap as can be: prepared uploads over kept-alive sockets, nothing decoded.

Run as a program it reads uploads from a file, says ``ready``, begins at the next line of input and
prints what it measured as JSON.
"""

import asyncio
import json
import sys
import time
from pathlib import Path

import msgpack

from core.wire.batch import MEDIA_TYPE

END_OF_HEADERS = b"\r\n\r\n"


def request(dev: bytes, body: bytes) -> bytes:
    """An upload as bytes on a connection."""
    head = (
        f"POST /v1/log/{dev.hex()} HTTP/1.1\r\nHost: server\r\n"
        f"Content-Type: {MEDIA_TYPE}\r\nContent-Length: {len(body)}\r\n\r\n"
    )
    return head.encode() + body


async def _worker(
    host: str, port: int, uploads: list[list[bytes]], seconds: list[float], statuses: list[int]
) -> None:
    """Send each machine's uploads in order, one machine after the other."""
    reader, writer = await asyncio.open_connection(host, port)
    for machine in uploads:
        for data in machine:
            started = time.perf_counter()
            writer.write(data)
            headers = await reader.readuntil(END_OF_HEADERS)
            length = int(headers.lower().split(b"content-length:")[1].split(b"\r\n")[0])
            await reader.readexactly(length)
            seconds.append(time.perf_counter() - started)
            statuses.append(int(headers.split(b" ", 2)[1]))
    writer.close()


async def _run(host: str, port: int, machines: list[list[bytes]], connections: int) -> str:
    seconds: list[float] = []
    statuses: list[int] = []
    shares = [machines[number::connections] for number in range(connections)]
    started, cpu = time.time(), time.process_time()
    await asyncio.gather(*(_worker(host, port, each, seconds, statuses) for each in shares if each))
    spent_us = (time.process_time() - cpu) * 1e6
    return json.dumps(
        {
            "started": started,
            "ended": time.time(),
            "cpu_us": spent_us,
            "seconds": seconds,
            "statuses": statuses,
        }
    )


def main() -> None:
    """``load.py HOST PORT FILE CONNECTIONS``."""
    host, port, place, connections = sys.argv[1:]
    machines = [
        [request(dev, body) for body in bodies]
        for dev, bodies in msgpack.unpackb(Path(place).read_bytes())
    ]
    print("ready", flush=True)  # noqa: T201 - the other end of a pipe waits for it
    sys.stdin.readline()
    print(asyncio.run(_run(host, int(port), machines, int(connections))))  # noqa: T201 - as above


if __name__ == "__main__":
    main()

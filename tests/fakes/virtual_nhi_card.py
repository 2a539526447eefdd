"""A card that the virtual smart-card reader driver (vpcd) takes for real, over its TCP port."""

import socket
import struct
import threading
from collections.abc import Callable
from contextlib import suppress

from core.card.apdu import Command, Response

ATR = bytes.fromhex("3B6500002063CBB8")
POWER_OFF, POWER_ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"


class VpcdCard:
    """Inserted by connecting, removed by closing; ``answer`` decides what the chip says.

    ``answer`` returning None pulls the card in the middle of that command.
    """

    def __init__(self, answer: Callable[[Command], Response | None], port: int) -> None:
        self._answer = answer
        self._address = ("127.0.0.1", port)
        self._socket: socket.socket | None = None

    def insert(self) -> None:
        self._socket = socket.create_connection(self._address, 5)
        self._socket.settimeout(None)
        threading.Thread(target=self._serve, args=(self._socket,), daemon=True).start()

    def remove(self) -> None:
        if self._socket is not None:
            _close(self._socket)

    def _serve(self, link: socket.socket) -> None:
        try:
            while True:
                message = _receive(link, struct.unpack(">H", _receive(link, 2))[0])
                if message in {POWER_OFF, POWER_ON, RESET}:
                    continue
                if message == GET_ATR:
                    reply = ATR
                else:
                    response = self._answer(Command(message))
                    if response is None:
                        _close(link)
                        return
                    reply = response.data + response.status.to_bytes(2, "big")
                link.sendall(struct.pack(">H", len(reply)) + reply)
        except (EOFError, OSError):
            _close(link)


def _receive(link: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        # The driver sends length and payload apart; else each exchange waits for an ACK timer.
        link.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        chunk = link.recv(count - len(data))
        if not chunk:
            raise EOFError
        data += chunk
    return data


def _close(link: socket.socket) -> None:
    with suppress(OSError):
        link.shutdown(socket.SHUT_RDWR)
    link.close()

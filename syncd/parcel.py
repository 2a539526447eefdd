"""Batches ready to send.

The same range under the same epoch gives the same bytes again (PROTOCOL 2.7).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

from core.sealing import SigningKey
from core.wire.batch import RAW_BYTES, UNSAID, BatchHeader, encode_batch
from core.wire.chain import Link
from core.wire.event import encode_frame
from core.wire.fault import WireError
from syncd.store.database import Store

HEADER_BYTES = 1024  # header, signature and lengths, with room to spare
LENGTH_BYTES = 5  # of one frame in the list


@dataclass(frozen=True, slots=True, kw_only=True)
class Parcel:
    """One upload: wire bytes, the nonce its answer must repeat, and the entries in it."""

    data: bytes = field(repr=False)
    nonce: bytes
    first: int
    last: int

    @property
    def count(self) -> int:
        """How many entries."""
        return self.last - self.first + 1


@dataclass(slots=True)
class Parcels:
    """Packs entries of ``store``.

    Keeps the last parcel, since an unanswered one is sent again as it was.
    """

    store: Store
    key_at: Callable[[int], SigningKey]
    _asked: tuple[int, int, bytes | None] | None = None
    _last: Parcel | None = None

    def pack(
        self, first: int, limit: int, epoch: bytes | None, nonce: bytes, now_ms: int
    ) -> Parcel | None:
        """Entries from ``first`` on, at most ``limit`` and as many as fit.

        None when there are none.

        Args:
            first: ``seq`` of the first entry.
            limit: At most so many entries.
            epoch: The server's epoch as last heard.
            nonce: 16 random bytes, used if this is not a repetition.
            now_ms: Boot clock.
        """
        asked = (first, limit, epoch)
        if self._last is None or self._asked != asked:
            self._last = self._fresh(first, limit, epoch, nonce, now_ms)
            self._asked = asked
        return self._last

    def forget(self) -> None:
        """The last parcel was answered."""
        self._last = None

    def _fresh(
        self, first: int, limit: int, epoch: bytes | None, nonce: bytes, now_ms: int
    ) -> Parcel | None:
        links = _fitting(self.store.ledger.links(first, limit))
        while links:
            header = self._header(links, epoch, nonce, now_ms)
            try:
                frames = [link.frame for link in links]
                data = encode_batch(header, frames, self.key_at(header.first))
            except WireError:  # larger than the wire allows, though not raw: pack fewer
                links = links[: len(links) // 2]
                continue
            return Parcel(data=data, nonce=nonce, first=header.first, last=header.last)
        return None

    def _header(
        self, links: Sequence[Link], epoch: bytes | None, nonce: bytes, now_ms: int
    ) -> BatchHeader:
        first, last = links[0].event, links[-1]
        return BatchHeader(
            dev=first.dev,
            inc=first.inc,
            epoch=epoch,
            first=first.seq,
            prev=first.prev,
            n=len(links),
            head=last.hash,
            last=last.event.seq,
            frames=UNSAID,
            nonce=nonce,
            sent_m=now_ms,
        )


def _fitting(links: Sequence[Link]) -> Sequence[Link]:
    """The beginning of ``links`` that stays under the limit for unpacked bytes."""
    room = RAW_BYTES - HEADER_BYTES
    for index, link in enumerate(links):
        room -= len(encode_frame(link.frame)) + LENGTH_BYTES
        if room < 0:
            return links[:index]
    return links

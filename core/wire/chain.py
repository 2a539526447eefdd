"""A log as a chain: where it stands, and whether frames continue it (PROTOCOL 2.3, 2.7 step 2)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from core.sealing import verify
from core.signature import SignatureType
from core.wire.event import Event, Frame, Placed, read_event
from core.wire.fault import WireError
from core.wire.rotation import key_after


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The last entry of one incarnation of a log.

    ``seq`` 0 is the empty log, whose hash is the certificate's.
    """

    inc: int
    seq: int
    hash: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A verified frame with its decoded event and hash."""

    frame: Frame
    event: Event
    hash: bytes

    @property
    def head(self) -> Head:
        """The head of the log that ends here."""
        return Head(inc=self.event.inc, seq=self.event.seq, hash=self.hash)


@dataclass(frozen=True, slots=True, kw_only=True)
class Broken:
    """The first frame that does not hold, by index, and why; the ones before it are good."""

    index: int
    code: str


def verify_frame(frame: Frame, key: bytes, read: Callable[[Frame], Event] = read_event) -> Link:
    """Signature over the received bytes first, then strict decoding (PROTOCOL 2.2, receiver order).

    The entry after it is under the key that `key_after` says. ``read`` is `read_notice` for the
    server's log for a device.

    Raises:
        WireError: ``signature``, as ``read``, or ``rotation`` for a key that did not take over.
    """
    if not verify(key, SignatureType.EVENT, frame.event, frame.signature):
        raise WireError("signature")
    event = read(frame)
    key_after(event, key)
    return Link(frame=frame, event=event, hash=frame.hash)


def continues(link: Link, device: bytes, head: Head) -> str | None:
    """Why ``link`` is not the entry after ``head`` in the log of ``device``; None when it is."""
    return misplaced(link.event, device, head)


def misplaced(event: Placed, device: bytes, head: Head) -> str | None:
    """As `continues`, of the event alone."""
    if event.dev != device or event.inc != head.inc:
        return "other_log"
    if event.seq != head.seq + 1:
        return "sequence"
    if event.prev != head.hash:
        return "prev"
    return None


def follow(
    frames: Sequence[Frame], key: bytes, device: bytes, head: Head
) -> tuple[tuple[Link, ...], Broken | None]:
    """The good beginning of ``frames`` as links after ``head``, and where it breaks, if it does.

    ``key`` is the one in force after ``head``; a ``key.rotate`` on the way changes it.
    """
    links: list[Link] = []
    for index, frame in enumerate(frames):
        try:
            link = verify_frame(frame, key)
        except WireError as error:
            return tuple(links), Broken(index=index, code=error.code)
        code = continues(link, device, head)
        if code is not None:
            return tuple(links), Broken(index=index, code=code)
        links.append(link)
        head, key = link.head, key_after(link.event, key)
    return tuple(links), None

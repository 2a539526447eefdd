"""Parcels and answers for tests: written by the fake device and the fake centre."""

import msgspec

from core.sealing import seal_public
from core.wire.manifest import AnswerManifest, ParcelManifest
from core.wire.usb import AnswerContent, ParcelContent, write_answer, write_parcel

DEVICE_SEAL = b"d" * 32
UNSEALED = {"hash": bytes(32), "size": 0, "seal": bytes(16), "documents": bytes(32)}
"""What the writer fills in."""


def manifest_of(device, first=1, last=None, **changed):
    """What a machine states about entries ``first`` to ``last``."""
    last = last or len(device.links)
    manifest = ParcelManifest(
        way="parcel",
        dev=device.id,
        inc=device.inc,
        first=first,
        last=last,
        purpose="log",
        head=device.links[last - 1].hash,
        count=last - first + 1,
        reply=seal_public(DEVICE_SEAL),
        snapshot=(0, bytes(8)),
        inbox=0,
        trust=1,
        nonce=device.salt(),
        t=device.now_ms,
        **UNSEALED,
    )
    return msgspec.structs.replace(manifest, **changed)


def parcel_of(  # noqa: PLR0913 - the parts of a file
    device, centre, first=1, last=None, *, step=200, content=None, key=None, documents=(), **changed
):
    """A file with entries ``first`` to ``last`` in batches of ``step``."""
    last = last or len(device.links)
    batches = tuple(
        device.batch(start, min(last, start + step - 1)) for start in range(first, last + 1, step)
    )
    return write_parcel(
        manifest_of(device, first, last, **changed),
        content or ParcelContent(batches=batches),
        key or device.key,
        centre.trust.seal,
        documents,
    )


def content_of(**changed):
    """An answer that says next to nothing."""
    content = AnswerContent(acks=(), beacon=b"", inbox=(), snapshot=None, files=())
    return msgspec.structs.replace(content, **changed)


def answer_to(  # noqa: PLR0913
    device, centre, content=None, *, key=None, reply=DEVICE_SEAL, documents=(), **changed
):
    """A file for one machine."""
    manifest = AnswerManifest(
        way="answer",
        dev=device.id,
        inc=device.inc,
        first=1,
        last=1,
        parcel=bytes(32),
        t=device.now_ms,
        **UNSEALED,
    )
    return write_answer(
        msgspec.structs.replace(manifest, **changed),
        content or content_of(),
        key or centre.receipt,
        seal_public(reply),
        documents,
    )

"""Receipts as kiosks print them, and a server that began again from a backup."""

from core.wire.receipt import MINUTE_MS, Receipt, encode_receipt
from server.store.settings import RESTORED_MS, write_number


def device_receipt(device, link, **changed):
    """What the machine gives the teacher at once."""
    fields = {
        "device": device.id[:8],
        "inc": link.event.inc,
        "seq": link.event.seq,
        "event": link.hash[:16],
        "minute": link.event.t // MINUTE_MS,
    }
    return encode_receipt(Receipt(**(fields | changed)), device.key)


def server_receipt(centre, device, link, *, log_index, minute=29_622_780):
    """What the server gives for it, of this place in its log."""
    content = Receipt(
        device=device.id[:8],
        inc=link.event.inc,
        seq=link.event.seq,
        event=link.hash[:16],
        minute=minute,
        log_index=log_index,
    )
    return encode_receipt(content, centre.receipt)


def restored(desk):
    """The server began again from a backup, now."""
    with desk.country.store.writing() as connection:
        write_number(connection, RESTORED_MS, desk.country.now_ms)

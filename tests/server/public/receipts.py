"""Receipts as kiosks print them."""

from core.wire.receipt import MINUTE_MS, Receipt, encode_receipt


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

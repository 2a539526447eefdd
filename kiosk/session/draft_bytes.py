"""A draft as bytes for the store and back. The form is this program's own; nobody signs it."""

import msgspec

from core.wire.canon import FILE_LIMITS, decode, encode
from core.wire.fault import WireError
from kiosk.session.draft import Draft

FORM = 1


def encode_draft(draft: Draft) -> bytes:
    """The draft with all its steps."""
    return encode({"form": FORM, "draft": msgspec.to_builtins(draft)}, FILE_LIMITS)


def decode_draft(data: bytes) -> Draft:
    """The draft of `encode_draft`.

    Raises:
        ValueError: Not a draft of this form.
    """
    try:
        value = decode(data, FILE_LIMITS)
        if not isinstance(value, dict) or value.get("form") != FORM:
            raise ValueError("draft_form")
        return msgspec.convert(value.get("draft"), Draft, strict=True)
    except (WireError, msgspec.ValidationError) as error:
        raise ValueError("draft_form") from error

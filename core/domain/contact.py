"""Telephone numbers and mail addresses a person types."""

import re
import unicodedata
from functools import partial

_MAIL_LENGTH_AT_MOST = 254  # RFC 5321 §4.5.3.1.3: a path has 256 octets, two are its brackets
_LOCAL_LENGTH_AT_MOST = 64  # RFC 5321 §4.5.3.1.1
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_MAIL = re.compile(
    rf"(?P<local>{_ATOM}(?:\.{_ATOM})*)@(?P<domain>(?:{_LABEL}\.)+(?!\d+\Z){_LABEL})", re.ASCII
)
_PHONE = re.compile(r"[0-9+()\-. ]{8,20}(?:#[0-9]{1,6})?", re.ASCII)
_normalise = partial(unicodedata.normalize, "NFKC")


def parse_phone(text: str) -> str:
    """The number as forms print it: ``07-1234567#89`` or ``0900123456``.

    Raises:
        ValueError: ``phone_wrong``; not a number in use in Taiwan.
    """
    # Loaded on first use: its tables cost a kiosk a twentieth of a second before the first screen.
    import phonenumbers  # noqa: PLC0415

    plain = (
        " ".join(_normalise(text).split())
        .replace("分機", "#")
        .replace(" #", "#")
        .replace("# ", "#")
    )
    if _PHONE.fullmatch(plain) is None:
        raise ValueError("phone_wrong")
    try:
        number = phonenumbers.parse(plain, "TW")
    except phonenumbers.NumberParseException as error:
        raise ValueError("phone_wrong") from error
    if not phonenumbers.is_valid_number_for_region(number, "TW"):
        raise ValueError("phone_wrong")
    digits = phonenumbers.national_significant_number(number)
    area = phonenumbers.length_of_geographical_area_code(number)
    written = f"0{digits[:area]}-{digits[area:]}" if area else f"0{digits}"
    return f"{written}#{number.extension}" if number.extension else written


def parse_email(text: str) -> str:
    """The address, half width and trimmed; the case is kept, a mail server may tell it apart.

    Raises:
        ValueError: ``email_wrong``; also for quoted local parts and addresses beyond ASCII,
            which hardly any school's mail server takes.
    """
    plain = _normalise(text).strip()
    match = _MAIL.fullmatch(plain)
    if (
        match is None
        or len(plain) > _MAIL_LENGTH_AT_MOST
        or len(match["local"]) > _LOCAL_LENGTH_AT_MOST
    ):
        raise ValueError("email_wrong")
    return plain

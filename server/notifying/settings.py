"""How messages leave: ``HOME/notify.toml``, and beside it what must stay secret.

Without the file nothing is sent. Secrets are in ``keys/notify.toml`` (mode 0600), or where the
service manager puts credentials; never in a flag, an environment variable or a log. What is set
here differs from place to place and none of it is official (範例 in the documentation).
"""

import os
import secrets
import stat
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from email.utils import parseaddr
from pathlib import Path
from typing import Any, Literal, TypeVar

import msgspec

from core.domain.contact import parse_email
from core.sealing import KEY_BYTES
from server.keys import KeysError

T = TypeVar("T")
Security = Literal["tls", "starttls", "none"]
SETTINGS = "notify.toml"
CONTACT_KEY = "contact.key"
LINE_API = "https://api.line.me"
FREE_MESSAGES = 200  # 範例: the published free plan; the plan of the account decides


@dataclass(frozen=True, slots=True, kw_only=True)
class MailSettings:
    """The server that takes our mail. ``ca_file`` narrows who may vouch for it.

    ``public`` is this server's address as people reach it, such as ``https://介聘.example.tw``: a
    receipt then says where anybody may check it.
    """

    host: str
    sender: str
    port: int = 587
    security: Security = "starttls"
    ca_file: str | None = None
    public: str = ""

    def __post_init__(self) -> None:
        if not self.host or not 0 < self.port < 1 << 16:
            raise ValueError("mail: host and port")
        if self.public and not self.public.startswith(("https://", "http://")):
            raise ValueError("mail: public is an address such as https://host")
        parse_email(parseaddr(self.sender)[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class LineSettings:
    """The official account: its id as people see it, such as ``@name``, and what may be spent."""

    account: str
    messages_a_month: int = FREE_MESSAGES
    api: str = LINE_API

    def __post_init__(self) -> None:
        if not self.account.startswith("@") or self.messages_a_month < 0:
            raise ValueError("line: account and messages_a_month")


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """What must not be shown; the ``repr`` does not."""

    smtp_user: str = field(default="", repr=False)
    smtp_password: str = field(default="", repr=False)
    line_secret: str = field(default="", repr=False)
    line_token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notifying:
    """Which channels there are. ``contact_key`` seals what is kept of people's ways."""

    mail: MailSettings | None = None
    line: LineSettings | None = None
    credentials: Credentials = Credentials()
    contact_key: bytes = field(default=b"", repr=False)


QUIET = Notifying()


def read_notifying(home: Path) -> Notifying:
    """The settings of a server's home; `QUIET` without the file.

    Raises:
        KeysError: A file is malformed, secrets are missing, or others may read them.
    """
    place = home / SETTINGS
    if not place.exists():
        return QUIET
    raw = _table(place)
    try:
        mail = _section(raw, "mail", MailSettings)
        line = _section(raw, "line", LineSettings)
    except (ValueError, msgspec.ValidationError) as error:
        raise KeysError(f"{place}: {error}") from error
    if raw.keys() - {"mail", "line"}:
        raise KeysError(f"{place}: unknown section")
    credentials = _credentials(home)
    if mail is not None and credentials.smtp_user and mail.security == "none":
        raise KeysError(f"{place}: a password is never sent over a line without TLS")
    if line is not None and not (credentials.line_secret and credentials.line_token):
        raise KeysError(f"{place}: LINE needs line_secret and line_token among the credentials")
    if mail is None and line is None:
        return QUIET
    return Notifying(
        mail=mail, line=line, credentials=credentials, contact_key=_contact_key(home / "keys")
    )


def _section(raw: Mapping[str, Any], name: str, kind: type[T]) -> T | None:
    if name not in raw:
        return None
    unknown = set(raw[name]) - {each.name for each in fields(kind)}  # type: ignore[arg-type]
    if unknown:
        raise ValueError(f"{name}: unknown setting {min(unknown)}")
    return msgspec.convert(raw[name], kind, strict=True)


def _credentials(home: Path) -> Credentials:
    folder = os.environ.get("CREDENTIALS_DIRECTORY")
    place = (Path(folder) if folder else home / "keys") / SETTINGS
    if not place.exists():
        return Credentials()
    if folder is None and stat.S_IMODE(place.stat().st_mode) & 0o077:
        raise KeysError(f"{place}: others may read it (chmod 600)")
    try:
        found = _section({"credentials": _table(place)}, "credentials", Credentials)
    except (ValueError, msgspec.ValidationError) as error:
        # Not the reason: it could show a value.
        raise KeysError(f"{place}: not the credentials of notifications") from error
    return found or Credentials()


def _table(place: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(place.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise KeysError(f"{place}: cannot be read as TOML") from error


def _contact_key(folder: Path) -> bytes:
    """32 bytes, made when they are first needed."""
    place = folder / CONTACT_KEY
    try:
        if not place.exists():
            fresh = place.with_suffix(".new")
            descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
            with os.fdopen(descriptor, "wb") as target:
                target.write(secrets.token_bytes(KEY_BYTES))
                target.flush()
                os.fsync(target.fileno())
            fresh.replace(place)
        key = place.read_bytes()
    except OSError as error:
        raise KeysError(f"{place}: cannot be read or made") from error
    if len(key) != KEY_BYTES:
        raise KeysError(f"{place} does not hold a key of {KEY_BYTES} bytes")
    return key

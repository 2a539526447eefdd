"""Mail by SMTP, one connection for as many messages as there are at a time."""

import ssl
from datetime import datetime
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

import aiosmtplib

from core.domain.roc import TAIPEI
from server.notifying.delivery import Outcome, Parcel, PutOff, Refused, Sent
from server.notifying.settings import Credentials, MailSettings

TIMEOUT_S = 30.0
PERMANENT = range(500, 600)
SECOND_MS = 1000


class Mail:
    """Hands parcels to one mail server; `rest` closes the line."""

    def __init__(self, settings: MailSettings, credentials: Credentials) -> None:
        """Nothing is opened before the first parcel."""
        self._settings = settings
        self._credentials = credentials
        self._line: aiosmtplib.SMTP | None = None

    async def send(self, parcel: Parcel) -> Outcome:
        """One try; the same parcel always carries the same Message-ID."""
        try:
            line = self._line or await self._open()
        except aiosmtplib.SMTPAuthenticationError:
            return PutOff(code="login_refused", everything=True)
        except (aiosmtplib.SMTPException, OSError, ValueError) as error:
            return PutOff(code=_code_of(error), everything=True)
        self._line = line
        try:
            await line.send_message(
                self._written(parcel), sender=self._sender, recipients=[parcel.target]
            )
        except (aiosmtplib.SMTPException, OSError) as error:
            await self.rest()
            return _judged(error)
        except BaseException:  # in the middle of a command there is no good-bye
            self._line = None
            line.close()
            raise
        return Sent()

    async def rest(self) -> None:
        """Say good-bye to the server; a line that is broken is dropped."""
        line, self._line = self._line, None
        if line is None:
            return
        try:
            await line.quit()
        except (aiosmtplib.SMTPException, OSError):
            line.close()

    @property
    def _sender(self) -> str:
        return parseaddr(self._settings.sender)[1]

    async def _open(self) -> aiosmtplib.SMTP:
        settings = self._settings
        line = aiosmtplib.SMTP(
            hostname=settings.host,
            port=settings.port,
            use_tls=settings.security == "tls",
            start_tls=settings.security == "starttls",
            tls_context=ssl.create_default_context(cafile=settings.ca_file),
            local_hostname=self._sender.rpartition("@")[2],
            timeout=TIMEOUT_S,
        )
        await line.connect()
        if self._credentials.smtp_user:
            try:
                await line.login(self._credentials.smtp_user, self._credentials.smtp_password)
            except BaseException:
                line.close()
                raise
        return line

    def _written(self, parcel: Parcel) -> EmailMessage:
        written = EmailMessage()
        written["From"] = self._settings.sender
        written["To"] = parcel.target
        written["Subject"] = parcel.message.subject
        moment = datetime.fromtimestamp(parcel.t_ms // SECOND_MS, TAIPEI)
        written["Date"] = format_datetime(moment)
        written["Message-ID"] = f"<{parcel.id.hex()}@{self._sender.rpartition('@')[2]}>"
        written["Auto-Submitted"] = "auto-generated"  # RFC 3834: no out-of-office replies
        written.set_content(parcel.message.text)
        return written


def _judged(error: Exception) -> Outcome:
    """What a failure during a message means for this message and for the others."""
    match error:
        case aiosmtplib.SMTPRecipientsRefused(
            recipients=[aiosmtplib.SMTPRecipientRefused() as one]
        ):
            if one.code in PERMANENT:
                return Refused("address_refused")
            return PutOff(code="address_later", everything=False)
        case aiosmtplib.SMTPSenderRefused():
            return PutOff(code="sender_refused", everything=True)
        case aiosmtplib.SMTPDataError(code=code) if code in PERMANENT:
            return Refused("content_refused")
        case aiosmtplib.SMTPResponseException() if not isinstance(
            error, aiosmtplib.SMTPTimeoutError
        ):
            return PutOff(code="content_later", everything=False)
        case _:
            return PutOff(code=_code_of(error), everything=True)


def _code_of(error: Exception) -> str:
    """Why there is no line; never what the other side wrote, which may hold an address."""
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return "tls"
    if isinstance(error, aiosmtplib.SMTPTimeoutError | TimeoutError):
        return "timeout"
    if isinstance(error, aiosmtplib.SMTPException) and "STARTTLS" in str(error):
        return "tls"
    return "unreachable"

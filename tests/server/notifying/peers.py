# ruff: noqa: ARG002, N802 - aiosmtpd names its handlers and what they take
"""The other sides of a message: a mail server and LINE's platform, on real sockets."""

import asyncio
import base64
import datetime
import hmac
import ipaddress
import json
import ssl
import warnings
from contextlib import asynccontextmanager

from aiohttp import web
from aiosmtpd.smtp import SMTP, AuthResult
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

USER, PASSWORD = "jiepin", "open sesame"
SECRET, TOKEN = "channel secret", "channel token"
DAY = datetime.timedelta(days=1)


class MailServer:
    """Keeps what it is given; `answers` are used up first, one for each recipient or message."""

    def __init__(self):
        self.letters = []
        self.to = []
        self.answers = []
        self.contents = []
        self.logins = []
        self.tls = []
        self.refuse_sender = False
        self.port = 0

    async def handle_MAIL(self, server, session, envelope, address, mail_options):
        if self.refuse_sender:
            return "550 5.7.1 not this sender"
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        if self.answers:
            answer = self.answers.pop(0)
            if not answer.startswith("250"):
                return answer
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        if self.contents:
            return self.contents.pop(0)
        self.tls.append(session.ssl is not None)
        self.letters.append(envelope.content)
        self.to.append(envelope.rcpt_tos)
        return "250 taken"

    def authenticate(self, server, session, envelope, mechanism, data):
        given = (data.login.decode(), data.password.decode())
        self.logins.append(given)
        return AuthResult(success=given == (USER, PASSWORD), handled=False)


@asynccontextmanager
async def mail_server(*, tls=None, implicit=False, login=False):
    """A mail server on loopback; ``tls`` offers STARTTLS, with ``implicit`` it comes first."""
    peer = MailServer()

    def speak():
        with warnings.catch_warnings():
            # It warns of a login without STARTTLS, and does not see that all of it is under TLS.
            warnings.simplefilter("ignore", UserWarning)
            return SMTP(
                peer,
                hostname="mail.example.tw",
                tls_context=None if implicit else tls,
                require_starttls=tls is not None and not implicit,
                authenticator=peer.authenticate if login else None,
                auth_required=login,
                auth_require_tls=not implicit,
            )

    loop = asyncio.get_running_loop()
    server = await loop.create_server(speak, "127.0.0.1", 0, ssl=tls if implicit else None)
    peer.port = server.sockets[0].getsockname()[1]
    try:
        yield peer
    finally:
        server.close()
        await server.wait_closed()


class Platform:
    """LINE's side of push and reply, as documented; `answers` are used up first."""

    def __init__(self):
        self.pushes = []
        self.replies = []
        self.keys = {}
        self.answers = []
        self.url = ""

    async def push(self, request):
        if request.headers.get("Authorization") != f"Bearer {TOKEN}":
            return web.json_response({"message": "Authentication failed"}, status=401)
        key = request.headers["X-Line-Retry-Key"]
        if self.answers:
            status, message, taken, headers = self.answers.pop(0)
            if taken:
                self.keys.setdefault(key, await request.json())
                self.pushes.append((key, self.keys[key]))
            return web.json_response({"message": message}, status=status, headers=headers)
        if key in self.keys:
            return web.json_response(
                {"message": "The retry key is already accepted"},
                status=409,
                headers={"X-Line-Accepted-Request-Id": "first"},
            )
        self.keys[key] = await request.json()
        self.pushes.append((key, self.keys[key]))
        return web.json_response({"sentMessages": [{"id": "1"}]})

    async def reply(self, request):
        self.replies.append(await request.json())
        return web.json_response({})


@asynccontextmanager
async def line_platform():
    """The platform on loopback."""
    peer = Platform()
    app = web.Application()
    app.router.add_post("/v2/bot/message/push", peer.push)
    app.router.add_post("/v2/bot/message/reply", peer.reply)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    peer.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    try:
        yield peer
    finally:
        await runner.cleanup()


def signed(events, secret=SECRET):
    """A webhook's body and signature."""
    body = json.dumps({"destination": "U0", "events": events}).encode()
    return body, base64.b64encode(hmac.digest(secret.encode(), body, "sha256")).decode()


USER = "U" + 4 * "4af49806"
"""A LINE account, in LINE's shape: too long to stand in sealed bytes by chance."""


def wrote(user, text, reply="r1"):
    """An event: somebody wrote to the account."""
    return {
        "type": "message",
        "replyToken": reply,
        "source": {"type": "user", "userId": user},
        "message": {"type": "text", "id": "1", "text": text},
    }


def own_tls(folder):
    """A server's TLS context for 127.0.0.1, and the file that vouches for it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "test peer")])
    now = datetime.datetime.now(datetime.UTC)
    local = x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))])
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - DAY)
        .not_valid_after(now + DAY)
        .add_extension(local, critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .sign(key, hashes.SHA256())
    )
    place = folder / "peer.pem"
    place.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    secret = folder / "peer.key"
    secret.write_bytes(
        key.private_bytes(
            serialization.Encoding.PEM,
            serialization.PrivateFormat.PKCS8,
            serialization.NoEncryption(),
        )
    )
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(place, secret)
    return context, str(place)

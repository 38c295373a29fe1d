"""One SMTP conversation: aiosmtpd's, with a hand on what goes back over the connection."""

import asyncio
import socket
import ssl
import struct
from dataclasses import dataclass

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from sandbox.faults import Fault
from sandbox.ledger import Ledger
from sandbox.mailbox.faults import MailFaults, answer_of
from sandbox.mailbox.records import MailStore

HOSTNAME = "mailbox.sandbox.example"
PROXY_PAGE = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html><body>Proxy</body></html>\r\n"

_BEFORE = frozenset({"cut_before_effect", "stall"})
_SPOILING = frozenset(
    {"cut_before_effect", "cut_after_effect", "slow", "stall", "stall_after_effect", "drip", "truncated_body"}
    | {"html_page_200"}
)


@dataclass(frozen=True, slots=True)
class Doorman:
    """Who may come in and how: the TLS context (STARTTLS, or from the first byte) and the one login."""

    tls: ssl.SSLContext | None = None
    implicit_tls: bool = False
    credentials: tuple[str, str] | None = None

    @property
    def starttls(self) -> ssl.SSLContext | None:
        """The context for STARTTLS, None when it is not offered."""
        return None if self.implicit_tls else self.tls


class Conversation(SMTP):
    """Speaks as aiosmtpd does unless ``spoil`` holds a fault for the next answer."""

    def __init__(self, post: "Post", doorman: Doorman, loop: asyncio.AbstractEventLoop) -> None:
        hits = post.draw("connect")
        kinds = {fault.kind for fault in hits}
        self.spoil = next((fault for fault in hits if fault.kind in _SPOILING), None)
        self._greeting = next((answer for fault in hits if (answer := answer_of(fault))), None)
        self._refuses_starttls = "starttls_refused" in kinds
        tls = None if "starttls_stripped" in kinds else doorman.starttls
        super().__init__(
            post,
            hostname=HOSTNAME,
            ident="sandbox",
            tls_context=tls,
            require_starttls=tls is not None,
            auth_required=doorman.credentials is not None,
            auth_require_tls=tls is not None,
            authenticator=lambda _server, _session, _envelope, _mechanism, login: post.authenticate(login),
            loop=loop,
        )

    async def push(self, status: str | bytes) -> None:
        """Send one answer, or what a fault makes of it."""
        line = status if isinstance(status, bytes) else status.encode("ascii")
        if self._greeting is not None:
            line, self._greeting = self._greeting.encode("ascii"), None
        fault, self.spoil = self.spoil, None
        if fault is None:
            await super().push(line)
        else:
            await self._push_spoiled(fault, line)
        if line.startswith((b"421", b"554 5.3.2")) and self.transport is not None:
            self.transport.close()

    async def smtp_STARTTLS(self, arg: str) -> None:  # noqa: N802 (aiosmtpd finds commands by this name)
        """Start TLS, or refuse to when told so."""
        if self._refuses_starttls:
            await self.push("454 4.7.0 TLS not available now")
        else:
            await super().smtp_STARTTLS(arg)

    async def _push_spoiled(self, fault: Fault, line: bytes) -> None:
        match fault.kind:
            case "cut_before_effect" | "cut_after_effect":
                self._reset()
            case "stall" | "stall_after_effect":
                await asyncio.sleep(fault.seconds)
                self._reset()
            case "drip":
                for byte in line + b"\r\n":
                    self._writer.write(bytes([byte]))
                    await self._writer.drain()
                    await asyncio.sleep(fault.seconds)
            case "truncated_body" | "html_page_200":
                self._writer.write(PROXY_PAGE if fault.kind == "html_page_200" else line[:2])
                await self._writer.drain()
                self._writer.close()
            case _:
                await asyncio.sleep(fault.seconds)
                await super().push(line)

    def _reset(self) -> None:
        """End the connection by a TCP reset: linger of zero seconds."""
        if self.transport is None:
            return
        sock = self.transport.get_extra_info("socket")
        if sock is not None:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self._writer.transport.abort()


class Post:
    """Takes what the conversations bring: decides, keeps, records. aiosmtpd calls it by the names of its hooks."""

    def __init__(self, store: MailStore, ledger: Ledger, faults: MailFaults, doorman: Doorman) -> None:
        self._store = store
        self._ledger = ledger
        self._faults = faults
        self._credentials = doorman.credentials

    def draw(self, operation: str, key: str = "") -> tuple[Fault, ...]:
        """Count a call and return the faults that hit it."""
        self._ledger.count_call(operation)
        return self._faults.draw(operation, key)

    def authenticate(self, login: LoginPassword) -> AuthResult:
        """Compare the login with the only one there is."""
        name, password = login.login.decode("utf-8", "replace"), login.password.decode("utf-8", "replace")
        refused = any(fault.kind == "auth_refused" for fault in self.draw("auth", name))
        return AuthResult(success=not refused and (name, password) == self._credentials, handled=False)

    async def handle_MAIL(  # noqa: N802 (aiosmtpd's name)
        self, server: Conversation, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take the envelope sender."""
        refusal = self._stopped(server, self.draw("mail", address))
        if refusal:
            return refusal
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Ok"

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, server: Conversation, _session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        """Take one envelope recipient."""
        refusal = self._stopped(server, self.draw("rcpt", address))
        if refusal:
            return refusal
        envelope.rcpt_tos.append(address)
        envelope.rcpt_options.extend(options)
        return "250 2.1.5 Ok"

    async def handle_DATA(  # noqa: N802 (aiosmtpd's name)
        self, server: Conversation, _session: Session, envelope: Envelope
    ) -> str:
        """Keep the message for each recipient, unless a fault stops it before; one ledger entry per recipient."""
        hits = self.draw("deliver", envelope.rcpt_tos[0])
        refusal = self._stopped(server, hits)
        if refusal or (server.spoil is not None and _keeps_nothing(server.spoil)):
            return refusal or "451 4.3.0 nothing kept"
        for fault in hits:
            if fault.kind == "late_effect":
                await asyncio.sleep(fault.seconds)
        raw = envelope.original_content or b""
        numbers = [str(self._keep(envelope.mail_from or "", recipient, raw)) for recipient in envelope.rcpt_tos]
        return f"250 2.0.0 Ok: queued as {'-'.join(numbers)}"

    def _stopped(self, server: Conversation, hits: tuple[Fault, ...]) -> str | None:
        """The refusal of the first fault that answers; one that misbehaves is left for the answer."""
        server.spoil = next((fault for fault in hits if fault.kind in _SPOILING), None)
        return next((answer for fault in hits if (answer := answer_of(fault))), None)

    def _keep(self, sender: str, recipient: str, raw: bytes) -> int:
        mail = self._store.add(sender, recipient, raw)
        self._ledger.record(
            "deliver",
            f"{mail.message_id} {recipient}",
            caller=sender,
            correlation_id=mail.message_id,
            detail={"subject": mail.subject, "number": str(mail.number)},
        )
        return mail.number


def _keeps_nothing(fault: Fault) -> bool:
    return fault.kind in _BEFORE or (fault.kind == "html_page_200" and not fault.after_effect)

"""The mailbox as a whole: an SMTP port to send to, an HTTP port to read at and to control it by."""

import ssl
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from types import TracebackType
from typing import Self

from sandbox.control import ControlPaths
from sandbox.http_server import HttpService, Json, Request, Response, json_response
from sandbox.ledger import Ledger
from sandbox.mailbox import pages
from sandbox.mailbox.conversation import Doorman, Post
from sandbox.mailbox.faults import MailFaults
from sandbox.mailbox.listener import SmtpListener
from sandbox.mailbox.records import MailStore, StoredMail


def _utc_now() -> datetime:
    return datetime.now(UTC)


class MailboxService:
    """A running mailbox: ``start()``, ``smtp_port``, ``url``, ``stop()``, or a context manager that does both.

    With ``tls`` STARTTLS is offered and required, or TLS spoken from the first byte (``implicit_tls``). With
    ``credentials`` (user, password) a login is required. Ports of 0 take free ones; bound at once.
    """

    def __init__(
        self,
        host: str = "127.0.0.1",
        smtp_port: int = 0,
        http_port: int = 0,
        *,
        tls: ssl.SSLContext | None = None,
        implicit_tls: bool = False,
        credentials: tuple[str, str] | None = None,
        clock: Callable[[], datetime] = _utc_now,
    ) -> None:
        self.ledger = Ledger("mailbox", clock)
        self.faults = MailFaults()
        self._store = MailStore(clock)
        doorman = Doorman(tls, implicit_tls, credentials)
        self._smtp = SmtpListener(host, smtp_port, Post(self._store, self.ledger, self.faults, doorman), doorman)
        self._control = ControlPaths(self.ledger, self.faults, self._as_json, {})
        self._http = HttpService(self._answer, host, http_port)

    @property
    def smtp_port(self) -> int:
        """The SMTP port really bound."""
        return self._smtp.port

    @property
    def url(self) -> str:
        """Where the mails are read, without a trailing slash."""
        return self._http.url

    @property
    def mails(self) -> tuple[StoredMail, ...]:
        """Every delivery taken, oldest first; one per envelope recipient."""
        return self._store.all()

    def start(self) -> Self:
        """Serve both ports in background threads."""
        self._smtp.start()
        self._http.start()
        return self

    def stop(self) -> None:
        """Stop both, end every open conversation. Twice is once."""
        self._smtp.stop()
        self._http.stop()

    def __enter__(self) -> Self:
        """Start serving."""
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop serving, whatever happened inside."""
        self.stop()

    def _as_json(self, request: Request) -> Mapping[str, Json]:  # noqa: ARG002 (the control paths hand it over)
        return {"mails": [mail.as_json() for mail in self.mails]}

    def _answer(self, request: Request) -> Response:
        """The pages, `GET /_sandbox/mails`, and the control paths that every stand-in has."""
        if request.method == "GET" and request.path == "/_sandbox/mails":
            return json_response(self._as_json(request))
        control = self._control.answer(request)
        if control is not None:
            return control
        return self._page(request) if request.method in {"GET", "HEAD"} else pages.not_found()

    def _page(self, request: Request) -> Response:
        match request.path.strip("/").split("/"):
            case [""]:
                return pages.mail_list(self.mails)
            case ["mails", number] if (mail := self._numbered(number)) is not None:
                return pages.mail_page(mail)
            case ["mails", number, "raw"] if (mail := self._numbered(number)) is not None:
                return pages.raw_mail(mail)
            case _:
                return pages.not_found()

    def _numbered(self, number: str) -> StoredMail | None:
        return self._store.numbered(int(number)) if number.isascii() and number.isdigit() else None

"""Who may call: the login in the body or in WS-Security, and the account that three wrong logins lock."""

import hmac
import threading
from dataclasses import dataclass
from typing import Literal

from lxml import etree

from sandbox.plasta.contract import TYPES
from sandbox.plasta.envelope import SECURITY, WSSE, Envelope, SoapFaultError

WRONG_LOGINS_UNTIL_LOCKED = 3


@dataclass(frozen=True, slots=True)
class Credentials:
    """The one account of the stand-in, and where it is looked for: `body` or `wsse` (UsernameToken, PasswordText)."""

    username: str
    password: str
    strategy: Literal["body", "wsse"] = "body"


class Gate:
    """Checks logins; thread-safe."""

    def __init__(self, credentials: Credentials) -> None:
        """Open the account of these credentials."""
        self.credentials = credentials
        self._lock = threading.Lock()
        self._wrong = 0

    @property
    def locked(self) -> bool:
        """Whether wrong logins have locked the account; only `unlock` opens it again."""
        return self._wrong >= WRONG_LOGINS_UNTIL_LOCKED

    def unlock(self) -> bool:
        """Open the account again and return that it is open."""
        with self._lock:
            self._wrong = 0
        return not self.locked

    def caller_of(self, envelope: Envelope) -> str:
        """Return the account that calls; raises SoapFaultError (AUTH_FEHLER) for a wrong, missing or locked login."""
        wsse = self.credentials.strategy == "wsse"
        username, password = _from_header(envelope) if wsse else _from_body(envelope)
        right = hmac.compare_digest(username.encode(), self.credentials.username.encode()) & hmac.compare_digest(
            password.encode(), self.credentials.password.encode()
        )
        with self._lock:
            if self.locked:
                raise SoapFaultError("Client", "AUTH_FEHLER", "account locked", envelope.operation)
            if not right:
                self._wrong += 1
                raise SoapFaultError("Client", "AUTH_FEHLER", "wrong login", envelope.operation)
            self._wrong = 0
        return username


def _from_body(envelope: Envelope) -> tuple[str, str]:
    credentials = envelope.request.find("credentials")
    return _pair(credentials, TYPES, "username", "password")


def _from_header(envelope: Envelope) -> tuple[str, str]:
    security = None if envelope.header is None else envelope.header.find(SECURITY)
    token = None if security is None else security.find(f"{{{WSSE}}}UsernameToken")
    return _pair(token, WSSE, "Username", "Password")


def _pair(parent: etree._Element | None, namespace: str, first: str, second: str) -> tuple[str, str]:
    if parent is None:
        return "", ""
    return tuple((parent.findtext(f"{{{namespace}}}{name}") or "") for name in (first, second))  # type: ignore[return-value]

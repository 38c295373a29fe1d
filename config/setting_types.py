"""The kinds of value a setting can have, each with the rule that makes it safe to use.

Our rules raise :func:`config.setting_faults.fault`, whose sentences never hold the value.
"""

import os
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, BeforeValidator, Field

from config.setting_faults import fault


def is_loopback(host: str | None) -> bool:
    """Whether a host is this machine: ``localhost`` or an address of 127.0.0.0/8 or ::1."""
    if not host:
        return False
    if host.lower() == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


def split_url(text: str) -> SplitResult:
    """The parts of a URL; a fault where they cannot be trusted (control characters, a port that is none)."""
    if not text.isprintable():
        raise fault("holds a control character", "write the URL on one line")
    try:
        parts = urlsplit(text)
        _ = parts.port
    except ValueError:
        raise fault("is not a URL", "write it as scheme://host:port/path") from None
    return parts


def _target_url(text: str) -> str:
    """A target's URL: https, or http on loopback; no login, query or fragment; without a trailing slash."""
    parts = split_url(text)
    if parts.scheme not in {"http", "https"} or not parts.hostname or " " in text:
        raise fault("is not an https URL", "write it as https://host/path")
    if parts.scheme == "http" and not is_loopback(parts.hostname):
        raise fault("would go over the network without TLS", "use https (http is for a loopback host only)")
    if parts.username is not None or parts.password is not None:
        raise fault("holds a login", "put the login into its own settings")
    if parts.query or parts.fragment:
        raise fault("holds a query or a fragment", "write the address alone")
    return text.rstrip("/")


def _existing_file(path: Path) -> Path:
    """A file that must be there at the start, so that a missing certificate shows before the first call."""
    if not is_readable_file(path):
        raise fault("names a file that is not there or not readable", "write the path of a readable file")
    return path


def is_readable_file(path: Path) -> bool:
    """Whether a file is there and may be read; False too for a path that the system refuses to look at."""
    try:
        return path.is_file() and os.access(path, os.R_OK)
    except (OSError, ValueError):
        return False


def _listed(value: object) -> object:
    """A comma-separated variable as a list; blanks around the commas do not count."""
    if isinstance(value, str):
        return [part.strip() for part in value.split(",") if part.strip()]
    return value


def _ascii_mailbox(text: str) -> str:
    """A bare mail address (RFC 5321 mailbox, ASCII, no display name, no quoted local part)."""
    local, at, domain = text.rpartition("@")
    plain = text.isascii() and text.isprintable() and not any(sign in text for sign in ' <>()[]",;:\\')
    if not (at and local and domain) or "@" in local or not plain:
        raise fault("is not a mail address", "write it as name@domain, without a display name")
    return text


def _header_text(text: str) -> str:
    """Text that may stand in a header: no control or format characters."""
    if not text.isprintable():
        raise fault("holds a control character", "write one line of plain text")
    return text


TargetUrl = Annotated[str, AfterValidator(_target_url)]
"""https towards a target, plain http on loopback only (the sandbox)."""

ExistingFile = Annotated[Path, AfterValidator(_existing_file)]
"""A file that is there when the application starts."""

Seconds = Annotated[float, Field(gt=0, le=3600, allow_inf_nan=False)]
"""A duration in seconds, more than none and at most an hour."""

CallSeconds = Annotated[float, Field(gt=0, le=200, allow_inf_nan=False)]
"""A limit of one call in seconds: below a task's soft time limit of 240 s, so that the task sees the end."""

HostName = Annotated[str, Field(pattern=r"^[A-Za-z0-9.:_-]{1,253}$"), AfterValidator(str.lower)]
"""A host name or address, in small letters so that it compares."""

Listed = BeforeValidator(_listed)
"""Marks a collection that is written as ``a,b,c``."""

MailAddress = Annotated[str, Field(max_length=254), AfterValidator(_ascii_mailbox)]
"""A bare mail address (RFC 5321 4.5.3.1.3: 254 characters at most)."""

HeaderText = Annotated[str, Field(min_length=1, max_length=200), AfterValidator(_header_text)]
"""One line of plain text, safe in a SOAP or mail header."""

"""From settings to the three adapters: addresses, limits, certificates. The only place that knows both."""

from pathlib import Path

from config.settings import Settings
from config.target_settings import CallLimits, TlsFiles
from connectors.cii.cases import CiiCases
from connectors.http import HttpChannel, HttpTarget
from connectors.mail.access import Security, SmtpAccess
from connectors.mail.mailer import SmtpMailer
from connectors.plasta.factory import plasta_channel
from connectors.plasta.registry import PlastaRegistry
from connectors.soap import SoapTarget
from domain.ports import Clock

LANGUAGE_CODES = {"de": "1", "fr": "2", "it": "3"}
"""PLASTA's codes of languages (``plasta.md``)."""


def case_system(settings: Settings) -> CiiCases:
    """The CII software."""
    cii = settings.cii
    target = _http("cii", str(cii.base_url), cii.limits, cii.tls, cii.token.get_secret_value())
    return CiiCases(HttpChannel(target), page_size=cii.page_size)


def registry(settings: Settings) -> PlastaRegistry:
    """PLASTA."""
    plasta = settings.plasta
    target = SoapTarget(
        http=_http("plasta", str(plasta.url), plasta.limits, plasta.tls),
        username=plasta.username,
        password=plasta.password.get_secret_value(),
        auth=plasta.auth,
        office=plasta.office,
        user=plasta.user,
        language=LANGUAGE_CODES[plasta.language],
    )
    return PlastaRegistry(
        plasta_channel(target),
        keyword_name=plasta.keyword,
        list_size=plasta.list_size,
        registration_enabled=plasta.registration_enabled,
    )


def mailer(settings: Settings, clock: Clock) -> SmtpMailer:
    """The mail server."""
    mail = settings.mail
    access = SmtpAccess(
        host=mail.host,
        port=mail.port,
        from_address=mail.from_address,
        from_name=mail.from_name,
        security=Security(mail.security),
        username=mail.username or "",
        password=mail.password.get_secret_value() if mail.password else "",
        ca_bundle=mail.tls.ca_bundle,
        client_certificate=mail.tls.client_certificate,
        client_key=mail.tls.client_key,
        connect_timeout=mail.limits.connect_seconds,
        reply_timeout=mail.limits.read_seconds,
        deadline=mail.limits.deadline_seconds,
    )
    return SmtpMailer(access, clock)


def _http(system: str, url: str, limits: CallLimits, tls: TlsFiles, token: str = "") -> HttpTarget:
    """One HTTP target with everything that bounds it."""
    return HttpTarget(
        system=system,
        url=url,
        connect_seconds=limits.connect_seconds,
        read_seconds=limits.read_seconds,
        deadline_seconds=limits.deadline_seconds,
        max_bytes=limits.max_bytes,
        ca_bundle=_path(tls.ca_bundle),
        client_certificate=_path(tls.client_certificate),
        client_key=_path(tls.client_key),
        token=token,
    )


def _path(file: Path | None) -> Path | None:
    """A file as given, or none."""
    return Path(file) if file else None

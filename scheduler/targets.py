"""From settings to the three adapters: addresses, limits, certificates. The only place that knows both."""

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
    """The CII software. Like its neighbours, raises ``SettingsError`` when the target would not be safe to use."""
    return CiiCases(HttpChannel(cii_target(settings)), page_size=settings.cii.page_size)


def registry(settings: Settings) -> PlastaRegistry:
    """PLASTA."""
    plasta = settings.plasta
    return PlastaRegistry(
        plasta_channel(plasta_target(settings)),
        keyword_name=plasta.keyword,
        list_size=plasta.list_size,
        registration_enabled=plasta.registration_enabled,
    )


def mailer(settings: Settings, clock: Clock) -> SmtpMailer:
    """The mail server."""
    return SmtpMailer(smtp_access(settings), clock)


def cii_target(settings: Settings) -> HttpTarget:
    """Where the CII software answers, with our token and the limits of a call."""
    cii = settings.cii
    return _http("cii", str(cii.base_url), cii.limits, cii.tls, cii.token.get_secret_value())


def plasta_target(settings: Settings) -> SoapTarget:
    """Where PLASTA answers, as whom we call and for which office."""
    plasta = settings.plasta
    return SoapTarget(
        http=_http("plasta", str(plasta.url), plasta.limits, plasta.tls),
        username=plasta.username,
        password=plasta.password.get_secret_value(),
        auth=plasta.auth,
        office=plasta.office,
        user=plasta.user,
        language=LANGUAGE_CODES[plasta.language],
    )


def smtp_access(settings: Settings) -> SmtpAccess:
    """How the mail server is reached; bounces go to our address at the envelope's domain."""
    mail = settings.mail
    return SmtpAccess(
        host=mail.host,
        port=mail.port,
        from_address=mail.from_address,
        from_name=mail.from_name,
        envelope_sender=f"{mail.from_address.rpartition('@')[0]}@{mail.envelope_domain}",
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


def _http(system: str, url: str, limits: CallLimits, tls: TlsFiles, token: str = "") -> HttpTarget:
    """One HTTP target with everything that bounds it."""
    return HttpTarget(
        system=system,
        url=url,
        connect_seconds=limits.connect_seconds,
        read_seconds=limits.read_seconds,
        deadline_seconds=limits.deadline_seconds,
        max_bytes=limits.max_bytes,
        ca_bundle=tls.ca_bundle,
        client_certificate=tls.client_certificate,
        client_key=tls.client_key,
        token=token,
    )

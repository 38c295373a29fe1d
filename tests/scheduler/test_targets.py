"""From settings to adapters: every setting of a target changes what is built, TLS files and limits included."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import trustme

from config.environment import known_variables
from config.settings import Settings
from connectors.mail.access import Security
from domain.errors import SettingsError
from domain.facets import Target
from scheduler import targets
from scheduler.bootstrap import limits, pace, rules
from tests.fakes import Clock
from tests.scheduler.settings import SECRETS, settings

OTHER = {
    "CII_CII__BASE_URL": "https://other.example/api",
    "CII_CII__TOKEN": "another-token",
    "CII_CII__LIMITS__CONNECT_SECONDS": "1.5",
    "CII_CII__LIMITS__AT_ONCE": "3",
    "CII_CII__LIMITS__PER_SECOND": "4",
    "CII_CII__LIMITS__READ_SECONDS": "7.5",
    "CII_CII__LIMITS__DEADLINE_SECONDS": "41.5",
    "CII_CII__LIMITS__SETTLE_SECONDS": "333",
    "CII_CII__LIMITS__MAX_BYTES": "123456",
    "CII_CII__PAGE_SIZE": "17",
    "CII_CII__OVERLAP_PAGES": "5",
    "CII_CII__WEB_URL": "https://pages.example/cii/",
    "CII_PLASTA__URL": "https://other.example/stes",
    "CII_PLASTA__AUTH": "wsse",
    "CII_PLASTA__USERNAME": "another",
    "CII_PLASTA__PASSWORD": "another-word",
    "CII_PLASTA__OFFICE": "VSP10",
    "CII_PLASTA__USER": "clerk",
    "CII_PLASTA__LANGUAGE": "de",
    "CII_PLASTA__LIMITS__CONNECT_SECONDS": "1.5",
    "CII_PLASTA__LIMITS__AT_ONCE": "3",
    "CII_PLASTA__LIMITS__PER_SECOND": "4",
    "CII_PLASTA__LIMITS__READ_SECONDS": "7.5",
    "CII_PLASTA__LIMITS__DEADLINE_SECONDS": "41.5",
    "CII_PLASTA__LIMITS__SETTLE_SECONDS": "333",
    "CII_PLASTA__LIMITS__MAX_BYTES": "123456",
    "CII_PLASTA__LIST_SIZE": "17",
    "CII_PLASTA__KEYWORD": "ANOTHER",
    "CII_PLASTA__REGISTRATION_ENABLED": "true",
    "CII_MAIL__HOST": "mx.example",
    "CII_MAIL__SECURITY": "tls",
    "CII_MAIL__PORT": "2525",
    "CII_MAIL__USERNAME": "another",
    "CII_MAIL__PASSWORD": "another-word",
    "CII_MAIL__FROM_ADDRESS": "other@vs.example",
    "CII_MAIL__FROM_NAME": "Another name",
    "CII_MAIL__ENVELOPE_DOMAIN": "bounces.example",
    "CII_MAIL__LIMITS__CONNECT_SECONDS": "1.5",
    "CII_MAIL__LIMITS__AT_ONCE": "3",
    "CII_MAIL__LIMITS__PER_SECOND": "4",
    "CII_MAIL__LIMITS__READ_SECONDS": "7.5",
    "CII_MAIL__LIMITS__DEADLINE_SECONDS": "161.5",
    "CII_MAIL__RESEND_KINDS": "registration_wanted",
    "CII_DISPATCH__CHUNK": "17",
    "CII_DISPATCH__LEASE_SECONDS": "77",
    "CII_DISPATCH__RETRY_BASE_SECONDS": "3",
    "CII_DISPATCH__RETRY_CAP_SECONDS": "99",
    "CII_DISPATCH__MAX_ATTEMPTS": "4",
    "CII_DISPATCH__CHECK_REPEAT_MINUTES": "3",
    "CII_REINSERTION__AUTO": "true",
    "CII_CLOSING__REMOVE_KEYWORD": "true",
}
"""Another value for each setting of a target, of the dispatcher and of the rules; files have a test of their own."""


def landed(made: Settings) -> tuple[Any, ...]:
    """All that the settings become, before anything connects."""
    plasta: Any = targets.registry(made)
    cii: Any = targets.case_system(made)
    return (
        targets.cii_target(made),
        targets.plasta_target(made),
        targets.smtp_access(made),
        (plasta._list_size, plasta._registration_enabled, plasta._catalogue._keyword_name),  # noqa: SLF001 - how it was built
        cii._page_size,  # noqa: SLF001 - how it was built
        rules(made),
        pace(made),
        limits(made),
    )


@pytest.mark.parametrize("name", OTHER)
def test_each_setting_changes_what_is_built(name: str) -> None:
    assert landed(settings(**{name: OTHER[name]})) != landed(settings())


def test_no_setting_of_a_target_is_forgotten_here() -> None:
    prefixes = ("CII_CII__", "CII_PLASTA__", "CII_MAIL__", "CII_REINSERTION__", "CII_CLOSING__")
    known = {name for name in known_variables() if name.startswith(prefixes) and not name.endswith("_FILE")}

    assert known - set(OTHER) == {name for name in known if "__TLS__" in name}


def test_each_value_lands_in_its_field() -> None:
    made = settings(**OTHER)
    cii, plasta, mail = targets.cii_target(made), targets.plasta_target(made), targets.smtp_access(made)

    for target in (cii, plasta.http):
        assert (target.connect_seconds, target.read_seconds, target.deadline_seconds) == (1.5, 7.5, 41.5)
        assert target.max_bytes == 123456
    assert (cii.system, cii.url, cii.token) == ("cii", "https://other.example/api", "another-token")
    assert (plasta.http.system, plasta.http.url, plasta.http.token) == ("plasta", "https://other.example/stes", "")
    assert (plasta.username, plasta.password, plasta.auth) == ("another", "another-word", "wsse")
    assert (plasta.office, plasta.user, plasta.language) == ("VSP10", "clerk", "1")
    assert (mail.host, mail.port, mail.security) == ("mx.example", 2525, Security.TLS)
    assert (mail.username, mail.password) == ("another", "another-word")
    assert (mail.from_address, mail.from_name) == ("other@vs.example", "Another name")
    assert mail.return_path == "other@bounces.example"
    assert (mail.connect_timeout, mail.reply_timeout, mail.deadline) == (1.5, 7.5, 161.5)


def test_rules_and_pace_are_those_of_the_settings() -> None:
    made = settings(**OTHER)
    rule, step = rules(made), pace(made)

    assert rule.mail_domain == "bounces.example"
    assert rule.cii_pages == "https://pages.example/cii"
    assert rule.resent_mails == {"registration_wanted"}
    assert (rule.reinsertion_auto, rule.registration_enabled, rule.remove_keyword_on_closing) == (True, True, True)
    assert rule.overlap_pages == 5
    assert rule.repeat_check_after.total_seconds() == 180
    assert (step.claim, step.lease.total_seconds()) == (17, 77)
    for target, settle in ((Target.CII, 333), (Target.PLASTA, 333), (Target.MAIL, 2 * 161.5)):
        policy = step.policy(target)
        assert policy.settle.total_seconds() == settle
        assert (policy.base.total_seconds(), policy.cap.total_seconds(), policy.attempts) == (3, 99, 4)


@pytest.mark.parametrize("code", ["de", "fr", "it"])
def test_languages_are_plastas_codes(code: str) -> None:
    assert (
        targets.plasta_target(settings(CII_PLASTA__LANGUAGE=code)).language == {"de": "1", "fr": "2", "it": "3"}[code]
    )


@pytest.fixture
def tls_files(tmp_path: Path) -> dict[str, Path]:
    """An authority, our certificate and its key, as PEM files."""
    authority = trustme.CA()
    ours = authority.issue_cert("cii-sync.vs.example")
    files = {"CA_BUNDLE": tmp_path / "ca.pem", "CLIENT_CERTIFICATE": tmp_path / "us.pem", "CLIENT_KEY": tmp_path / "k"}
    authority.cert_pem.write_to_path(str(files["CA_BUNDLE"]))
    ours.cert_chain_pems[0].write_to_path(str(files["CLIENT_CERTIFICATE"]))
    ours.private_key_pem.write_to_path(str(files["CLIENT_KEY"]))
    return files


@pytest.mark.parametrize(
    ("system", "of"),
    [
        ("CII", targets.cii_target),
        ("PLASTA", lambda made: targets.plasta_target(made).http),
        ("MAIL", targets.smtp_access),
    ],
)
def test_the_tls_files_of_each_target_are_its_own(
    tls_files: dict[str, Path], system: str, of: Callable[[Settings], Any]
) -> None:
    given = {f"CII_{system}__TLS__{name}": str(file) for name, file in tls_files.items()}
    made = settings(**given)
    target = of(made)

    assert target.ca_bundle == tls_files["CA_BUNDLE"]
    assert (target.client_certificate, target.client_key) == (tls_files["CLIENT_CERTIFICATE"], tls_files["CLIENT_KEY"])
    others: list[Any] = [targets.cii_target(made), targets.plasta_target(made).http, targets.smtp_access(made)]
    assert sum(one.ca_bundle is not None for one in others) == 1
    targets.case_system(made)
    targets.registry(made)
    targets.mailer(made, Clock())


def test_a_certificate_file_that_holds_none_stops_the_start(tmp_path: Path) -> None:
    wrong = tmp_path / "ca.pem"
    wrong.write_text("no certificate", encoding="utf-8")
    with pytest.raises(SettingsError):
        targets.mailer(settings(CII_MAIL__TLS__CA_BUNDLE=str(wrong)), Clock())


def test_nothing_that_is_built_shows_a_secret() -> None:
    told = repr(landed(settings()))

    assert not [secret for secret in SECRETS if secret in told]

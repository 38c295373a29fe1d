"""The rules on single settings: TLS by default, halves of a pair, limits that contradict each other."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from config.environment import load
from config.setting_types import is_loopback
from domain.errors import SettingsError
from tests.config.samples import complete


def only_fault(**changes: str) -> str:
    with pytest.raises(SettingsError) as caught:
        load(complete(**changes))
    assert len(caught.value.faults) == 1, caught.value.faults
    return caught.value.faults[0]


@pytest.mark.parametrize("name", ["CII_CII__BASE_URL", "CII_PLASTA__URL", "CII_CII__WEB_URL"])
@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("http://10.1.2.3/", "would go over the network without TLS"),
        ("http://localhost.example/", "would go over the network without TLS"),
        ("http://127.0.0.1.example/", "would go over the network without TLS"),
        ("ftp://host.example/", "is not an https URL"),
        ("host.example", "is not an https URL"),
        ("https:///path", "is not an https URL"),
        ("https://a b.example/", "is not an https URL"),
        ("https://host.example:99999/", "is not a URL"),
        ("https://[::1", "is not a URL"),
        ("https://user:word@host.example/", "holds a login"),
        ("https://user@host.example/", "holds a login"),
        ("https://host.example/?token=x", "holds a query or a fragment"),
        ("https://host.example/#x", "holds a query or a fragment"),
        ("https://host.example/\x1b", "holds a control character"),
    ],
)
def test_a_target_is_reached_by_https_and_holds_nothing_else(name: str, url: str, problem: str) -> None:
    assert only_fault(**{name: url}).startswith(f"{name} {problem}; ")


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8080/ws", "http://localhost/ws", "http://[::1]:1/ws", "https://h.ch/ws"]
)
def test_plain_http_is_for_loopback(url: str) -> None:
    assert load(complete(CII_PLASTA__URL=url + "/")).plasta.url == url


@pytest.mark.parametrize(
    ("host", "is_so"),
    [("127.9.9.9", True), ("::1", True), ("LOCALHOST", True), ("0.0.0.0", False), ("", False), (None, False)],  # noqa: S104
)
def test_loopback_is_this_machine_only(host: str | None, is_so: bool) -> None:
    assert is_loopback(host) is is_so


def test_mail_in_clear_is_for_loopback() -> None:
    assert "would send mails without TLS" in only_fault(CII_MAIL__SECURITY="none")
    local = load(complete(CII_MAIL__SECURITY="none", CII_MAIL__HOST="127.0.0.1", CII_MAIL__PORT="2525"))
    assert local.mail.port == 2525


@pytest.mark.parametrize(("security", "port"), [("starttls", 587), ("tls", 465)])
def test_the_mail_port_follows_the_security(security: str, port: int) -> None:
    assert load(complete(CII_MAIL__SECURITY=security)).mail.port == port


@pytest.mark.parametrize("half", ["CII_MAIL__USERNAME", "CII_MAIL__PASSWORD"])
def test_half_a_mail_login_is_a_fault(half: str) -> None:
    assert only_fault(**{half: "x"}).startswith("CII_MAIL__PASSWORD does not go with the username")


@pytest.mark.parametrize(
    "address",
    ["", "iiz", "iiz@", "@vs.example", "IIZ <iiz@vs.example>", "a@b@c.example", "é@vs.example", "a b@c.example"],
)
def test_the_from_address_is_a_bare_mailbox(address: str) -> None:
    assert only_fault(CII_MAIL__FROM_ADDRESS=address).startswith("CII_MAIL__FROM_ADDRESS is not ")


def test_the_reinsertion_mail_is_never_sent_twice_by_itself() -> None:
    assert "a person decides" in only_fault(CII_MAIL__RESEND_KINDS="registration_wanted,reinsertion_confirmation")
    assert "unknown kind" in only_fault(CII_MAIL__RESEND_KINDS="newsletter")
    assert load(complete(CII_MAIL__RESEND_KINDS=" registration_wanted ,")).mail.resends("registration_wanted")


def test_a_client_certificate_needs_its_key_and_the_reverse(tmp_path: Path) -> None:
    pem = tmp_path / "client.pem"
    pem.write_text("invented", encoding="ascii")
    assert "is not set although" in only_fault(CII_PLASTA__TLS__CLIENT_CERTIFICATE=str(pem))
    assert "without its certificate" in only_fault(CII_PLASTA__TLS__CLIENT_KEY=str(pem))
    both = {"CII_CII__TLS__CLIENT_CERTIFICATE": str(pem), "CII_CII__TLS__CLIENT_KEY": str(pem)}
    assert load(complete(**both)).cii.tls.client_key == pem


def test_a_file_that_is_not_there_shows_at_the_start(tmp_path: Path) -> None:
    for name in ("CII_MAIL__TLS__CA_BUNDLE", "CII_REGISTRY_FILE", "CII_PLASTA__TLS__CLIENT_CERTIFICATE"):
        assert only_fault(**{name: str(tmp_path / "none")}).startswith(f"{name} names a file that is not there")


def test_the_deadline_covers_its_parts_and_stays_below_the_task_limit() -> None:
    assert "shorter than the connect or the read limit" in only_fault(CII_CII__LIMITS__READ_SECONDS="61")
    assert "at most 200" in only_fault(CII_CII__LIMITS__DEADLINE_SECONDS="201")
    assert "not a number" in only_fault(CII_CII__LIMITS__CONNECT_SECONDS="nan")
    assert "shorter than the first wait" in only_fault(CII_DISPATCH__RETRY_CAP_SECONDS="1")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://cii:word@db.example/cii",
        "postgresql+psycopg://cii:word@db.example/cii?sslmode=prefer",
        "postgresql://cii:word@db.example/cii?sslmode=require&sslmode=disable",
        "postgresql+psycopg://cii@/cii?host=db.example",
        "postgresql+psycopg://cii@127.0.0.1,db.example/cii",
    ],
)
def test_a_database_elsewhere_needs_tls(url: str) -> None:
    assert only_fault(CII_DATABASE_URL=url).startswith("CII_DATABASE_URL would go over the network without TLS")


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://cii:word@db.example/cii?sslmode=verify-full",
        "postgresql+psycopg://cii:word@127.0.0.1:5433/cii",
        "postgresql+psycopg:///cii?host=/run/postgresql",
        "sqlite:////srv/cii sync/state.db",
    ],
)
def test_a_database_here_or_under_tls_is_accepted(url: str) -> None:
    assert load(complete(CII_DATABASE_URL=url)).database_url.get_secret_value() == url


def test_a_closed_network_is_named_host_by_host_and_never_opens_a_target() -> None:
    hosts = {"CII_PLAINTEXT_HOSTS": "postgres, RabbitMQ"}
    database = {"CII_DATABASE_URL": "postgresql+psycopg://cii:word@postgres/cii"}
    broker = {"CII_BROKER_URL": "amqp://cii:word@rabbitmq/cii", "CII_RUNNER": "celery"}
    assert load(complete(**hosts, **database, **broker)).runner == "celery"
    assert only_fault(**database, CII_PLAINTEXT_HOSTS="rabbitmq").startswith("CII_DATABASE_URL")
    assert only_fault(**hosts, CII_PLASTA__URL="http://postgres/").startswith("CII_PLASTA__URL")


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("amqp://cii:word@broker.example/", "would go over the network without TLS"),
        ("amqps://guest:guest@broker.example/", "uses the guest account over a network"),
        ("amqps://broker.example/", "uses the guest account over a network"),
        ("redis://cii:word@broker.example/", "is not the URL of a RabbitMQ broker"),
        ("memory://", "is not the URL of a RabbitMQ broker"),
        ("amqps://cii:wo/rd@broker.example/", "is not a URL"),
        ("amqps://cii:1/rd@broker.example/", "holds a login that is not escaped"),
    ],
)
def test_s26_a_broker_is_rabbitmq_with_an_account_of_its_own_under_tls(url: str, problem: str) -> None:
    assert only_fault(CII_BROKER_URL=url).startswith(f"CII_BROKER_URL {problem}; ")


def test_celery_needs_a_broker() -> None:
    assert only_fault(CII_RUNNER="celery").startswith("CII_RUNNER is celery, but no broker is named")
    assert load(complete(CII_RUNNER="celery", CII_BROKER_URL="amqp://guest:guest@127.0.0.1//")).runner == "celery"


@pytest.mark.parametrize("days", ["2026-13-01", "tomorrow", "2026-12-24,soon"])
def test_a_closed_day_is_a_date(days: str) -> None:
    assert only_fault(CII_CALENDAR__CLOSED_DAYS=days).startswith("CII_CALENDAR__CLOSED_DAYS holds something")


def test_calendar_categories_are_those_of_the_canton() -> None:
    assert "is not one of" in only_fault(CII_CALENDAR__CATEGORIES="public,bank")


def test_settings_cannot_be_changed_afterwards() -> None:
    settings = load(complete())
    with pytest.raises(ValidationError, match="frozen"):
        settings.runner = "celery"
    with pytest.raises(ValidationError, match="frozen"):
        settings.plasta.keyword = "other"


def test_s27_neither_repr_nor_str_shows_a_secret() -> None:
    settings = load(complete(CII_DATABASE_URL="postgresql+psycopg://cii:zimt7@127.0.0.1/cii"))
    shown = repr(settings) + str(settings) + settings.model_dump_json()
    assert "zimt7" not in shown
    assert "invented-token" not in shown
    assert "invented-password" not in shown

"""What `doctor` prints of the settings."""

from hypothesis import given
from hypothesis import strategies as st

from config.describe import HIDDEN, describe, masked_url, shown
from config.environment import load, load_store, purposes
from config.settings import Settings, StoreSettings
from tests.config.samples import complete


def test_every_setting_is_listed_once_with_its_source() -> None:
    rows = describe(load(complete(CII_RUNNER="in_process", CII_CALENDAR__CLOSED_DAYS="2026-12-31,2026-12-24")))
    by_name = {row.setting: row for row in rows}
    assert list(by_name) == list(purposes(Settings))
    assert len(rows) == len(by_name)
    assert not by_name["CII_RUNNER"].is_default
    assert by_name["CII_MAIL__PORT"].is_default
    assert by_name["CII_MAIL__PORT"].value == "587"
    assert by_name["CII_CALENDAR__CLOSED_DAYS"].value == "2026-12-24,2026-12-31"
    assert by_name["CII_SCHEDULE__NIGHTLY_AT"].value == "22:00"
    assert by_name["CII_MAIL__USERNAME"].value == "(not set)"
    assert by_name["CII_REINSERTION__AUTO"].value == "false"
    assert by_name["CII_MAIL__RESEND_KINDS"].value == "(none)"


def test_s27_secrets_show_only_that_they_are_set() -> None:
    url = "postgresql+psycopg://cii:zimt7@db.example:5433/cii?sslmode=verify-full&sslpassword=zimt7"
    rows = describe(load(complete(CII_DATABASE_URL=url, CII_BROKER_URL="amqps://cii:zimt7@mq.example/v")))
    values = {row.setting: row.value for row in rows}
    assert values["CII_PLASTA__PASSWORD"] == HIDDEN
    assert values["CII_CII__TOKEN"] == HIDDEN
    assert values["CII_DATABASE_URL"] == "postgresql+psycopg://***@db.example:5433/cii?***"
    assert values["CII_BROKER_URL"] == "amqps://***@mq.example/v"
    assert not [row for row in rows if "zimt7" in repr(row) or "invented-" in repr(row)]


def test_the_part_that_db_upgrade_needs_can_be_described_alone() -> None:
    rows = describe(load_store({}))
    assert [row.setting for row in rows] == list(purposes(StoreSettings))
    assert rows[0].value == "var"


@given(st.text(alphabet="abc:/?#@%[]", min_size=1, max_size=12))
def test_no_login_is_shown_however_it_is_written(login: str) -> None:
    word = "Zimt7" + login + "sesam"
    try:
        text = masked_url(f"postgresql://cii:{word}@db.example/cii")
    except ValueError:
        return
    assert "Zimt7" not in text
    assert "sesam" not in text


def test_values_read_as_they_are_written() -> None:
    assert shown(value=True) == "true"
    assert shown(12.5) == "12.5"

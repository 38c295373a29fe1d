"""Variables into settings: complete, incomplete, unknown, from files, and never a value in an error."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from config.environment import known_variables, load, load_store, purposes, secret_variables
from config.settings import Settings
from domain.errors import SettingsError
from tests.config.samples import COMPLETE, complete

CANARY = "Zimt7sesam"


def faults(environ: dict[str, str]) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        load(environ)
    return caught.value.faults


def outcome(environ: dict[str, str]) -> Settings | SettingsError:
    try:
        return load(environ)
    except SettingsError as error:
        return error


def test_a_complete_environment_gives_settings_with_safe_defaults() -> None:
    settings = load(complete(PATH="/bin", CII_TEST_POSTGRES_URL="x", CII_MAIL__USERNAME=""))
    assert settings.runner == "in_process"
    assert settings.mail.security == "starttls"
    assert settings.mail.port == 587
    assert settings.mail.username is None
    assert not settings.mail.resends("reinsertion_confirmation")
    assert settings.plasta.list_size == 300
    assert settings.plasta.keyword == "CII LIAS-LEMC"
    assert settings.plasta.user == "cii-sync"
    assert not settings.plasta.registration_enabled
    assert not settings.reinsertion.auto
    assert not settings.closing.remove_keyword
    assert settings.database_url.get_secret_value() == "sqlite:///var/cii-sync.db"
    assert settings.key_file == Path("var/cii-sync.key")


def test_the_settle_time_is_twice_the_deadline_unless_set() -> None:
    longer = load(complete(CII_PLASTA__LIMITS__DEADLINE_SECONDS="90"))
    assert longer.plasta.limits.settle_seconds == 180
    chosen = load(complete(CII_PLASTA__LIMITS__SETTLE_SECONDS="0.2"))
    assert chosen.plasta.limits.settle_seconds == 0.2


def test_the_state_folder_moves_database_and_key() -> None:
    store = load_store({"CII_STATE_DIR": "elsewhere"})
    assert store.database_url.get_secret_value() == "sqlite:///elsewhere/cii-sync.db"
    assert store.key_file == Path("elsewhere/cii-sync.key")


def test_f80_every_fault_is_named_at_once() -> None:
    told = faults(
        {
            "CII_PLATA__URL": "https://plasta.example",
            "CII_CII__LIMITS__DEADLINE_SECONDS": "soon",
            "CII_RUNNER": "celery",
            "CII_MAIL__HOST": "mx.example",
            "CII_MAIL__SECURITY": "none",
            "CII_DISPATCH__CHUNK": "0",
            "CII_PLASTA__AUTH": "basic",
        }
    )
    named = [line.split(" ", 1)[0] for line in told]
    assert named == [
        "CII_CII__BASE_URL",
        "CII_CII__LIMITS__DEADLINE_SECONDS",
        "CII_CII__TOKEN",
        "CII_DISPATCH__CHUNK",
        "CII_MAIL__FROM_ADDRESS",
        "CII_MAIL__SECURITY",
        "CII_PLASTA__AUTH",
        "CII_PLASTA__OFFICE",
        "CII_PLASTA__PASSWORD",
        "CII_PLASTA__URL",
        "CII_PLASTA__USERNAME",
        "CII_PLATA__URL",
        "CII_RUNNER",
    ]
    assert "did you mean CII_PLASTA__URL?" in told[11]
    assert "'body' or 'wsse'" in told[6]
    assert all("; " in line for line in told), "each fault says what to do"


def test_an_unknown_variable_alone_stops_the_start() -> None:
    assert faults(complete(CII_DISPATCH__THREAD="4")) == (
        "CII_DISPATCH__THREAD is not a setting; did you mean CII_DISPATCH__THREADS?",
    )


@pytest.mark.parametrize("name", ["cii_runner", "CII_PLASTA", "CII_PLASTA__URL__X", "CII_", "CII_MAIL__USERNAME_FILE"])
def test_names_that_pydantic_would_accept_otherwise_are_not_settings(name: str) -> None:
    assert len(faults(complete(**{name: "1"}))) == 1


def test_a_name_that_is_no_name_is_shown_escaped() -> None:
    (told,) = faults(complete(**{"CII_\x1b[2J": "1"}))
    assert "\x1b" not in told


def test_db_upgrade_needs_no_target_but_accepts_no_typing_error() -> None:
    assert load_store({"CII_PLASTA__PASSWORD": "x", "CII_RUNNER": "celery"}).log.level == "INFO"
    with pytest.raises(SettingsError, match="CII_STATE_DRI is not a setting; did you mean CII_STATE_DIR"):
        load_store({"CII_STATE_DRI": "x"})


def test_a_secret_comes_from_a_file_without_its_line_end(tmp_path: Path) -> None:
    secret = tmp_path / "password"
    secret.write_text("two words\n", encoding="utf-8")
    without = {name: value for name, value in COMPLETE.items() if name != "CII_PLASTA__PASSWORD"}
    settings = load({**without, "CII_PLASTA__PASSWORD_FILE": str(secret)})
    assert settings.plasta.password.get_secret_value() == "two words"


def test_a_secret_file_that_is_missing_empty_or_second_is_one_fault_each(tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.write_text("\n", encoding="utf-8")
    without = {name: value for name, value in COMPLETE.items() if "TOKEN" not in name and "PASSWORD" not in name}
    told = faults(
        {
            **without,
            "CII_CII__TOKEN_FILE": str(tmp_path / "nowhere"),
            "CII_PLASTA__PASSWORD_FILE": str(empty),
            "CII_BROKER_URL": f"amqps://a:{CANARY}@broker.example/",
            "CII_BROKER_URL_FILE": str(empty),
        }
    )
    assert told == (
        "CII_BROKER_URL_FILE is set beside CII_BROKER_URL; set only one of them",
        "CII_CII__TOKEN_FILE names a file that cannot be read; write the path of a readable text file",
        "CII_PLASTA__PASSWORD_FILE names an empty file; write the secret into it",
    )


def test_secret_bytes_that_are_no_text_are_a_fault(tmp_path: Path) -> None:
    binary = tmp_path / "binary"
    binary.write_bytes(b"\xff\xfe")
    (told,) = faults({**complete(), "CII_MAIL__PASSWORD_FILE": str(binary), "CII_MAIL__USERNAME": "iiz"})
    assert told.startswith("CII_MAIL__PASSWORD_FILE names a file that cannot be read")


@pytest.mark.parametrize("name", sorted(known_variables()))
@pytest.mark.parametrize(
    "value",
    [
        f"\x00{CANARY}",
        f"{CANARY} " * 400,
        f"ftp://{CANARY}:{CANARY}@{CANARY}",
        f"http://a:{CANARY}@h.example/{CANARY}?{CANARY}",
    ],
)
def test_no_value_of_any_setting_is_ever_in_an_error(name: str, value: str) -> None:
    found = outcome(complete(**{name: value}))
    if isinstance(found, SettingsError):
        assert CANARY not in str(found)
        assert CANARY not in repr(found.faults)
        assert CANARY not in repr(found.__cause__)
    else:
        assert name not in secret_variables() or CANARY not in repr(found)


values = st.one_of(st.text(max_size=30), st.text(max_size=10).map(lambda text: f"{CANARY}{text}{CANARY}"))


@given(st.dictionaries(st.sampled_from(sorted(known_variables())), values, max_size=12))
def test_whatever_the_variables_hold_the_answer_is_settings_or_their_faults(environ: dict[str, str]) -> None:
    found = outcome(environ)
    if isinstance(found, SettingsError):
        assert found.faults == tuple(sorted(set(found.faults)))
        assert CANARY not in str(found)


def test_every_setting_says_what_it_is_for() -> None:
    assert all(purpose for purpose in purposes(Settings).values())
    assert len(purposes(Settings)) > 60


def test_exactly_the_secrets_can_come_from_files() -> None:
    assert secret_variables() == {
        "CII_DATABASE_URL",
        "CII_BROKER_URL",
        "CII_CII__TOKEN",
        "CII_PLASTA__PASSWORD",
        "CII_MAIL__PASSWORD",
    }

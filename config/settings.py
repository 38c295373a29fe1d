"""All settings of the application. Only :func:`config.environment.load` fills them, from ``CII_*`` variables.

``StoreSettings`` is what ``db upgrade`` needs; ``Settings`` is everything. Neither reads the environment by itself.
"""

from datetime import date, time
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import SplitResult, parse_qs

from pydantic import AfterValidator, Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

from config.setting_faults import NESTED, PREFIX, fault
from config.setting_types import ExistingFile, HostName, Listed, Seconds, is_loopback, split_url
from config.target_settings import CiiSettings, MailSettings, PlastaSettings, Section

__all__ = ["CiiSettings", "MailSettings", "PlastaSettings", "Settings", "StoreSettings"]

_ENCRYPTED_BY = {"verify-full", "verify-ca", "require"}
"""``sslmode`` values of PostgreSQL under which nothing goes in clear (libpq, table 34.1)."""


def _secret_url(secret: SecretStr) -> SplitResult:
    """The parts of a URL that may hold a login; a fault where its end cannot be told from the host."""
    parts = split_url(secret.get_secret_value())
    if "@" in parts.path + parts.query + parts.fragment:
        raise fault("holds a login that is not escaped", "write / ? # @ in it as %2F %3F %23 %40")
    return parts


def _database_url(secret: SecretStr) -> SecretStr:
    """SQLite or PostgreSQL; the URL may hold a login, so it is a secret as a whole."""
    parts = _secret_url(secret)
    if parts.scheme not in {"sqlite", "postgresql", "postgresql+psycopg"}:
        raise fault("names a database that we do not run on", "use sqlite:///path or postgresql+psycopg://...")
    return secret


def _broker_url(secret: SecretStr) -> SecretStr:
    """RabbitMQ only, and not with the account that every installation has (S26)."""
    parts = _secret_url(secret)
    if parts.scheme not in {"amqp", "amqps"} or not parts.hostname:
        raise fault("is not the URL of a RabbitMQ broker", "use amqps://user:password@host/vhost")
    if parts.username in {None, "guest"} and not is_loopback(parts.hostname):
        raise fault("uses the guest account over a network", "make an account of its own on the broker")
    return secret


def _default_database(given: dict[str, Any]) -> SecretStr:
    """SQLite in the state folder of the same settings."""
    return SecretStr(f"sqlite:///{given['state_dir'] / 'cii-sync.db'}")


def _default_key_file(given: dict[str, Any]) -> Path:
    """The key file in the state folder of the same settings."""
    return Path(given["state_dir"]) / "cii-sync.key"


class LogSettings(Section):
    """What is logged, and how it looks."""

    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="INFO", description="DEBUG, INFO, WARNING or ERROR"
    )
    format: Literal["json", "text"] = Field(default="json", description="json (one object per line) or text")


class DispatchSettings(Section):
    """How the only sender works: leases, chunks, threads, and when it tries again (seconds unless named)."""

    lease_seconds: Seconds = Field(
        default=120, description="how long a worker owns what it claimed, renewed while it calls"
    )
    chunk: int = Field(default=100, ge=1, le=500, description="intents claimed at once, 1 to 500")
    threads: int = Field(default=8, ge=1, le=64, description="calls at the same time, 1 to 64")
    retry_base_seconds: Seconds = Field(default=5, description="first wait before another try")
    retry_cap_seconds: Seconds = Field(default=900, description="longest wait before another try; not below the first")
    max_attempts: int = Field(default=12, ge=1, le=100, description="tries before a person must act, 1 to 100")
    check_repeat_minutes: int = Field(
        default=10, ge=0, le=1440, description="minutes in which a second check of a case shows the first one's answer"
    )

    @field_validator("retry_cap_seconds")
    @classmethod
    def _above_base(cls, cap: float, info: ValidationInfo) -> float:
        """A cap below the base would make every wait the cap."""
        if cap < info.data.get("retry_base_seconds", 0):
            raise fault("is shorter than the first wait", "make it at least as long")
        return cap


class ReinsertionSettings(Section):
    """What follows a de-registration with a job (C10)."""

    auto: bool = Field(default=False, description="whether the mail goes without asking the tandem")


class ClosingSettings(Section):
    """What follows the closing of a case (C13)."""

    remove_keyword: bool = Field(default=False, description="whether the keyword is removed without a work item")


class ScheduleSettings(Section):
    """When jobs run, in local time of Europe/Zurich."""

    nightly_at: time = Field(default=time(22, 0), description="local time at which the nightly reconcile starts")


class CalendarSettings(Section):
    """Which days are no working days, besides Saturday and Sunday.

    ``public`` are the nine legal holidays of Valais; ``optional`` adds 2 January, Easter Monday, Whit Monday and
    26 December (categories of the library ``holidays``, canton VS).
    """

    categories: Annotated[frozenset[Literal["public", "optional"]], Listed, Field(min_length=1)] = Field(
        default=frozenset({"public"}), description="public, or public,optional"
    )
    closed_days: Annotated[frozenset[date], Listed] = Field(
        default=frozenset(), description="further days on which the offices are closed, as 2026-12-24,2026-12-31"
    )


class StoreSettings(BaseSettings):
    """What is needed to reach our own database and to log: enough for ``db upgrade``."""

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_nested_delimiter=NESTED,
        frozen=True,
        extra="forbid",
        validate_default=True,
        hide_input_in_errors=True,
    )

    state_dir: Path = Field(default=Path("var"), description="folder of the database and the key on one machine")
    plaintext_hosts: Annotated[frozenset[HostName], Listed] = Field(
        default=frozenset(),
        description="hosts of a closed network where database and broker may be reached without TLS (never a target)",
    )
    database_url: Annotated[SecretStr, AfterValidator(_database_url)] = Field(
        default_factory=_default_database,
        description="sqlite:///path or postgresql+psycopg://user:password@host/name?sslmode=verify-full",
    )
    key_file: Path = Field(default_factory=_default_key_file, description="file of the keys that seal personal columns")
    log: LogSettings = LogSettings()
    lang: Literal["fr", "de"] | None = Field(
        default=None, description="fr or de: language of what clerks read (default: the terminal's, else fr)"
    )

    @field_validator("database_url")
    @classmethod
    def _encrypted_database(cls, secret: SecretStr, info: ValidationInfo) -> SecretStr:
        """TLS towards a database on another machine, unless its host is listed as one of a closed network."""
        parts = split_url(secret.get_secret_value())
        asked = parse_qs(parts.query)
        modes = set(asked.get("sslmode", ()))
        hosts = {parts.hostname or "", *asked.get("host", ())} - {""}
        open_to = {host for host in hosts if not host.startswith("/") and not is_loopback(host)}
        encrypted = bool(modes) and modes <= _ENCRYPTED_BY
        if not encrypted and not open_to <= info.data.get("plaintext_hosts", frozenset()):
            raise fault(
                "would go over the network without TLS", "add ?sslmode=verify-full (or list CII_PLAINTEXT_HOSTS)"
            )
        return secret

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Only what ``load`` hands in: it reads variables and secret files itself, to name all faults at once."""
        del settings_cls, env_settings, dotenv_settings, file_secret_settings
        return (init_settings,)


class Settings(StoreSettings):
    """Everything the application needs to run."""

    broker_url: Annotated[SecretStr, AfterValidator(_broker_url)] | None = Field(
        default=None, description="amqps://user:password@host/vhost; needed by the celery runner only"
    )
    queue_prefix: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_.-]{0,39}$")] = Field(
        default="cii", description="first part of every queue's name: small letters, digits, dot, dash; at most 40"
    )
    runner: Literal["in_process", "celery"] = Field(default="in_process", description="in_process or celery")
    cii: CiiSettings
    plasta: PlastaSettings
    mail: MailSettings
    dispatch: DispatchSettings = DispatchSettings()
    reinsertion: ReinsertionSettings = ReinsertionSettings()
    closing: ClosingSettings = ClosingSettings()
    schedule: ScheduleSettings = ScheduleSettings()
    calendar: CalendarSettings = CalendarSettings()
    registry_file: ExistingFile | None = Field(
        default=None, description="TOML file of the institutions (default: shipped)"
    )
    code_map_file: ExistingFile | None = Field(
        default=None, description="TOML file of PLASTA's de-registration reasons (default: shipped, without entries)"
    )

    @field_validator("broker_url")
    @classmethod
    def _encrypted_broker(cls, secret: SecretStr | None, info: ValidationInfo) -> SecretStr | None:
        """TLS towards a broker on another machine, unless its host is listed as one of a closed network."""
        if secret is None:
            return None
        parts = split_url(secret.get_secret_value())
        plain = parts.scheme == "amqp" and not is_loopback(parts.hostname)
        if plain and parts.hostname not in info.data.get("plaintext_hosts", ()):
            raise fault("would go over the network without TLS", "use amqps:// (or list CII_PLAINTEXT_HOSTS)")
        return secret

    @field_validator("runner")
    @classmethod
    def _has_broker(cls, runner: str, info: ValidationInfo) -> str:
        """Celery without a broker would wait for ever."""
        if runner == "celery" and "broker_url" in info.data and info.data["broker_url"] is None:
            raise fault("is celery, but no broker is named", "set CII_BROKER_URL, or use in_process")
        return runner

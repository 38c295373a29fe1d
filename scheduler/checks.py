"""What ``doctor`` asks: key and database, broker, each target. Everything is asked, whatever fails before it."""

from collections.abc import Callable, Iterator

from config.settings import Settings
from config.startup import Configuration
from domain.errors import SyncError
from domain.ports import CheckResult, Clock
from scheduler import targets
from store.opening import open_store


def checks(configuration: Configuration, clock: Clock) -> list[CheckResult]:
    """One result per part, without personal data; a target that cannot even be built is told like one that fails."""
    settings = configuration.settings
    parts: dict[str, Callable[[], CheckResult]] = {
        "database": lambda: _database(settings, clock),
        "cii": lambda: targets.case_system(settings).check(),
        "plasta": lambda: targets.registry(settings).check(),
        "mail": lambda: targets.mailer(settings, clock).check(),
    }
    if settings.runner == "celery":
        parts["broker"] = lambda: _broker(settings)
    return [result for name, ask in parts.items() for result in _asked(name, ask)] + _registry(configuration)


def _asked(name: str, ask: Callable[[], CheckResult]) -> Iterator[CheckResult]:
    """The answer, or what stood in its way; wrong settings one by one."""
    try:
        yield ask()
    except SyncError as error:
        faults = getattr(error, "faults", (error.message,))
        yield from (CheckResult(name, ok=False, message=fault) for fault in faults)


def _database(settings: Settings, clock: Clock) -> CheckResult:
    """Schema, key file and database belong together, and the database answers."""
    store = open_store(settings.database_url.get_secret_value(), settings.key_file, clock)
    dialect = store.engine.dialect.name
    store.engine.dispose()
    return CheckResult("database", ok=True, message=f"{dialect}, schema and keys fit this program")


def _broker(settings: Settings) -> CheckResult:
    """The broker lets us in."""
    # Imported here: an installation without a broker never loads kombu.
    from scheduler.broker_check import broker_answers

    return broker_answers(settings)


def _registry(configuration: Configuration) -> list[CheckResult]:
    """Mailboxes that are only placeholders are told: a mail to them would go nowhere."""
    placeholders = configuration.registry.placeholders()
    if not placeholders:
        return [CheckResult("registry", ok=True, message=f"version {configuration.registry.version}")]
    message = f"{len(placeholders)} mailboxes are placeholders (.example); name your own in CII_REGISTRY_FILE"
    return [CheckResult("registry", ok=True, message=message)]

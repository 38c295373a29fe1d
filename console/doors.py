"""The doors that commands go through: whoever stands behind them (the real house, a fake) is chosen at the start.

Importing this module costs little: the house, its database and its connectors are imported only when a door opens.
"""

import getpass
from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from domain.errors import SettingsError
from domain.ports import CheckResult

if TYPE_CHECKING:
    from console.records import Records
    from pipelines.needs import Needs
    from scheduler.runner import Runner


Level: TypeAlias = Literal["DEBUG", "INFO", "WARNING", "ERROR"]
Form: TypeAlias = Literal["json", "text"]


class House(Protocol):
    """Everything that a command may work with, built by ``scheduler.bootstrap``."""

    @property
    def needs(self) -> "Needs":
        """Books, ports, clock, rules."""
        ...

    @property
    def runner(self) -> "Runner":
        """Whoever carries out the jobs."""
        ...

    @property
    def records(self) -> "Records":
        """The store's reading side."""
        ...


class Doors(Protocol):
    """What a command can ask for. Every door raises the families of :mod:`domain.errors`."""

    @property
    def environ(self) -> Mapping[str, str]:
        """The variables that this was started with."""
        ...

    def guard(self) -> None:
        """Stop when a room of ours is another project's package."""
        ...

    def house(self) -> AbstractContextManager[House]:
        """The house, open for the length of a block."""
        ...

    def checks(self) -> Sequence[CheckResult]:
        """Settings, key, database and every system, all faults at once."""
        ...

    def settings(self) -> Sequence[tuple[str, str, bool, str]]:
        """Every setting: its variable, its value without secrets, whether it is the default, its purpose."""
        ...

    def upgrade(self) -> None:
        """Bring the database to the newest migration; make the key file the first time."""
        ...

    def work(self, group: str) -> None:
        """Serve a group of queues until told to stop."""
        ...

    def beat(self) -> None:
        """Ring the clock until told to stop."""
        ...

    def log_to_stderr(self, *, debug: bool, service: bool) -> None:
        """Switch logging on: as set for a service, else only what a person at a terminal must know."""
        ...

    def who(self) -> str:
        """Who gives the order, for reasons and journals."""
        ...


GROUPS: Mapping[str, tuple[str, ...]] = {
    "express": ("express",),
    "nightly": ("jobs",),
    "dispatch": ("cii", "plasta", "mail"),
    "all": ("express", "jobs", "cii", "plasta", "mail"),
}
"""Groups of queues that one worker serves, by the lanes of ``scheduler.queues``."""


@dataclass(frozen=True, slots=True)
class RealDoors:
    """The application as its settings describe it."""

    environ: Mapping[str, str]

    def guard(self) -> None:
        """Stop when a room of ours is another project's package."""
        from config.guard import guard  # late: --help needs no pydantic

        guard()

    def house(self) -> AbstractContextManager[House]:
        """The house of these settings."""
        from console.real_house import open_real_house  # late: opens database and connectors

        return open_real_house(self.environ)

    def checks(self) -> Sequence[CheckResult]:
        """Every part; wrong settings are told one by one, and nothing else can be asked then."""
        # late: opens database and connectors
        from config.startup import configure
        from scheduler.bootstrap import checks

        try:
            configuration = configure(self.environ)
        except SettingsError as error:
            return [CheckResult("settings", ok=False, message=fault) for fault in error.faults]
        return [CheckResult("settings", ok=True, message="complete"), *checks(configuration)]

    def settings(self) -> Sequence[tuple[str, str, bool, str]]:
        """As the settings describe themselves."""
        # late: loads the settings
        from config.describe import describe
        from config.environment import load

        return [(row.setting, row.value, row.is_default, row.purpose) for row in describe(load(self.environ))]

    def upgrade(self) -> None:
        """The database of these settings; targets may still be unset."""
        # late: opens the database
        from config.environment import load_store
        from scheduler.bootstrap import upgrade

        upgrade(load_store(self.environ))

    def work(self, group: str) -> None:
        """Celery, or the in-process loop, by the settings."""
        # late: loads Celery
        from config.startup import configure
        from scheduler.workers import run_worker

        run_worker(configure(self.environ), GROUPS[group])

    def beat(self) -> None:
        """Celery beat."""
        # late: loads Celery
        from config.startup import configure
        from scheduler.workers import run_beat

        run_beat(configure(self.environ))

    def log_to_stderr(self, *, debug: bool, service: bool) -> None:
        """A service logs as set (or as by default, when the settings are wrong); a command only warnings, as text."""
        from config.logging import configure_logging, hook_uncaught  # late: --help needs no logging

        level: Level = "WARNING"
        form: Form = "text"
        if service:
            level, form = self._logging_set()
        configure_logging("DEBUG" if debug else level, form)
        hook_uncaught()

    def _logging_set(self) -> tuple[Level, Form]:
        """Level and form by the settings, or by default when they are wrong: that is told elsewhere."""
        # late: the settings load pydantic-settings
        from config.environment import read
        from config.settings import LogSettings, StoreSettings

        settings, _ = read(StoreSettings, self.environ)
        log = settings.log if settings else LogSettings()
        return log.level, log.format

    def who(self) -> str:
        """The account at this machine."""
        try:
            return f"cli:{getpass.getuser()}"
        except (KeyError, OSError):  # a container without an entry for its user (OSError from Python 3.13)
            return "cli"

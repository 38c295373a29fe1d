"""All stand-ins together on one machine: `python -m sandbox.serve`, and `Sandbox` for the demo and for tests.

The one line on standard output is JSON: addresses, credentials, and what the population expects. It comes when all
services answer. SIGTERM, SIGINT, and with `--until-eof` the end of standard input stop everything; a parent that is
killed thus leaves nothing running.
"""

from __future__ import annotations

import argparse
import json
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Self
from zoneinfo import ZoneInfo

from sandbox.cii.service import CiiService
from sandbox.cii.state import CiiState
from sandbox.cii.webhook import Webhook
from sandbox.mailbox.service import MailboxService
from sandbox.plasta.access import Credentials
from sandbox.plasta.service import PlastaService
from sandbox.plasta.state import PlastaState
from sandbox.population.generate import Population, generate

ZURICH = ZoneInfo("Europe/Zurich")
ACCOUNT = "cii-sync"
"""The account behind the CII token: the name under which write-backs appear as changed."""


@dataclass(frozen=True)
class Access:
    """What a client needs to be let in. Invented, and the same on every start: nothing real is behind it."""

    cii_token: str = "sandbox"  # noqa: S105 - invented, see above
    plasta_username: str = "sandbox"
    plasta_password: str = "sandbox"  # noqa: S105 - invented, see above
    webhook_secret: str = "sandbox"  # noqa: S105 - invented, see above


@dataclass(frozen=True)
class Ports:
    """Where each service listens; 0 takes a free port."""

    cii: int = 0
    plasta: int = 0
    smtp: int = 0
    mailbox: int = 0


class Sandbox:
    """The CII software, PLASTA with its GED, and a mailbox over one population. A context manager."""

    def __init__(
        self,
        population: Population,
        *,
        host: str = "127.0.0.1",
        ports: Ports | None = None,
        access: Access | None = None,
        clock: Callable[[], datetime] | None = None,
        webhook_url: str | None = None,
    ) -> None:
        """Bind every port at once; raises OSError, with nothing left bound, when one is taken.

        `clock` is real time, moved to the population's day, unless given.
        """
        wanted = ports or Ports()
        clock = clock or clock_on(population.today)
        self.population = population
        self.access = access or Access()
        self.host = host
        secret = self.access.webhook_secret.encode()
        webhook = Webhook(webhook_url, secret, lambda: datetime.now(UTC)) if webhook_url else None
        with ExitStack() as bound:
            self.cii = CiiService(
                CiiState(population.cii_cases, clock),
                host,
                wanted.cii,
                tokens={self.access.cii_token: ACCOUNT},
                webhook=webhook,
            )
            bound.callback(self.cii.stop)
            self.plasta = PlastaService(
                PlastaState(population.job_seekers, clock=clock, catalogue=population.catalogue),
                host,
                wanted.plasta,
                credentials=Credentials(self.access.plasta_username, self.access.plasta_password),
            )
            bound.callback(self.plasta.stop)
            self.mailbox = MailboxService(host, wanted.smtp, wanted.mailbox)
            bound.pop_all()

    def start(self) -> Self:
        """Serve; all services answer when this returns."""
        with ExitStack() as started:
            for service in (self.cii, self.plasta, self.mailbox):
                started.callback(service.stop)
                service.start()
            started.pop_all()
        return self

    def stop(self) -> None:
        """Stop all services and free their ports. Twice is once."""
        with ExitStack() as running:
            for service in (self.cii, self.plasta, self.mailbox):
                running.callback(service.stop)

    def __enter__(self) -> Self:
        """Start serving."""
        return self.start()

    def __exit__(self, *_error: object) -> None:
        """Stop serving, whatever happened inside."""
        self.stop()

    def describe(self) -> dict[str, object]:
        """Return addresses, credentials and the expected totals, as the command prints them."""
        return {
            "cii": {"url": self.cii.url, "token": self.access.cii_token},
            "plasta": {
                "url": self.plasta.url,
                "endpoint": self.plasta.endpoint,
                "username": self.access.plasta_username,
                "password": self.access.plasta_password,
            },
            "mailbox": {"smtp_host": self.host, "smtp_port": self.mailbox.smtp_port, "url": self.mailbox.url},
            "population": {
                "seed": self.population.seed,
                "cases": len(self.population.cii_cases),
                "today": self.population.today.isoformat(),
                "expected": self.population.expected.totals,
            },
        }


def clock_on(today: date) -> Callable[[], datetime]:
    """Real time, moved so that it is `today` in Zurich now, at the same time of day."""
    now = datetime.now(ZURICH)
    moved = datetime.combine(today, now.time(), ZURICH).astimezone(UTC) - now.astimezone(UTC)
    return lambda: datetime.now(UTC) + moved


def main(argv: Sequence[str] | None = None) -> int:
    """Serve until told to stop; 0 when stopped, 1 when a port is taken."""
    chosen = _arguments().parse_args(argv)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ending.set())
    population = generate(chosen.seed, chosen.cases, chosen.today or datetime.now(ZURICH).date())
    ports = Ports(chosen.cii_port, chosen.plasta_port, chosen.smtp_port, chosen.mailbox_port)
    try:
        sandbox = Sandbox(population, host=chosen.host, ports=ports, webhook_url=chosen.webhook_url)
    except OSError as error:
        print(f"sandbox: a port cannot be opened on {chosen.host}: {error.strerror}", file=sys.stderr)
        return 1
    if chosen.until_eof:
        threading.Thread(target=_watch_standard_input, args=(ending,), daemon=True).start()
    with sandbox:
        print(json.dumps(sandbox.describe()), flush=True)
        ending.wait()
    return 0


def _watch_standard_input(ending: threading.Event) -> None:
    """Standard input ends when the parent closes it, or dies."""
    while sys.stdin.buffer.read(4096):
        pass
    ending.set()


def _arguments() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="sandbox serve", description="Stand-ins for the CII software, PLASTA, mail.")
    parser.add_argument("--cases", type=int, default=500)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--today", type=date.fromisoformat, help="the population's day, YYYY-MM-DD (default: today)")
    parser.add_argument("--host", default="127.0.0.1")
    for name in ("cii", "plasta", "smtp", "mailbox"):
        parser.add_argument(f"--{name}-port", type=int, default=0, help="0 takes a free one")
    parser.add_argument("--webhook-url", help="where the CII software tells of changes")
    parser.add_argument("--until-eof", action="store_true", help="stop when standard input ends")
    return parser


if __name__ == "__main__":
    sys.exit(main())

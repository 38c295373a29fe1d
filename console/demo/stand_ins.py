"""The stand-ins as a process of their own, and the calls that show what reached them or make their people act.

The process ends when its standard input closes: whatever happens to us, nothing is left running.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from http.client import HTTPConnection
from typing import Any, Self
from urllib.parse import urlsplit

from domain.errors import ContractBrokenError, UnavailableError

ENDING_SECONDS = 10
CALL_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Effect:
    """One change of state that a stand-in's ledger holds."""

    system: str
    operation: str
    key: str
    correlation_id: str
    repeated: bool


@dataclass(frozen=True, slots=True)
class StandIns:
    """Where the stand-ins are, and what their population expects of a correct night."""

    described: Mapping[str, Any]

    @property
    def expected(self) -> Mapping[str, int]:
        """The totals of the population, computed from its table of scenarios alone."""
        totals: Mapping[str, int] = self.described["population"]["expected"]
        return totals

    def url(self, system: str) -> str:
        """Where a stand-in listens for its protocol and its control paths (mail: its pages)."""
        return str(self.described[system]["url"])

    def effects(self) -> list[Effect]:
        """Every effect that any of the three received, by their own ledgers."""
        found = []
        for system in ("cii", "plasta", "mailbox"):
            for one in self._call("GET", system, "ledger")["effects"]:
                repeated = one["detail"].get("repeated") == "yes"
                found.append(Effect(system, one["operation"], one["businessKey"], one["correlationId"], repeated))
        return found

    def mails(self) -> list[Mapping[str, str]]:
        """Every mail that arrived, one per envelope recipient."""
        mails: list[Mapping[str, str]] = self._call("GET", "mailbox", "mails")["mails"]
        return mails

    def act(self, system: str, name: str, **arguments: object) -> Mapping[str, Any]:
        """Have the people of a system do something there, as they would on its screens."""
        answer: Mapping[str, Any] = self._call("POST", system, f"acts/{name}", arguments)
        return answer

    def _call(self, method: str, system: str, path: str, arguments: Mapping[str, object] | None = None) -> Any:  # noqa: ANN401 - JSON
        """One control call; they are outside of the protocols and need no login."""
        where = urlsplit(self.url(system))
        connection = HTTPConnection(where.hostname or "", where.port, timeout=CALL_SECONDS)
        try:
            body = json.dumps(arguments) if arguments is not None else None
            connection.request(method, f"/_sandbox/{path}", body, {"Content-Type": "application/json"})
            answer = connection.getresponse()
            document = json.loads(answer.read())
        except OSError as error:
            raise UnavailableError("the stand-in does not answer", system=system, operation=path) from error
        finally:
            connection.close()
        if answer.status != 200:  # noqa: PLR2004 - OK
            raise ContractBrokenError(f"the stand-in answered {answer.status}", system=system, operation=path)
        return document


@dataclass(slots=True)
class Serving:
    """The process of the stand-ins."""

    process: subprocess.Popen[str]

    @classmethod
    def start(cls, cases: int, seed: int, today: date) -> Self:
        """Start it with its standard input in our hands; its own session, so that Ctrl-C is ours to answer."""
        words = [sys.executable, "-m", "sandbox.serve", "--cases", str(cases), "--seed", str(seed)]
        words += ["--today", today.isoformat(), "--until-eof"]
        process = subprocess.Popen(  # noqa: S603 - our own module, by our own interpreter
            words, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, encoding="utf-8", start_new_session=True
        )
        return cls(process)

    def described(self) -> StandIns:
        """Its one line, which comes when all services answer; ``UnavailableError`` when it ended instead."""
        line = self.process.stdout.readline() if self.process.stdout else ""
        if not line:
            raise UnavailableError("the stand-ins ended before they were ready", system="sandbox", operation="serve")
        return StandIns(json.loads(line))

    def stop(self) -> None:
        """Close its input; if that is not enough, end it."""
        if self.process.stdin:
            self.process.stdin.close()
        try:
            self.process.wait(ENDING_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait(ENDING_SECONDS)
        if self.process.stdout:
            self.process.stdout.close()


@contextmanager
def stand_ins(cases: int, seed: int, today: date) -> Iterator[StandIns]:
    """The stand-ins for the length of a block, stopped whatever happens inside."""
    serving = Serving.start(cases, seed, today)
    try:
        yield serving.described()
    finally:
        serving.stop()

"""All stand-ins together: one line when ready, real connections, gone when told or when the parent is gone."""

import json
import signal
import smtplib
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest
import requests

from sandbox.population.generate import generate
from sandbox.serve import ZURICH, Ports, Sandbox, clock_on

TODAY = date(2026, 11, 22)


@contextmanager
def served(*more: str) -> Iterator[tuple["subprocess.Popen[str]", dict[str, Any]]]:
    """The command as a process of its own, ready; killed at the end if it still runs."""
    command = [sys.executable, "-m", "sandbox.serve", "--cases", "30", "--seed", "7", "--today", "2026-11-22", *more]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, json.loads(process.stdout.readline())
        finally:
            process.kill()


def test_everything_answers_once_the_line_is_printed() -> None:
    with Sandbox(generate(7, 30, TODAY)) as sandbox:
        told = sandbox.describe()
        cii, plasta, mailbox = told["cii"], told["plasta"], told["mailbox"]
        assert isinstance(cii, dict)
        assert isinstance(plasta, dict)
        assert isinstance(mailbox, dict)

        page = requests.get(
            f"{cii['url']}/v1/cases", headers={"Authorization": f"Bearer {cii['token']}"}, timeout=10
        ).json()
        wsdl = requests.get(f"{plasta['endpoint']}?wsdl", timeout=10)
        with smtplib.SMTP(mailbox["smtp_host"], mailbox["smtp_port"], timeout=10) as smtp:
            mail = EmailMessage()
            mail["From"], mail["To"], mail["Message-ID"] = "a@cii.example", "b@cii.example", "<1@cii.example>"
            mail.set_content("Bonjour")
            smtp.send_message(mail)

        assert len(page["items"]) == 30
        assert b"urn:vs-cii:plasta:v1" in wsdl.content
        assert len(sandbox.mailbox.ledger.effects()) == 1
        assert requests.get(mailbox["url"], timeout=10).status_code == 200


def test_the_command_tells_addresses_credentials_and_what_to_expect() -> None:
    with served() as (process, told):
        assert set(told) == {"cii", "plasta", "mailbox", "population"}
        assert told["population"]["cases"] == 30
        assert told["population"]["today"] == "2026-11-22"
        assert told["population"]["expected"] == generate(7, 30, TODAY).expected.totals
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_signal_stops_everything(number: signal.Signals) -> None:
    with served() as (process, told):
        process.send_signal(number)

        assert process.wait(30) == 0
        _nobody_listens(told)


def test_with_until_eof_it_ends_with_its_parent() -> None:
    with served("--until-eof") as (process, told):
        assert process.stdin is not None
        process.stdin.close()

        assert process.wait(30) == 0
        _nobody_listens(told)


def test_a_taken_port_is_told_and_nothing_stays_bound() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, socket.create_server(("127.0.0.1", 0)) as spare:
        free = spare.getsockname()[1]
        spare.close()
        with pytest.raises(OSError, match="in use"):
            Sandbox(generate(7, 5, TODAY), ports=Ports(cii=free, smtp=taken.getsockname()[1]))

        with socket.create_server(("127.0.0.1", free)):
            pass


def test_the_command_fails_on_a_taken_port() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [sys.executable, "-m", "sandbox.serve", "--cases", "5", "--cii-port", str(taken.getsockname()[1])]
        ended = subprocess.run(command, capture_output=True, text=True, check=False)

    assert ended.returncode == 1
    assert "port" in ended.stderr
    assert ended.stdout == ""


def test_stopping_twice_is_once() -> None:
    sandbox = Sandbox(generate(7, 5, TODAY)).start()

    sandbox.stop()
    sandbox.stop()


@pytest.mark.parametrize("today", [date(2031, 2, 28), date(2031, 7, 1)])
def test_its_clock_shows_the_populations_day_at_the_time_of_day(today: date) -> None:
    """Whatever the season is in reality and in the population."""
    real = datetime.now(ZURICH)
    shown = clock_on(today)().astimezone(ZURICH)

    assert shown.replace(tzinfo=None) - datetime.combine(today, real.time()) < timedelta(minutes=2)
    assert shown.date() == today


def _nobody_listens(told: dict[str, Any]) -> None:
    for address in (told["cii"]["url"], told["plasta"]["url"], told["mailbox"]["url"]):
        with pytest.raises(requests.ConnectionError):
            requests.get(address, timeout=5)

"""The demonstration itself, as a user starts it; and that a difference is never called the same."""

import fcntl
import os
import pty
import re
import signal
import socket
import struct
import subprocess
import sys
import termios
import time
from collections import Counter
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import typer

from console.demo import comparing, tally
from console.demo.environment import FILE
from console.demo.stand_ins import Effect, Serving, StandIns
from console.demo.story import state_folder
from domain.errors import UnavailableError
from domain.intents import IntentState
from tests.console.fakes import FakeHouse
from tests.console.making import conflict, intent, mail, run

CASES = "200"


def demo(*words: str) -> list[str]:
    return [sys.executable, "-m", "console.main", "demo", "--cases", CASES, *words]


def stand_ins_with(seed: str) -> list[str]:
    """Processes of stand-ins with this seed that are running."""
    found = []
    for place in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            words = place.read_bytes().split(b"\0")
        except OSError:
            continue  # ended while we looked
        if b"sandbox.serve" in words and seed.encode() in words:
            found.append(place.parent.name)
    return found


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> tuple[subprocess.CompletedProcess[str], Path]:
    """One whole demonstration with its state kept."""
    state = tmp_path_factory.mktemp("demo") / "state"
    ended = subprocess.run(demo("--keep", str(state), "--lang", "fr"), capture_output=True, text=True, check=False)
    return ended, state


def test_everything_is_as_expected(told: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    ended, _ = told

    assert ended.stderr == ""
    assert ended.returncode == 0
    assert "DIFFERENT" not in ended.stdout
    assert ended.stdout.rstrip().endswith("Everything is as it should be.")


def test_it_shows_the_scenes_in_their_order(told: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    shown = told[0].stdout
    scenes = (
        "(cii-sync doctor)",
        "Switched from observe to active, each with its reason",
        "What would be done to which system, and why",
        "First nightly",
        "Dossier PLASTA ok et mot-clé indiqué.",
        "Subject: Réinsertion confirmée",
        "Second nightly: nothing left to do",
        "Expected by the population, first nightly",
        "Our records against the ledgers",
        "Where to look next",
    )

    places = [shown.find(scene) for scene in scenes]

    assert -1 not in places
    assert places == sorted(places)


def test_the_state_that_is_kept_can_be_read_and_is_for_its_owner(
    told: tuple[subprocess.CompletedProcess[str], Path],
) -> None:
    state = told[1]
    script = f"set -a; . {state / FILE}; exec {sys.executable} -m console.main runs --json"

    ended = subprocess.run(["sh", "-c", script], capture_output=True, text=True, check=True)

    assert '"shape": "runs/1"' in ended.stdout
    assert {path.stat().st_mode & 0o077 for path in state.iterdir()} == {0}


@pytest.mark.parametrize(
    ("words", "columns"),
    [("runs", 80), ("work --lang de", 80), ("conflicts --reveal --lang fr", 80), ("mode", 80), ("mode", 120)],
)
def test_on_a_terminal_nothing_is_wider_than_it(
    told: tuple[subprocess.CompletedProcess[str], Path], words: str, columns: int
) -> None:
    shown = on_terminal(told[1], words, columns)

    assert shown.strip()
    assert max(len(line) for line in shown.splitlines()) <= columns


def on_terminal(state: Path, words: str, columns: int) -> str:
    """What a command writes on a terminal of that width, with ``NO_COLOR``, without escape codes."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, columns, 0, 0))
    script = f"set -a; . {state / FILE}; exec {sys.executable} -m console.main {words}"
    environ = {"NO_COLOR": "1", "TERM": "xterm-256color"}
    running = subprocess.Popen(["sh", "-c", script], stdin=theirs, stdout=theirs, stderr=theirs, env=environ)
    os.close(theirs)
    written = b""
    while piece := _read(ours):
        written += piece
    os.close(ours)
    assert running.wait(60) == 0
    text = written.decode().replace("\r\n", "\n")
    assert not re.search(r"\x1b\[[0-9;]*3[0-7]m", text)
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


def _read(terminal: int) -> bytes:
    """The next piece; Linux ends a terminal whose other side is closed with an error."""
    try:
        return os.read(terminal, 65536)
    except OSError:
        return b""


def test_nothing_is_left_running(told: tuple[subprocess.CompletedProcess[str], Path]) -> None:
    settings = dict(one.split("=", 1) for one in (told[1] / FILE).read_text(encoding="utf-8").splitlines())
    where = urlsplit(settings["CII_PLASTA__URL"])

    with socket.socket() as door:
        assert door.connect_ex((str(where.hostname), int(where.port or 0))) != 0


def test_interrupted_it_leaves_nothing_behind(tmp_path: Path) -> None:
    seed = "760013"
    running = subprocess.Popen(demo("--seed", seed), stdout=subprocess.PIPE, text=True, env={"TMPDIR": str(tmp_path)})
    assert running.stdout is not None
    while "Switched from observe" not in running.stdout.readline():
        assert running.poll() is None
    assert stand_ins_with(seed)

    running.send_signal(signal.SIGINT)
    running.communicate(timeout=60)

    assert running.returncode == 130
    assert stand_ins_with(seed) == []
    assert list(tmp_path.iterdir()) == []


def test_a_killed_parent_takes_its_stand_ins_along(tmp_path: Path) -> None:
    seed = "760029"
    running = subprocess.Popen(demo("--seed", seed), stdout=subprocess.PIPE, text=True, env={"TMPDIR": str(tmp_path)})
    assert running.stdout is not None
    while "Switched from observe" not in running.stdout.readline():
        assert running.poll() is None

    running.kill()
    running.communicate(timeout=60)

    for _ in range(100):
        if not stand_ins_with(seed):
            break
        time.sleep(0.1)
    assert stand_ins_with(seed) == []


def test_a_folder_with_something_in_it_is_not_touched(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine", encoding="utf-8")

    with pytest.raises(typer.Exit), state_folder(tmp_path):
        pass

    assert [path.name for path in tmp_path.iterdir()] == ["mine.txt"]


def test_stand_ins_that_cannot_start_are_told(tmp_path: Path) -> None:
    program = "import sys; sys.exit(1)"
    process = subprocess.Popen(
        [sys.executable, "-c", program], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=tmp_path
    )
    serving = Serving(process)
    try:
        with pytest.raises(UnavailableError, match="ended before they were ready"):
            serving.described()
    finally:
        serving.stop()


def test_stand_ins_that_are_gone_are_told() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    with pytest.raises(UnavailableError, match="does not answer"):
        StandIns({"cii": {"url": f"http://127.0.0.1:{port}"}}).effects()


def test_the_expectation_is_compared_number_by_number(capsys: pytest.CaptureFixture[str]) -> None:
    done = tally.Done(Counter({"keywords set": 2, "write-backs": 3}), 1, 4, 5, 6)
    expected = {"seen": 500, "keyword_set": 2, "write_backs": 3, "mails": 1, "work_items": 4, "conflicts": 4}

    rows = comparing.with_expectation(run(), done, expected)

    assert [row.what for row in rows if not row.same] == ["conflicts"]
    assert comparing.show("Title", "done", "expected", rows) is False
    assert "DIFFERENT" in capsys.readouterr().out
    assert comparing.show("Title", "done", "expected", rows[:2]) is True


def test_what_is_expected_and_not_measured_is_a_difference() -> None:
    rows = comparing.with_expectation(run(), tally.Done(Counter(), 0, 0, 0, 0), {"appointments": 3})

    assert [row.same for row in rows] == [False]


def effects() -> list[Effect]:
    """What the ledgers hold after one keyword, one mail."""
    return [
        Effect("plasta", "addStesSchlagwort", "10000001/KW1", "I1", repeated=False),
        Effect("mailbox", "deliver", "<m@vs.example> cii-office@vs.example", "<m@vs.example>", repeated=False),
    ]


def house() -> FakeHouse:
    """A house that holds the same two for done."""
    made = FakeHouse()
    made.intents.rows = [intent("I1"), mail("I2", "cii-office", IntentState.DONE), intent("I3", IntentState.PARKED)]
    made.records.found = [conflict(), conflict()]
    return made


def test_records_that_agree_with_the_ledgers() -> None:
    assert all(row.same for row in comparing.with_ledgers(house(), effects()))


@pytest.mark.parametrize(
    ("ledger", "what"),
    [
        (effects()[:1], "effects that only our records have"),
        (effects()[1:], "keywords set"),
        ([*effects(), effects()[0]], "effects that happened twice"),
        (
            [*effects(), Effect("cii", "putMirrorFacet", "C/keyword#2", "", repeated=True)],
            "effects that happened twice",
        ),
        ([*effects(), Effect("plasta", "anmeldeStes", "10000001", "I9", repeated=False)], "anmeldeStes"),
        (
            [effects()[0], Effect("mailbox", "deliver", "<m@vs.example> other@vs.example", "", repeated=False)],
            "effects that only a ledger has",
        ),
    ],
)
def test_a_difference_from_the_ledgers_is_found(ledger: list[Effect], what: str) -> None:
    different = [row.what for row in comparing.with_ledgers(house(), ledger) if not row.same]

    assert what in different


def test_a_case_in_conflict_twice_is_one_conflict() -> None:
    made = house()

    assert tally.ours(made).conflicts == 1
    assert tally.ours(made).messages == 1

"""The demonstration from its beginning to its end; everything it starts is stopped, whatever happens."""

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from config.calendar import local_date
from console.demo import comparing, nights, scenes
from console.demo.environment import save, variables
from console.demo.stand_ins import StandIns, stand_ins
from console.demo.tally import ours
from console.doors import House, RealDoors
from console.exit_codes import ExitCode
from console.screen import heading, line
from console.session import wrong_usage
from console.setting_up import code_of, show_checks
from domain.facets import Language
from scheduler.bootstrap import utc_now


def tell(cases: int, seed: int, keep: Path | None, language: Language) -> ExitCode:
    """All scenes; 1 when anything differs from the ledgers or from what the population expects."""
    today = local_date(utc_now())
    with state_folder(keep) as state:
        line(f"Starting the stand-ins of the CII software, PLASTA and a mail server with {cases} invented cases ...")
        with stand_ins(cases, seed, today) as others:
            settings = variables(others, state)
            doors = RealDoors(settings)
            doors.upgrade()
            heading("Is everything ready? (cii-sync doctor)")
            checks = doors.checks()
            show_checks(checks)
            if (code := code_of(checks)) is not ExitCode.DONE:
                return code
            with doors.house() as house:
                same = _scenes(house, others, language)
        if keep is not None:
            save(settings, state)
        _where_next(keep)
    line()
    line("Everything is as it should be." if same else "SOMETHING DIFFERS: see above.")
    return ExitCode.DONE if same else ExitCode.DIFFERENT_OR_FAILED


def _scenes(house: House, others: StandIns, language: Language) -> bool:
    """The work itself; True when every comparison holds."""
    scenes.switch_on(house)
    first = nights.night(house, explain=True)
    nights.show("First nightly", first)
    as_expected = comparing.with_expectation(first.run, ours(house), others.expected)

    heading("A tandem opens a coaching and checks the registration (C1-C3)")
    case = scenes.open_case(others, language)
    checked = scenes.check(house, case, language)

    heading("The person found work: the reinsertion mail (C10)")
    told = scenes.reinsertion(house, others, case)

    before = len(others.effects())
    second = nights.night(house, explain=False)
    nights.show("Second nightly: nothing left to do", second)
    effects = others.effects()
    quiet = [
        comparing.Row("effects that reached a system in the second nightly", len(effects) - before, 0),
        comparing.Row("attempts in the second nightly", second.outcomes.total(), 0),
    ]
    scenes_done = [comparing.Row("scenes that ended as told (check, mail)", checked + told, 2)]
    return all(
        [
            comparing.show("Expected by the population, first nightly", "done", "expected", as_expected),
            comparing.show(
                "Our records against the ledgers", "ours", "ledgers", comparing.with_ledgers(house, effects)
            ),
            comparing.show("The rest of the story", "found", "wanted", [*scenes_done, *quiet]),
        ]
    )


@contextmanager
def state_folder(keep: Path | None) -> Iterator[Path]:
    """A temporary folder, gone at the end; or the one to keep, which must be new or empty."""
    if keep is None:
        with tempfile.TemporaryDirectory(prefix="cii-sync-demo-") as folder:
            yield Path(folder)
        return
    if keep.exists() and (not keep.is_dir() or any(keep.iterdir())):
        raise wrong_usage("--keep takes a new or an empty folder.")
    keep.mkdir(mode=0o700, parents=True, exist_ok=True)
    yield keep.resolve()


def _where_next(keep: Path | None) -> None:
    """What to look at with the state that was kept; or how to keep it."""
    heading("Where to look next")
    if keep is None:
        line("The state of this demonstration is gone. Keep it with: cii-sync demo --keep var/demo")
    else:
        line(f"The state is kept in {keep}. Read its settings into your shell, then look around:")
        line(f"  set -a; . {keep / 'settings.env'}; set +a")
        line("  cii-sync runs; cii-sync work; cii-sync conflicts --reveal; cii-sync intents; cii-sync case CII-...")
    line("The stand-ins alone, to try things out: cii-sync sandbox serve")
    line("Why it is built so: docs/decisions/. The words: docs/glossary.md")

"""What each scenario changes in a fresh plot: coachings that run or end. Named as in the scenario table."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sandbox.cii.records import Exit, Reinsertion
from sandbox.plasta.code_lists import CII_KEYWORD
from sandbox.plasta.records import INACTIVE
from sandbox.population.fresh import consent
from sandbox.population.places import OFFICES
from sandbox.population.plots import Bench, Plot, registration_value
from sandbox.population.registrations import after_move, at_noon, ended, moved_away, registration

_AFTER_REINSERTION = ("reinserted", "follow_up", "final_report")


def agreed(_plot: Plot, _bench: Bench, _ordinal: int) -> None:
    """Nothing differs."""


def several_registrations(plot: Plot, bench: Bench, _ordinal: int) -> None:
    """An older registration, ended by a job years ago, stands beside the one that counts."""
    (now,) = plot.registrations or ()
    began = now.registered_on - timedelta(days=bench.rng.randint(500, 900))
    before = registration(bench, plot.region, began, keyword=False)
    plot.registrations = (ended(bench, before, began + timedelta(days=200), job_found=True), now)


def avs_without_personal_number(plot: Plot, _bench: Bench, _ordinal: int) -> None:
    """The tandem noted the AVS number only."""
    plot.personal_number_known = False


def personal_number_only(plot: Plot, _bench: Bench, _ordinal: int) -> None:
    """The AVS number is missing in the case."""
    plot.avs_known = False


def merged_person(plot: Plot, bench: Bench, _ordinal: int) -> None:
    """The case has a personal number that PLASTA has merged into another since."""
    _, old_number = bench.people.numbers()
    plot.known = replace(plot.known, personal_number=old_number)
    plot.avs_known = False


def deregistration_withdrawn(plot: Plot, bench: Bench, _ordinal: int) -> None:
    """A de-registration was recorded and mirrored, then withdrawn in PLASTA."""
    (one,) = plot.registrations or ()
    announced = ended(bench, one, bench.today + timedelta(days=bench.rng.randint(5, 60)), job_found=True)
    end = announced.deregistration
    if end is not None:
        plot.mirror_instead["deregistration"] = {
            "effective": end.effective_on.isoformat(),
            "job_found": "yes",
            "reason_domain": end.reason_domain,
            "reason": end.reason_code,
        }
        withdrawn = replace(end, withdrawn_at=at_noon(bench.today - timedelta(days=1)))
        plot.registrations = (replace(announced, deregistration=withdrawn),)
    _certainly_consented(plot, bench)


def keyword_missing(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Registered, and nobody has set the keyword yet; the mirror says so, or nothing."""
    plot.state = ("registration_pending", "registered", "announced")[ordinal % 3]
    plot.procurations = ()
    plot.opened_on = bench.days_ago(3, 15)
    _without_keyword(plot)
    if ordinal % 2:
        plot.mirrored.discard("keyword")


def mirror_missing(plot: Plot, _bench: Bench, _ordinal: int) -> None:
    """Nothing was written back to this case yet."""
    plot.mirrored = set()


def mirror_outdated(plot: Plot, _bench: Bench, _ordinal: int) -> None:
    """We mirrored that she is not registered; she was registered since."""
    plot.mirror_instead["registration"] = {"status": "not_registered"}


def mirror_by_hand(plot: Plot, _bench: Bench, _ordinal: int) -> None:
    """Somebody typed another state into the mirror than PLASTA has."""
    (one,) = plot.registrations or ()
    plot.mirror_instead["registration"] = {**registration_value(one), "status": "inactive"}
    plot.mirror_by = "tandem"


def office_changed(plot: Plot, bench: Bench, ordinal: int) -> None:
    """She moved: the old office de-registered her, the new one registered her without our keyword."""
    other = [region for region in OFFICES if region != plot.region]
    moved_on = bench.days_ago(2, 12)
    before = registration(bench, other[ordinal % len(other)], plot.opened_on)
    plot.opened_on = min(plot.opened_on, moved_on)
    plot.mirror_instead["registration"] = registration_value(before)
    plot.mirror_instead["keyword"] = {"present": "yes"}
    plot.registrations = (moved_away(bench, before, moved_on), after_move(bench, plot.region, moved_on))


def deregistered_future(plot: Plot, bench: Bench, _ordinal: int) -> None:
    """De-registered with a job, from a day to come."""
    (one,) = plot.registrations or ()
    plot.registrations = (ended(bench, one, bench.today + timedelta(days=bench.rng.randint(3, 88)), job_found=True),)
    plot.mirrored.discard("deregistration")
    _certainly_consented(plot, bench)


def deregistered_with_job(plot: Plot, bench: Bench, _ordinal: int) -> None:
    """De-registered with a job some days ago; the tandem has said nothing."""
    _ended_with_job(plot, bench, 2, 15)
    plot.mirrored = {"keyword"}


def reinserted(plot: Plot, bench: Bench, ordinal: int) -> None:
    """The tandem confirmed today what PLASTA says as well."""
    _ended_with_job(plot, bench, 2, 15)
    plot.state = "reinserted"
    plot.reinsertion = Reinsertion(
        bench.today, ("orp_respondent", "cms_respondent")[ordinal % 2], bench.today + timedelta(days=7)
    )
    plot.changed_today = True


def reinserted_earlier(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Confirmed weeks ago, when the tandem wrote that mail by hand."""
    _ended_with_job(plot, bench, 20, 50)
    plot.state = _AFTER_REINSERTION[ordinal % len(_AFTER_REINSERTION)]
    plot.reinsertion = Reinsertion(bench.days_ago(8, 18), "cms_respondent")


def closed_agreed(plot: Plot, bench: Bench, _ordinal: int) -> None:
    """Closed for employment; PLASTA says the same, and the keyword is gone."""
    _ended_with_job(plot, bench, 20, 50)
    _without_keyword(plot)
    _closed(plot, bench, "employment")


def closed_not_asked(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Closed, and the procuration has ended: PLASTA is no longer asked."""
    reasons = ("lack_of_cooperation", "other", "other_institution", "network_follow_up")
    _without_keyword(plot)
    _closed(plot, bench, reasons[ordinal % len(reasons)])
    plot.procurations = ()


def closed_but_active(plot: Plot, bench: Bench, _ordinal: int) -> None:
    """Closed for employment, and still looking for work in PLASTA."""
    _without_keyword(plot)
    _closed(plot, bench, "employment")


def keyword_left(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Closed; the keyword that stood while the coaching ran is still there."""
    _closed(plot, bench, ("lack_of_cooperation", "other")[ordinal % 2])


def keyword_by_hand(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Closed and the keyword removed; somebody set it again in PLASTA."""
    _closed(plot, bench, ("other_institution", "network_follow_up")[ordinal % 2])
    plot.mirror_instead["keyword"] = {"present": "no"}


def keyword_removed_by_hand(plot: Plot, _bench: Bench, _ordinal: int) -> None:
    """The coaching runs; somebody took the keyword away in PLASTA."""
    _without_keyword(plot)
    plot.mirror_instead["keyword"] = {"present": "yes"}


def registration_inactive(plot: Plot, bench: Bench, ordinal: int) -> None:
    """Known to PLASTA by an inactive registration only."""
    (one,) = plot.registrations or ()
    plot.registrations = (replace(one, status=INACTIVE),)
    plot.state = ("announced", "registration_pending")[ordinal % 2]
    plot.opened_on = bench.days_ago(3, 12)
    plot.procurations = ()
    plot.mirrored = {"keyword"}
    _without_keyword(plot)


def several_active(plot: Plot, bench: Bench, _ordinal: int) -> None:
    """Two registrations are active at once."""
    (one,) = plot.registrations or ()
    second = registration(bench, plot.region, one.registered_on + timedelta(days=2), keyword=False)
    plot.registrations = (one, second)
    plot.mirrored = set()


def _without_keyword(plot: Plot) -> None:
    plot.registrations = tuple(
        replace(one, keywords=tuple(keyword for keyword in one.keywords if keyword != CII_KEYWORD))
        for one in plot.registrations or ()
    )


def _certainly_consented(plot: Plot, bench: Bench) -> None:
    if not plot.procurations:
        consent(plot, bench)


def _ended_with_job(plot: Plot, bench: Bench, least: int, most: int) -> None:
    (one,) = plot.registrations or ()
    plot.registrations = (ended(bench, one, bench.days_ago(least, most), job_found=True),)
    plot.opened_on = min(plot.opened_on, bench.days_ago(most + 40, most + 90))
    plot.state = "running"
    _certainly_consented(plot, bench)


def _closed(plot: Plot, bench: Bench, reason: str) -> None:
    closed_on = bench.days_ago(4, 18)
    plot.opened_on = min(plot.opened_on, bench.days_ago(90, 200))
    plot.state, plot.closed_on, plot.exit = "closed", closed_on, Exit(reason, closed_on)
    _certainly_consented(plot, bench)

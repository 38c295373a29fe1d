"""C1 and C3: whether the person is registered, and what follows when she is not. Pure."""

from domain.cases import Procedure
from domain.compare import Finding, Treatment
from domain.consent import Allowed
from domain.facets import Facet, Target
from domain.intents import IntentKind
from domain.registrations import RegistryView, Sight
from domain.work_items import Role, WorkItemKind
from pipelines.draft import Draft, digest
from pipelines.mail_decision import MailPlan, mail
from pipelines.reinsertion_decision import is_back_at_work

REGISTRATION_WANTED = "registration_wanted"

UNSURE = {
    Sight.CANDIDATE: "found by name and birth date only",
    Sight.SEVERAL_PERSONS: "several persons fit",
    Sight.OTHER_BIRTH_DATE: "the number belongs to a person with another birth date",
}
"""Sights that are a question to a person, never a binding."""


def whose_person(draft: Draft, view: RegistryView) -> None:
    """Is it her? A person answers, with the candidates before him."""
    draft.note(Facet.IDENTITY, Finding.PLASTA_ONLY, Treatment.ASK_OWNER, UNSURE[view.sight])
    candidates = {f"candidate.{index}": number for index, number in enumerate(view.candidates, start=1)}
    mark = f"{view.sight}:{digest(candidates)}"
    draft.ask(WorkItemKind.CONFIRM_IDENTITY, Role.TANDEM, mark, values=candidates)


def presence(draft: Draft, view: RegistryView, verdict: Allowed) -> None:
    """A coaching whose person has no active registration asks the tandem to register her, once per procedure."""
    coaching = draft.facts.case.coaching()
    current = view.person.current() if view.person else None
    registered = view.person is not None and bool(view.person.active())
    if coaching is None or registered or is_back_at_work(draft, current):
        return
    mark = coaching.opened_on.isoformat()
    draft.ask(WorkItemKind.REGISTER_PERSON, Role.TANDEM, mark, within=draft.context.rules.register_within)
    _tell_orp(draft, mark, verdict)
    if draft.context.rules.registration_enabled and view.sight is Sight.UNKNOWN_PERSON:
        _request(draft, coaching, verdict)


def several_active(draft: Draft, view: RegistryView) -> None:
    """Two registrations active at once: which one counts is for the ORP's respondent to say."""
    active = view.person.active() if view.person else ()
    if len(active) > 1:
        names = {f"registration.{index}": one.registration_id for index, one in enumerate(active, start=1)}
        draft.note(Facet.REGISTRATION, Finding.PLASTA_ONLY, Treatment.ASK_OWNER, "several active registrations")
        draft.ask(WorkItemKind.CHOOSE_REGISTRATION, Role.TANDEM, digest(names), values=names)


def _tell_orp(draft: Draft, mark: str, verdict: Allowed) -> None:
    """One mail without personal data to the region's ORP, where it has a mailbox; the check's own basis covers it."""
    context = draft.context
    orp = context.institutions.orp_of(draft.facts.case.region)
    if context.institutions.mailbox(orp) is None or not context.mode(Facet.REGISTRATION, Target.MAIL).active:
        return
    due = context.calendar.add_working_days(context.today, context.rules.register_within)
    why, fields = "the person is not registered", {"due_on": due.isoformat()}
    plan = MailPlan(Facet.REGISTRATION, REGISTRATION_WANTED, mark, orp, "", why, fields)
    mail(draft, plan, orp, verdict)


def _request(draft: Draft, coaching: Procedure, verdict: Allowed) -> None:
    """Ask by operation, once per procedure, where a setting and the mode allow it."""
    if draft.context.mode(Facet.REGISTRATION, Target.PLASTA).active:
        draft.wish(
            IntentKind.REQUEST_REGISTRATION,
            Target.PLASTA,
            Facet.REGISTRATION,
            basis=verdict,
            why="procedure C is open and the person is not registered",
            payload={},
            occasion=coaching.opened_on.isoformat(),
        )

"""C10: the tandem's word sends the mail, once; PLASTA's de-registration alone is a question (rule 2). Pure."""

from domain.cases import Reinsertion
from domain.compare import Finding, Treatment
from domain.consent import Denied
from domain.consent_terms import Purpose
from domain.facets import Facet, Target
from domain.registrations import Registration, RegistryView
from domain.work_items import Role, WorkItemKind
from pipelines.draft import Draft
from pipelines.mail_decision import MailPlan, gate, mail

CONFIRMATION = "reinsertion_confirmation"


def from_cii(draft: Draft) -> None:
    """The tandem confirmed the reinsertion: one mail, to the office with copy to the regional coordinator."""
    reinsertion = draft.facts.case.reinsertion
    if reinsertion is not None:
        _confirmation(draft, reinsertion)


def is_back_at_work(draft: Draft, current: Registration | None) -> bool:
    """Whether there is nothing to register for: the tandem says so, or PLASTA de-registered with a job found."""
    if draft.facts.case.reinsertion is not None:
        return True
    hint = current.deregistration if current else None
    return hint is not None and hint.job_found and hint.effective_on <= draft.context.today


def from_plasta(draft: Draft, view: RegistryView) -> None:
    """A past de-registration with a job, no newer registration, nothing said by the tandem: ask (rule 2)."""
    current = view.person.current() if view.person else None
    hint = current.deregistration if current else None
    if hint is None or not hint.job_found or draft.facts.case.coaching() is None:
        return
    if hint.effective_on > draft.context.today:
        draft.recheck.append(hint.effective_on)
        return
    if draft.facts.case.reinsertion is not None:
        return
    why = "de-registered in PLASTA with a job found; the tandem has not confirmed it"
    draft.note(Facet.REINSERTION, Finding.PLASTA_ONLY, Treatment.ASK_OWNER, why)
    if draft.context.rules.reinsertion_auto:
        _confirmation(draft, Reinsertion(hint.effective_on, None, hint.start_of_work))
    else:
        draft.ask(WorkItemKind.CONFIRM_REINSERTION, Role.TANDEM, hint.effective_on.isoformat())


def _confirmation(draft: Draft, reinsertion: Reinsertion) -> None:
    """One wish per envelope recipient, all with the same headers and the same Message-ID."""
    context, case = draft.context, draft.facts.case
    mode = context.mode(Facet.REINSERTION, Target.MAIL)
    if mode.since is not None and reinsertion.confirmed_on < mode.since:
        return  # confirmed before this flow was switched on: the tandem wrote that mail by hand
    office, coordinator = context.institutions.cii_office(), context.institutions.coordinator_of(case.region)
    fields = {
        "region": case.region,
        "confirmed_on": reinsertion.confirmed_on.isoformat(),
        "confirmed_by": reinsertion.confirmed_by.value if reinsertion.confirmed_by else "plasta",
        "start_of_work": reinsertion.start_of_work.isoformat() if reinsertion.start_of_work else "",
    }
    mark = min(procedure.opened_on for procedure in case.procedures).isoformat()
    plan = MailPlan(Facet.REINSERTION, CONFIRMATION, mark, office, coordinator, "the tandem confirmed it", fields)
    for recipient in (office, coordinator):
        verdict = gate(draft, recipient, Purpose.REINSERTION_NOTICE)
        if isinstance(verdict, Denied):
            draft.note(Facet.REINSERTION, Finding.NOT_ALLOWED, Treatment.NOTHING, "no basis for this recipient")
        elif mode.active:
            mail(draft, plan, recipient, verdict)
        else:
            draft.note(Facet.REINSERTION, Finding.CII_MOVED, Treatment.NOTHING, "observed: the mail would be sent")

"""Wishes for mails: gate per recipient, one Message-ID fixed before anything is sent. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from domain import consent
from domain.consent import Allowed
from domain.consent_terms import Category, Purpose
from domain.facets import Facet, Target
from domain.intents import IntentKind, Wish
from pipelines.draft import Draft


@dataclass(frozen=True, slots=True)
class MailPlan:
    """One mail, whoever of its recipients a wish is for. ``mark`` tells two occasions of the same case apart."""

    facet: Facet
    template: str
    mark: str
    to: str
    cc: str
    why: str
    fields: Mapping[str, str] = field(default_factory=dict)


def gate(draft: Draft, institution: str, purpose: Purpose) -> consent.Verdict:
    """The consent gate for one institution and the administrative category."""
    context = draft.context
    recipient = context.institutions.recipient(institution)
    categories = frozenset({Category.ADMINISTRATIVE})
    return consent.decide(draft.facts.case, recipient, categories, purpose, context.today, context.rules.statutes)


def mail(draft: Draft, plan: MailPlan, recipient: str, verdict: Allowed) -> None:
    """One mail to one envelope recipient; the Message-ID is the same for all of them (RFC 5322, 3.6.4)."""
    case_id, context = draft.facts.case.case_id, draft.context
    left = f"{plan.template.replace('_', '-')}.{case_id}.{plan.mark}"
    link = f"{context.rules.cii_pages}/cases/{case_id}" if context.rules.cii_pages else ""
    fields = {"case_reference": case_id, "link": link, **plan.fields}
    payload = {
        "template": plan.template,
        "message_id": f"<{left}@{context.rules.mail_domain}>",
        "recipient": recipient,
        "to": plan.to,
        "cc": plan.cc,
        "written_at": context.now.isoformat(),
        **{f"field.{name}": text for name, text in fields.items() if text},
    }
    key = f"{IntentKind.SEND_MAIL}:{case_id}:{plan.template}:{plan.mark}:{recipient}"
    draft.wishes.append(
        Wish(key, IntentKind.SEND_MAIL, Target.MAIL, plan.facet, case_id, verdict.basis, payload, plan.why)
    )

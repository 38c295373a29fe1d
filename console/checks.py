"""``check`` and ``notice``: one case now, for the people who follow it. In French or German."""

import sys
from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Annotated

import typer

from console import answers
from console.doors import House
from console.exit_codes import ExitCode
from console.identifiers import CASE_ID, PERSONAL_NUMBER
from console.json_output import Json, emit, instant
from console.screen import heading, item, line
from console.session import AsJson, Lang, Session, session_of, wrong_usage
from domain.books import Request
from domain.facets import Language
from domain.intents import Intent, IntentState
from domain.people import AvsNumber, CaseId, PersonalNumber
from mappings.sentences import say, word

app = typer.Typer()

Patience = Annotated[int, typer.Option("--patience", min=0, max=600, help="Seconds to wait for the answer.")]


@app.command(short_help="Check one person in PLASTA now; set the keyword where due.")
def check(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="The case's reference, such as CII-2026-000123.")] = "",
    personal_number: Annotated[str, typer.Option("--personal-number", help="PLASTA's number of the person.")] = "",
    avs: Annotated[bool, typer.Option("--avs", help="Ask for the AVS number, or read it from standard input.")] = False,
    patience: Patience = 60,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Check a person's registration in PLASTA, set the keyword where it is due, and say what is left to do (C1-C3)."""
    session = session_of(context)
    language = session.language(lang)
    if sum((bool(case), bool(personal_number), avs)) != 1:
        raise wrong_usage("Name one case, or one person by --personal-number or --avs.")
    _well_formed(case, personal_number)
    number = _avs_number() if avs else None
    with session.doors.house() as house:
        cases = [CaseId(case)] if case else _cases_of(house, personal_number, number)
        if not cases:
            raise _nobody(language, as_json)
        checked = {one: house.runner.check(one, session.doors.who(), timedelta(seconds=patience)) for one in cases}
        codes = _shown(checked, house, language, as_json)
    raise typer.Exit(max(codes))


def _well_formed(case: str, personal_number: str) -> None:
    """A slip of the finger is told before anything is asked."""
    if case and not CASE_ID.fullmatch(case):
        raise wrong_usage("A case's reference is like CII-2026-000123.")
    if personal_number and not PERSONAL_NUMBER.fullmatch(personal_number):
        raise wrong_usage("A personal number has eight digits.")


def _avs_number() -> AvsNumber:
    """From a prompt that does not show it, or the first line of standard input; its check digit is tested here."""
    # late: --help needs no number library
    from domain.errors import InvalidRecordError
    from mappings.identifiers import typed_avs_number

    typed = typer.prompt("N° AVS / AHV-Nr.", hide_input=True) if sys.stdin.isatty() else sys.stdin.readline()
    try:
        return typed_avs_number(typed.strip(), "avs")
    except InvalidRecordError as error:
        raise wrong_usage(f"This is no AVS number: {error.reason}.") from None


def _cases_of(house: House, personal_number: str, avs_number: AvsNumber | None) -> Sequence[CaseId]:
    """The cases of a person, as the CII software or a binding has the number."""
    return house.needs.cases.cases_of(PersonalNumber(personal_number) if personal_number else None, avs_number)


def _nobody(language: Language, as_json: bool) -> typer.Exit:
    """Nobody whom we follow: nothing was asked anywhere."""
    if as_json:
        emit("check/1", {"language": language.value, "cases": []})
    else:
        line(say(language, "answer_extra.no_case"))
    return typer.Exit(ExitCode.USAGE)


def _shown(
    checked: Mapping[CaseId, tuple[Request, bool]], house: House, language: Language, as_json: bool
) -> list[ExitCode]:
    """Print every answer; their exit codes."""
    if as_json:
        documents = [check_json(request, repeated, language) for request, repeated in checked.values()]
        emit("check/1", {"language": language.value, "cases": documents})
    else:
        if len(checked) > 1:
            line(say(language, "answer_extra.several_cases"))
        for request, repeated in checked.values():
            age = house.needs.clock() - request.received_at
            show_answer(request, answers.repeated(age, language) if repeated else "", language)
    return [answers.exit_code(request.answer or {}) for request, _ in checked.values()]


def show_answer(request: Request, first: str, language: Language) -> None:
    """One answer as a person reads it: three blocks."""
    told = answers.told(request.answer or {}, language)
    heading(say(language, "case_extra.head", case=request.case_id))
    if first:
        line(first)
    for block, sentences in (("found", told.found), ("done", told.done), ("to_do", told.to_do)):
        heading(say(language, f"block.{block}"))
        for sentence in sentences:
            item(sentence)


def check_json(request: Request, repeated: bool, language: Language) -> Mapping[str, Json]:
    """One answer with its codes and its sentences; no personal value is in either."""
    answer = dict(request.answer or {})
    told = answers.told(answer, language)
    return {
        "case": request.case_id,
        "answer": answer.get("answer", answers.WAITING),
        "repeated": repeated,
        "asked_at": instant(request.received_at),
        "answered_at": instant(request.answered_at),
        "details": {name: text for name, text in answer.items() if name != "answer" and text},
        "found": list(told.found),
        "done": list(told.done),
        "to_do": list(told.to_do),
        "exit_code": int(answers.exit_code(answer)),
    }


@app.command(short_help="Send one case's reinsertion mail now, if it is confirmed.")
def notice(
    context: typer.Context,
    case: Annotated[str, typer.Argument(help="The case's reference, such as CII-2026-000123.")],
    patience: Patience = 60,
    lang: Lang = None,
    as_json: AsJson = False,
) -> None:
    """Read one case afresh and send its reinsertion mail, if the tandem confirmed the reinsertion (C10). Once."""
    session: Session = session_of(context)
    language = session.language(lang)
    _well_formed(case, "")
    with session.doors.house() as house:
        mails = house.runner.notice(CaseId(case), timedelta(seconds=patience))
    if as_json:
        emit("notice/1", {"case": case, "mails": [mail_json(mail) for mail in mails]})
    else:
        _show_mails(case, mails, language)
    raise typer.Exit(_code_of(mails))


def _show_mails(case: str, mails: Sequence[Intent], language: Language) -> None:
    """Where each recipient's mail stands."""
    heading(say(language, "case_extra.head", case=case))
    if not mails:
        line(say(language, "notice_extra.none"))
    for mail in mails:
        recipient = mail.wish.payload.get("recipient", "")
        item(f"{recipient}: {word(language, 'mail_told', mail.state)}")


def _code_of(mails: Sequence[Intent]) -> ExitCode:
    """All accepted: done. None wanted, or one that waits: something is left."""
    accepted = {IntentState.DONE, IntentState.ALREADY_SO}
    return ExitCode.DONE if mails and all(mail.state in accepted for mail in mails) else ExitCode.WAITS


def mail_json(mail: Intent) -> Mapping[str, Json]:
    """One recipient's mail, by the institution's id."""
    return {
        "intent": mail.intent_id,
        "recipient": mail.wish.payload.get("recipient", ""),
        "state": mail.state.value,
        "code": mail.last_code,
    }

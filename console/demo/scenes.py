"""The scenes between the two nightlies: what is switched on, a tandem's check, a reinsertion and its mail."""

from datetime import date, timedelta

from console.checks import show_answer
from console.demo.stand_ins import StandIns
from console.doors import House
from console.screen import heading, line, table
from console.switches import SWITCHES
from domain.decision import Mode
from domain.errors import NotFoundError
from domain.facets import Facet, Language, Target
from domain.people import CaseId

REASON = "demonstration on invented persons"
BY = "cii-sync demo"
PATIENCE = timedelta(minutes=1)

SWITCHED_ON = tuple(pair for pair in SWITCHES if pair != (Facet.REGISTRATION, Target.PLASTA))
"""All but the registration by operation, which is off in the settings too: registering is a human procedure."""

PLACES = {
    Language.FR: {"region": "sion", "office": "VSO10", "postal_code": "1950", "locality": "Sion", "bfs_number": 6266},
    Language.DE: {
        "region": "oberwallis",
        "office": "VSP10",
        "postal_code": "3930",
        "locality": "Visp",
        "bfs_number": 6297,
    },
}
PERSONS = {Language.FR: ("Exemple-Rey", "Aline"), Language.DE: ("Beispiel-Zenklusen", "Aline")}
PLASTA_CODES = {Language.DE: "1", Language.FR: "2"}


def switch_on(house: House) -> None:
    """From observe to active, one by one, each with its reason: nothing is ever written before.

    Mails count from today on: what was confirmed earlier, a tandem told by hand.
    """
    heading(f"Switched from observe to active, each with its reason: {REASON}")
    now = house.needs.clock()
    today = house.needs.calendar.today(now)
    for facet, target in SWITCHED_ON:
        mode = Mode(active=True, since=today if target is Target.MAIL else None)
        house.needs.switches.set_mode(facet, target, mode, reason=REASON, by=BY, now=now)
    table(("facet", "target", "what it does"), ((*pair, SWITCHES[pair]) for pair in SWITCHED_ON))


def open_case(stand_ins: StandIns, language: Language) -> CaseId:
    """An ORP registers a person in PLASTA; a tandem opens her coaching in the CII software. Nobody sets the keyword."""
    family_name, first_name = PERSONS[language]
    place = dict(PLACES[language])
    office, bfs_number, region = place.pop("office"), place.pop("bfs_number"), place.pop("region")
    born = date(1988, 4, 12).isoformat()
    who = {"family_name": family_name, "first_name": first_name, "birth_date": born, **place}
    person = stand_ins.act("plasta", "register_person", office=office, language=PLASTA_CODES[language], **who)
    number = person["personal_number"]
    case = stand_ins.act(
        "cii",
        "open_case",
        region=region,
        bfs_number=bfs_number,
        language=language.value,
        personal_number=number,
        **who,
    )
    return CaseId(case["case_id"])


def check(house: House, case: CaseId, language: Language) -> bool:
    """The tandem presses "check"; True when the keyword stands at the end of it."""
    request, _ = house.runner.check(case, BY, PATIENCE)
    show_answer(request, "", language)
    return (request.answer or {}).get("answer") == "keyword_set"


def reinsertion(house: House, stand_ins: StandIns, case: CaseId) -> bool:
    """The tandem notes the reinsertion; the mail goes out by itself, and is shown. True when both have it."""
    today = house.needs.calendar.today(house.needs.clock())
    begins = house.needs.calendar.add_working_days(today, 5)
    noted = {"case_id": case, "confirmed_on": today.isoformat(), "start_of_work": begins.isoformat()}
    stand_ins.act("cii", "set_reinsertion", **noted)
    mails = house.runner.notice(case, PATIENCE)
    wanted = {mail.wish.payload["message_id"] for mail in mails}
    arrived = [mail for mail in stand_ins.mails() if mail["messageId"] in wanted]
    if not arrived:
        raise NotFoundError("the reinsertion mail did not arrive", system="mailbox", reference=case)
    for name, header in (("To", "to"), ("Cc", "cc"), ("Reply-To", "replyTo"), ("Subject", "subject")):
        line(f"{name}: {arrived[0][header]}")
    line()
    for text in arrived[0]["text"].splitlines():
        line(text)
    return len(arrived) == len(mails)

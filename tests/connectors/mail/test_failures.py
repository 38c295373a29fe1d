"""Every step and every reply code has one meaning; the table is total."""

from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from connectors.mail.failures import Progress, Step, refusal
from connectors.mail.mailer import NEXT_STEP
from domain.errors import (
    ContractBrokenError,
    CredentialsError,
    Failure,
    MisconfiguredError,
    OutcomeUnknownError,
    RefusedError,
    ThrottledError,
    UnavailableError,
)

TABLE = [
    (Step.GREETING, 421, UnavailableError),
    (Step.GREETING, 554, ContractBrokenError),
    (Step.EHLO, 502, ContractBrokenError),
    (Step.STARTTLS, 454, UnavailableError),
    (Step.STARTTLS, 501, ContractBrokenError),
    (Step.AUTH, 454, UnavailableError),
    (Step.AUTH, 432, CredentialsError),
    (Step.AUTH, 535, CredentialsError),
    (Step.AUTH, 504, ContractBrokenError),
    (Step.MAIL, 451, ThrottledError),
    (Step.MAIL, 530, CredentialsError),
    (Step.MAIL, 550, MisconfiguredError),
    (Step.MAIL, 552, RefusedError),
    (Step.RCPT, 421, UnavailableError),
    (Step.RCPT, 450, ThrottledError),
    (Step.RCPT, 550, RefusedError),
    (Step.DATA, 452, ThrottledError),
    (Step.DATA, 503, RefusedError),
    (Step.CONTENT, 421, UnavailableError),
    (Step.CONTENT, 451, ThrottledError),
    (Step.CONTENT, 554, RefusedError),
    (Step.CONTENT, 251, OutcomeUnknownError),
    (Step.CONTENT, 354, OutcomeUnknownError),
]


@pytest.mark.parametrize(("step", "code", "family"), TABLE)
def test_what_an_answer_means(step: Step, code: int, family: type[Exception]) -> None:
    assert type(refusal(Progress("send", step=step), code)) is family


@given(step=st.sampled_from(Step), code=st.integers(200, 599))
def test_every_answer_is_of_a_known_family_and_names_step_and_code(step: Step, code: int) -> None:
    fault = refusal(Progress("send", reference="<a@b>", step=step), code)
    assert isinstance(fault, get_args(Failure))
    assert (fault.system, fault.operation, fault.reference, fault.code) == ("mail", "send", "<a@b>", str(code))


@given(step=st.sampled_from(Step), code=st.integers(200, 599))
def test_only_the_answer_to_the_message_can_leave_doubt(step: Step, code: int) -> None:
    unknown = isinstance(refusal(Progress("send", step=step), code), OutcomeUnknownError)
    assert unknown == (step is Step.CONTENT and code < 400)


@given(
    step=st.sampled_from([Step.GREETING, Step.EHLO, Step.STARTTLS, Step.AUTH, Step.NOOP]), code=st.integers(200, 599)
)
def test_check_has_advice_for_whatever_stops_it(step: Step, code: int) -> None:
    assert refusal(Progress("check", step=step), code).family in NEXT_STEP

"""Wrong settings as an operator reads them: which variable, what is wrong, what to do. Never a value.

A value can be a password, a token or a URL with either inside, so none is quoted, not even a harmless one.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from pydantic import ValidationError
from pydantic_core import PydanticCustomError

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

PREFIX = "CII_"
NESTED = "__"

_PROBLEMS = {
    "missing": "is not set",
    "extra_forbidden": "is not a setting",
    "bool_parsing": "is neither true nor false",
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "float_parsing": "is not a number",
    "finite_number": "is not a number",
    "time_parsing": "is not a time of day such as 22:00",
    "date_from_datetime_parsing": "holds something that is not a date such as 2026-12-24",
    "date_parsing": "holds something that is not a date such as 2026-12-24",
}
"""Pydantic's error types that need no more than a fixed sentence."""

_LIMITED = {
    "literal_error": ("expected", "is not one of {}"),
    "greater_than": ("gt", "must be more than {}"),
    "greater_than_equal": ("ge", "must be at least {}"),
    "less_than": ("lt", "must be less than {}"),
    "less_than_equal": ("le", "must be at most {}"),
    "string_too_short": ("min_length", "must have at least {} characters"),
    "string_too_long": ("max_length", "must have at most {} characters"),
    "too_short": ("min_length", "must name at least {}"),
}
"""Error types whose context holds our own limit (never the operator's value) worth telling."""

_NOT_A_FAULT = frozenset({"default_factory_not_called"})
"""A default that waits for another setting: that one is listed already."""


@dataclass(frozen=True, slots=True, order=True)
class SettingFault:
    """One wrong setting: the variable as the operator writes it, the problem, and what to do."""

    setting: str
    problem: str
    remedy: str

    def __str__(self) -> str:
        """One line for the start-up message and for ``doctor``."""
        return f"{self.setting} {self.problem}; {self.remedy}"


def fault(problem: str, remedy: str) -> PydanticCustomError:
    """What our validators raise: pydantic carries both sentences back to :func:`faults_of`."""
    return PydanticCustomError("cii_setting", "{problem}; {remedy}", {"problem": problem, "remedy": remedy})


def variable_name(*path: str) -> str:
    """The environment variable of a setting: ``("plasta", "url")`` is ``CII_PLASTA__URL``."""
    return PREFIX + NESTED.join(path).upper()


def faults_of(error: ValidationError, purposes: dict[str, str]) -> list[SettingFault]:
    """Every fault that pydantic found, each once (two bad items of a list are one wrong variable).

    ``purposes`` (by variable) become the remedy where we have no better one.
    """
    details = error.errors(include_url=False, include_input=False)
    return list(dict.fromkeys(_as_fault(detail, purposes) for detail in details if detail["type"] not in _NOT_A_FAULT))


def _as_fault(detail: "ErrorDetails", purposes: dict[str, str]) -> SettingFault:
    """One error of pydantic in our words; list positions are dropped from the name."""
    setting = variable_name(*(str(step) for step in detail["loc"] if isinstance(step, str)))
    return SettingFault(setting, *described(detail, purposes.get(setting, "see .env.example")))


def described(detail: "ErrorDetails", purpose: str) -> tuple[str, str]:
    """Problem and remedy of one error; a type that we have no sentence for says only that the form is wrong."""
    context = detail.get("ctx", {})
    kind = detail["type"]
    if kind == "cii_setting":
        return str(context["problem"]), str(context["remedy"])
    if kind in _LIMITED:
        key, sentence = _LIMITED[kind]
        return sentence.format(context[key]), f"expected: {purpose}"
    problem = _PROBLEMS.get(kind, "has a form that is not understood")
    return problem, f"set it to: {purpose}" if kind == "missing" else f"expected: {purpose}"

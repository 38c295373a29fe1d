"""A client of another make: schemathesis reads the shipped OpenAPI document and talks to the running stand-in.

It sends what the document allows and what it forbids, and judges status, headers and body of every answer.
"""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
import yaml
from hypothesis import HealthCheck, settings
from schemathesis.config import SchemathesisConfig
from schemathesis.core import NOT_SET

from sandbox.cii.contract import contract, document_text
from sandbox.cii.service import CiiService
from sandbox.cii.state import CiiState
from sandbox.population.generate import Population
from tests.sandbox.cii.conftest import NOW, TOKEN

CONFIG = SchemathesisConfig.from_dict(
    {
        "checks": {
            # RFC 6585: a missing precondition is 428, which this contract uses for a missing If-Match.
            "missing_required_header": {"expected-statuses": ["400", "401", "428"]},
            # Well-formed, and still refused: unknown case or cursor, stale version, a value of another facet.
            "positive_data_acceptance": {"expected-statuses": ["2xx", "404", "410", "412", "422"]},
        }
    }
)
schema = schemathesis.openapi.from_dict(yaml.safe_load(document_text()), config=CONFIG)


@pytest.fixture(scope="module")
def running(population: Population) -> Iterator[CiiService]:
    state = CiiState(population.cii_cases, lambda: NOW)
    with CiiService(state, tokens={TOKEN: "cii-sync"}) as service:
        yield service


@schema.parametrize()
@settings(max_examples=40, derandomize=True, suppress_health_check=list(HealthCheck))
def test_every_operation_keeps_to_the_document(case: schemathesis.Case[Any], running: CiiService) -> None:
    known = running.state.cases()
    wanted = str(case.path_parameters.get("caseId", ""))
    if (
        contract().schemas["CaseId"].is_valid(wanted)
    ):  # an id that fits is made one that exists, seven times out of eight
        chosen = sum(wanted.encode())
        case.path_parameters["caseId"] = known[chosen % len(known)].case_id if chosen % 8 else wanted

    case.call_and_validate(base_url=running.url, headers={"Authorization": f"Bearer {TOKEN}"})


@pytest.mark.parametrize(
    ("path", "method"),
    [
        ("/v1/health", "GET"),
        ("/v1/cases", "GET"),
        ("/v1/cases/{caseId}", "GET"),
        ("/v1/cases/{caseId}/documents", "GET"),
        ("/v1/cases/{caseId}/mirror/{facet}", "GET"),
        ("/v1/cases/{caseId}/mirror/{facet}", "PUT"),
    ],
)
def test_good_answers_fit_the_document(running: CiiService, path: str, method: str) -> None:
    """The test above must not have passed on refusals alone."""
    known = running.state.cases()[0]
    writes = method == "PUT"
    case = schema[path][method].Case(
        path_parameters={"caseId": known.case_id, "facet": "keyword"},
        headers={"If-Match": f'"{known.mirror["keyword"].version}"'} if writes else {},
        body={"value": {"present": "yes"}, "observedAt": "2026-11-22T00:00:00Z", "source": "PLASTA"}
        if writes
        else NOT_SET,
        media_type="application/json" if writes else None,
    )

    answer = case.call_and_validate(base_url=running.url, headers={"Authorization": f"Bearer {TOKEN}"})

    assert answer.status_code == 200

"""The CII software as :class:`domain.ports.CaseSystem`: pages of changes, one case, the mirror and its versions."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

from connectors.cii.pages import PageGuard, read_page
from connectors.failures import ForeignError
from connectors.http import HttpChannel, Question
from connectors.translation import translated
from domain.cases import CaseFile, Mirrored
from domain.errors import InvalidRecordError, RefusedError, SyncError
from domain.facets import Facet, FacetValue
from domain.people import CaseId
from domain.ports import CasePage, CheckResult
from mappings import identifiers
from mappings.cii import words
from mappings.cii.cases import check_health, to_case, to_mirrored, to_page

_JSON = {"Content-Type": "application/json"}
_CURSOR_FORGOTTEN = "CURSOR_UNKNOWN"


class CiiCases:
    """Speaks ``contracts/cii/cii-v1.openapi.yaml``. Safe to share between threads."""

    system = "cii"

    def __init__(self, http: HttpChannel, *, page_size: int = 200) -> None:
        self._http = http
        self._page_size = page_size

    def changes(self, since: str | None) -> Iterator[CasePage]:
        """Pages after a cursor. A cursor that the server has forgotten means from the beginning, as its contract says;
        effects follow from what differs, not from what is read, so nothing is repeated by that.
        """
        try:
            first = self._page(since, guard := PageGuard())
        except RefusedError as error:
            if since is None or error.code != _CURSOR_FORGOTTEN:
                raise
            first = self._page(None, guard := PageGuard())
        page = first
        yield page
        while page.more:
            page = self._page(page.cursor, guard)
            yield page

    def _page(self, since: str | None, guard: PageGuard) -> CasePage:
        query = {"limit": str(self._page_size)} | ({"since": since} if since is not None else {})
        with translated(self.system, "listCases", write=False) as call:
            answer = self._http.send(call, Question("GET", ("v1", "cases"), query))
            return read_page(answer.json(), guard, since, self.system)

    def case(self, case_id: CaseId) -> CaseFile:
        """One case as it stands now; an unreadable one raises ``MappingError`` with its path."""
        with translated(self.system, "getCase", write=False, reference=case_id) as call:
            answer = self._http.send(call, Question("GET", ("v1", "cases", _checked(case_id))))
            case = to_case(answer.json())
            if case.case_id != case_id:
                raise ForeignError("the answer is about another case", code="OTHER_CASE")
            return case

    def mirrored(self, case_id: CaseId, facet: Facet) -> Mirrored:
        """What is mirrored of a facet now, and the version to write against."""
        with translated(self.system, "getMirrorFacet", write=False, reference=case_id) as call:
            answer = self._http.send(call, Question("GET", _facet_path(case_id, facet)))
            return to_mirrored(answer.json(), facet)

    def write_mirror(
        self, case_id: CaseId, facet: Facet, value: FacetValue, version: int, observed_at: datetime
    ) -> Mirrored:
        """Write on top of ``version``; raises ``ConflictError`` when the CII software has another by now."""
        body = _mirror_body(value, observed_at)
        headers = {**_JSON, "If-Match": f'"{version}"'}
        with translated(self.system, "putMirrorFacet", write=True, reference=case_id) as call:
            question = Question("PUT", _facet_path(case_id, facet), headers=headers, body=body)
            mirrored = to_mirrored(self._http.send(call, question).json(), facet)
            if mirrored.version <= version or mirrored.value != dict(value):
                raise ForeignError("the answer is not what was written", code="OTHER_VALUE")
            return mirrored

    def check(self) -> CheckResult:
        """Health, then one row with our token; the row is not looked into."""
        try:
            with translated(self.system, "getHealth", write=False) as call:
                check_health(self._http.send(call, Question("GET", ("v1", "health"))).json())
            with translated(self.system, "listCases", write=False) as call:
                to_page(self._http.send(call, Question("GET", ("v1", "cases"), {"limit": "1"})).json())
        except SyncError as error:
            return CheckResult(self.system, ok=False, message=str(error))
        return CheckResult(self.system, ok=True, message="answers, and accepts our token")


def _checked(case_id: CaseId) -> str:
    return identifiers.case_id(case_id, "caseId")


def _facet_path(case_id: CaseId, facet: Facet) -> tuple[str, ...]:
    if facet not in words.FACET_NAMES:
        raise InvalidRecordError("is not mirrored to the CII software", path=f"mirror.{facet.value}")
    return "v1", "cases", _checked(case_id), "mirror", words.FACET_NAMES[facet]


def _mirror_body(value: Mapping[str, str], observed_at: datetime) -> bytes:
    observed = observed_at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return json.dumps({"value": dict(value), "observedAt": observed, "source": "PLASTA"}).encode("ascii")

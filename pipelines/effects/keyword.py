"""C2: our keyword on a registration in PLASTA; every write is read back, since PLASTA can drop it under OK."""

from domain.decision import CaseFacts
from domain.errors import ConflictError, MisconfiguredError, OutcomeUnknownError, SyncError
from domain.failpoints import failpoint
from domain.intents import Intent, Outcome, Proof
from domain.people import RegistrationId
from pipelines.needs import Needs

TRIES = 3
"""Saves against a version that an officer moved meanwhile, before a person is asked."""


class _Keyword:
    """What setting and removing share: look, write against the version seen, read back."""

    can_look = True
    proves_absence = True

    def __init__(self, needs: Needs, *, present: bool) -> None:
        self._plasta = needs.plasta
        self._present = present

    def look(self, intent: Intent, facts: CaseFacts) -> Proof | None:  # noqa: ARG002 - the port's shape
        """Whether the registration stands as wanted now."""
        state = self._plasta.keyword(_registration(intent))
        return Proof(Outcome.DONE, {"version": str(state.version)}) if state.present is self._present else None

    def act(self, intent: Intent, facts: CaseFacts) -> Proof:  # noqa: ARG002 - the port's shape
        """Write once against the version just read; again only when the target proves that nothing was saved."""
        for attempt in range(1, TRIES + 1):
            state = self._plasta.keyword(_registration(intent))
            if state.present is self._present:
                return Proof(Outcome.ALREADY_SO, {"version": str(state.version)})
            try:
                self._write(intent, state.version)
            except ConflictError:
                if attempt == TRIES:
                    raise
            else:
                return self._read_back(intent)
        raise AssertionError  # the loop returns or raises; kept for the type checker

    def _write(self, intent: Intent, version: int) -> None:
        """One call; its answer proves nothing yet."""
        write = self._plasta.add_keyword if self._present else self._plasta.remove_keyword
        failpoint("keyword.before_write")
        write(_registration(intent), version, intent.intent_id)
        failpoint("keyword.written")

    def _read_back(self, intent: Intent) -> Proof:
        """What stands there after the write; if that cannot be read, the outcome is unknown, not failed."""
        try:
            state = self._plasta.keyword(_registration(intent))
        except SyncError as error:
            raise OutcomeUnknownError(
                "written, but not read back yet", system="plasta", operation="keyword", reference=intent.intent_id
            ) from error
        if state.present is not self._present:
            raise MisconfiguredError(
                "PLASTA said OK and dropped the keyword: is it in this region's catalogue?",
                system="plasta",
                operation="keyword",
                reference=intent.wish.case_id,
                code="dropped_under_ok",
            )
        return Proof(Outcome.DONE, {"version": str(state.version)})


class SetKeyword(_Keyword):
    """Set the keyword once."""

    def __init__(self, needs: Needs) -> None:
        super().__init__(needs, present=True)


class RemoveKeyword(_Keyword):
    """Remove the keyword once (C13, only by setting)."""

    def __init__(self, needs: Needs) -> None:
        super().__init__(needs, present=False)


def _registration(intent: Intent) -> RegistrationId:
    """The registration that the decision saw."""
    return RegistrationId(intent.wish.payload["registration"])

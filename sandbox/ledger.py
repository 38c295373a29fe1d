"""The ledger of a stand-in: every effect that really happened, in order, and how often each operation was called.

An effect is a change of state caused by a call. A repeated call that changed nothing leaves no entry, so a doubled
effect is visible as two entries under one business key. Times are aware UTC.
"""

import threading
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sandbox.http_server import Json


@dataclass(frozen=True, slots=True)
class Effect:
    """One change of state: what, on what (business key), by whom, under which correlation id."""

    sequence: int
    at: datetime
    system: str
    operation: str
    business_key: str
    caller: str = ""
    correlation_id: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Json]:
        """Return the effect as JSON, its time in ISO 8601 with offset."""
        return {
            "sequence": self.sequence,
            "at": self.at.isoformat(),
            "system": self.system,
            "operation": self.operation,
            "businessKey": self.business_key,
            "caller": self.caller,
            "correlationId": self.correlation_id,
            "detail": dict(self.detail),
        }


class Ledger:
    """Append-only and thread-safe; numbering starts at 1."""

    def __init__(self, system: str, clock: Callable[[], datetime]) -> None:
        """Keep the ledger of one system; `clock` returns aware times."""
        self._system = system
        self._clock = clock
        self._lock = threading.Lock()
        self._effects: list[Effect] = []
        self._calls: Counter[str] = Counter()

    def record(
        self,
        operation: str,
        business_key: str,
        *,
        caller: str = "",
        correlation_id: str = "",
        detail: Mapping[str, str] | None = None,
    ) -> Effect:
        """Append one effect and return it."""
        with self._lock:
            effect = Effect(
                sequence=len(self._effects) + 1,
                at=self._clock(),
                system=self._system,
                operation=operation,
                business_key=business_key,
                caller=caller,
                correlation_id=correlation_id,
                detail=dict(detail or {}),
            )
            self._effects.append(effect)
            return effect

    def count_call(self, operation: str) -> int:
        """Count one call, reads included, and return how many there were of this operation."""
        with self._lock:
            self._calls[operation] += 1
            return self._calls[operation]

    def effects(self) -> tuple[Effect, ...]:
        """Return all effects, oldest first."""
        with self._lock:
            return tuple(self._effects)

    def effects_by_key(self) -> dict[str, tuple[Effect, ...]]:
        """Return the effects under each business key: more than one means that something happened twice."""
        grouped: dict[str, list[Effect]] = {}
        for effect in self.effects():
            grouped.setdefault(effect.business_key, []).append(effect)
        return {key: tuple(effects) for key, effects in grouped.items()}

    def calls(self) -> dict[str, int]:
        """Return the number of calls per operation, refused and faulty ones included."""
        with self._lock:
            return dict(self._calls)

    def as_json(self) -> dict[str, Json]:
        """Return the whole ledger, the answer of `GET /_sandbox/ledger`."""
        effects = [effect.as_json() for effect in self.effects()]
        return {"system": self._system, "effects": effects, "calls": dict(self.calls())}

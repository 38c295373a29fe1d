"""Faults that can be switched on in a stand-in: which, for which calls, how often.

A fault hits by operation pattern and optionally by business key: always, for the next `count` calls, or with a
probability drawn from (seed, kind, operation, number of the call since the fault was switched on), so that a run can
be repeated exactly. The transport kinds below mean the same in every stand-in; each system adds kinds of its own.
"""

import threading
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from fnmatch import fnmatchcase
from hashlib import blake2b
from types import MappingProxyType

from sandbox.http_server import Json

TRANSPORT_KINDS: Mapping[str, str] = MappingProxyType(
    {
        "cut_before_effect": "the connection is reset before anything happens",
        "cut_after_effect": "the effect happens, then the connection is reset without an answer",
        "slow": "the effect happens, the answer comes `seconds` later",
        "late_effect": "the effect itself happens only `seconds` later, then the answer comes",
        "stall": "nothing happens, the connection stays silent for `seconds`",
        "stall_after_effect": "the effect happens, the connection stays silent for `seconds`",
        "drip": "the answer comes in small pieces with `seconds` between them",
        "http_status": "HTTP `status` without a useful body; `after_effect` says whether the effect happens",
        "retry_after": "HTTP `status` (429 or 503) with Retry-After: `seconds`; nothing happens",
        "html_page_200": "a proxy's HTML page under HTTP 200; `after_effect` says whether the effect happens",
        "truncated_body": "half of the answer; option `length`: full, none, or cut (announced as what is sent)",
        "empty_body": "HTTP 200 with an empty body; `after_effect` says whether the effect happens",
    }
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One switched-on fault. `count` None means until switched off; `skip` lets that many matching calls pass first."""

    kind: str
    operations: str = "*"
    keys: tuple[str, ...] = ()
    probability: float = 1.0
    seed: int = 0
    count: int | None = None
    skip: int = 0
    after_effect: bool = False
    seconds: float = 0.0
    status: int = 503
    code: str = ""
    options: Mapping[str, str] = field(default_factory=dict)

    def matches(self, operation: str, key: str) -> bool:
        """Tell whether a call is of the kind that this fault is about."""
        return fnmatchcase(operation, self.operations) and (not self.keys or key in self.keys)

    def drawn(self, operation: str, number: int) -> bool:
        """Tell whether the fault hits the `number`-th matching call (from 1) of this operation."""
        if number <= self.skip:
            return False
        text = f"{self.seed}/{self.kind}/{operation}/{number}"
        draw = int.from_bytes(blake2b(text.encode(), digest_size=8).digest(), "big") / 2**64
        return draw < self.probability

    def as_json(self) -> dict[str, Json]:
        """Return the fault as JSON, in the names of its fields."""
        values: dict[str, Json] = {item.name: getattr(self, item.name) for item in fields(self)}
        return {**values, "keys": list(self.keys), "options": dict(self.options)}


class UnknownFaultError(ValueError):
    """A fault that this stand-in does not have, or with a field that faults do not have."""


class FaultPlan:
    """The switched-on faults of one stand-in; thread-safe."""

    def __init__(self, system_kinds: Mapping[str, str] | None = None) -> None:
        """Offer the transport kinds and the system's own (name and meaning)."""
        self.kinds: Mapping[str, str] = MappingProxyType({**TRANSPORT_KINDS, **(system_kinds or {})})
        self._lock = threading.Lock()
        self._faults: list[_Switched] = []

    def switch_on(self, fault: Fault) -> None:
        """Add a fault; raises UnknownFaultError for a kind that this stand-in does not have."""
        if fault.kind not in self.kinds:
            raise UnknownFaultError(f"unknown fault kind: {fault.kind}")
        with self._lock:
            self._faults.append(_Switched(fault))

    def replace(self, faults: Iterable[Fault]) -> None:
        """Switch everything off and these on; an unknown kind changes nothing."""
        wanted = list(faults)
        unknown = [fault.kind for fault in wanted if fault.kind not in self.kinds]
        if unknown:
            raise UnknownFaultError(f"unknown fault kinds: {', '.join(unknown)}")
        with self._lock:
            self._faults = [_Switched(fault) for fault in wanted]

    def clear(self) -> None:
        """Switch everything off."""
        self.replace(())

    def draw(self, operation: str, key: str = "") -> tuple[Fault, ...]:
        """Return the faults that hit this call, and count it against each one that it matches."""
        with self._lock:
            return tuple(item.fault for item in self._faults if item.hits(operation, key))

    def as_json(self) -> dict[str, Json]:
        """Return what is on and what could be, the answer of `GET /_sandbox/faults`."""
        with self._lock:
            active: list[Json] = [{**item.fault.as_json(), "hits": item.taken} for item in self._faults]
        return {"faults": active, "kinds": dict(self.kinds)}


def fault_from_json(value: Json) -> Fault:
    """Read one fault from JSON in the field names of `Fault`; raises UnknownFaultError."""
    if not isinstance(value, Mapping) or not isinstance(value.get("kind"), str):
        raise UnknownFaultError("a fault is an object with a kind")
    known = {item.name for item in fields(Fault)}
    strangers = sorted(set(value) - known - {"hits"})
    if strangers:
        raise UnknownFaultError(f"unknown fields: {', '.join(strangers)}")
    readers = {
        "kind": str,
        "operations": str,
        "keys": _texts,
        "probability": float,
        "seed": int,
        "count": lambda count: None if count is None else int(count),
        "skip": int,
        "after_effect": bool,
        "seconds": float,
        "status": int,
        "code": str,
        "options": _options,
    }
    try:
        return Fault(**{name: readers[name](item) for name, item in value.items() if name in known})  # type: ignore[operator]
    except (TypeError, ValueError) as wrong:
        raise UnknownFaultError(f"a field of {value['kind']} has a wrong type") from wrong


def _texts(value: Json) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise TypeError
    return tuple(str(item) for item in value)


def _options(value: Json) -> dict[str, str]:
    if not isinstance(value, Mapping):
        raise TypeError
    return {name: str(item) for name, item in value.items()}


class _Switched:
    """A fault with what it has seen since it was switched on."""

    def __init__(self, fault: Fault) -> None:
        self.fault = fault
        self.taken = 0
        self._seen: Counter[str] = Counter()

    def hits(self, operation: str, key: str) -> bool:
        if not self.fault.matches(operation, key):
            return False
        self._seen[operation] += 1
        used_up = self.fault.count is not None and self.taken >= self.fault.count
        if used_up or not self.fault.drawn(operation, self._seen[operation]):
            return False
        self.taken += 1
        return True

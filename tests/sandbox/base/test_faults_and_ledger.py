"""The fault plan (who is hit, how often, repeatably), the ledger, and the control paths that show and set them."""

import json
import threading
from collections.abc import Mapping
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.control import ActRefusedError, ControlPaths, as_json, typed_act
from sandbox.faults import TRANSPORT_KINDS, Fault, FaultPlan, UnknownFaultError, fault_from_json
from sandbox.http_server import Request
from sandbox.ledger import Ledger

NOW = datetime(2026, 11, 22, 7, 30, tzinfo=UTC)


def kinds(plan: FaultPlan, operation: str, key: str = "") -> list[str]:
    """The kinds that hit the next call."""
    return [fault.kind for fault in plan.draw(operation, key)]


def test_a_fault_hits_by_pattern_key_and_count() -> None:
    plan = FaultPlan()
    plan.switch_on(Fault("stall", operations="add*", keys=("7",), count=2, skip=1))
    assert kinds(plan, "getCode", "7") == kinds(plan, "addThing", "8") == []
    assert [kinds(plan, "addThing", "7") for _ in range(4)] == [[], ["stall"], ["stall"], []]
    plan.clear()
    assert kinds(plan, "addThing", "7") == []


@given(st.integers(0, 2**32), st.floats(0, 1))
def test_a_draw_is_the_same_for_seed_operation_and_number(seed: int, probability: float) -> None:
    fault = Fault("cut_after_effect", probability=probability, seed=seed)
    draws = [fault.drawn("op", number) for number in range(1, 50)]
    plan = FaultPlan()
    plan.switch_on(fault)
    assert [bool(plan.draw("op")) for _ in range(1, 50)] == draws
    assert not any(Fault("stall", probability=0.0, seed=seed).drawn("op", number) for number in range(1, 50))
    assert all(Fault("stall", probability=1.0, seed=seed).drawn("op", number) for number in range(1, 50))


def test_unknown_faults_are_refused_and_change_nothing() -> None:
    plan = FaultPlan({"own": "of this system"})
    plan.switch_on(Fault("own"))
    with pytest.raises(UnknownFaultError):
        plan.switch_on(Fault("nonsense"))
    with pytest.raises(UnknownFaultError, match="nonsense"):
        plan.replace([Fault("slow"), Fault("nonsense")])
    assert kinds(plan, "any") == ["own"]


@pytest.mark.parametrize("kind", sorted(TRANSPORT_KINDS))
def test_a_fault_survives_json(kind: str) -> None:
    fault = Fault(kind, "get*", ("1",), 0.5, 7, 3, 1, True, 0.25, 429, "C", {"length": "none"})
    assert fault_from_json(fault.as_json()) == fault


@pytest.mark.parametrize(
    "value",
    [[], {}, {"kind": 1}, {"kind": "slow", "secs": 1}, {"kind": "slow", "keys": "a"}, {"kind": "slow", "options": []}],
)
def test_what_is_no_fault_is_refused(value: object) -> None:
    with pytest.raises(UnknownFaultError):
        fault_from_json(value)  # type: ignore[arg-type]


def test_the_ledger_numbers_effects_from_many_threads() -> None:
    ledger = Ledger("plasta", lambda: NOW)

    def work() -> None:
        for _ in range(50):
            ledger.count_call("add")
            ledger.record("add", "k")

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [effect.sequence for effect in ledger.effects()] == list(range(1, 201))
    assert (ledger.calls(), len(ledger.effects_by_key()["k"])) == ({"add": 200}, 200)


def greet(name: str, *, on: date, times: int = 1, note: str | None = None) -> dict[str, object]:
    """An act with each kind of argument."""
    return {"name": name, "on": on, "times": times, "note": note}


@pytest.fixture
def control() -> ControlPaths:
    ledger = Ledger("test", lambda: NOW)
    ledger.record("op", "key", detail={"a": "b"})
    return ControlPaths(ledger, FaultPlan(), lambda request: dict(request.query), {"greet": typed_act(greet)})


def asked(control: ControlPaths, method: str, name: str, value: object = None) -> tuple[int, Mapping[str, object]]:
    """Ask a control path."""
    body = b"" if value is None else json.dumps(value).encode()
    answer = control.answer(Request(method, f"/_sandbox/{name}", {"q": "1"}, {}, body))
    assert answer is not None
    return answer.status, json.loads(answer.body)


def test_only_control_paths_are_answered(control: ControlPaths) -> None:
    assert control.answer(Request("GET", "/v1/cases")) is None
    assert asked(control, "GET", "nonsense")[0] == 404
    assert asked(control, "POST", "acts/nonsense")[0] == 404
    assert asked(control, "PATCH", "faults")[0] == 405
    assert asked(control, "GET", "state") == (200, {"q": "1"})


def test_the_ledger_is_readable(control: ControlPaths) -> None:
    status, ledger = asked(control, "GET", "ledger")
    effects = ledger["effects"]
    assert isinstance(effects, list)
    (effect,) = effects
    assert (status, effect["businessKey"], effect["at"]) == (200, "key", "2026-11-22T07:30:00+00:00")


def test_faults_are_set_added_shown_and_cleared(control: ControlPaths) -> None:
    assert asked(control, "PUT", "faults", {"faults": [{"kind": "slow", "seconds": 1}]})[0] == 200
    assert asked(control, "POST", "faults", {"kind": "stall"})[0] == 200
    shown = asked(control, "GET", "faults")[1]["faults"]
    assert [(item["kind"], item["hits"]) for item in shown] == [("slow", 0), ("stall", 0)]  # type: ignore[attr-defined]
    assert asked(control, "PUT", "faults", {"faults": "all"})[0] == 400
    assert asked(control, "PUT", "faults", [{"kind": "nonsense"}])[0] == 400
    assert asked(control, "DELETE", "faults")[1]["faults"] == []


def test_an_act_reads_its_arguments_by_type(control: ControlPaths) -> None:
    done = asked(control, "POST", "acts/greet", {"name": "Zoé", "on": "2026-11-22", "note": None})
    assert done == (200, {"name": "Zoé", "on": "2026-11-22", "times": 1, "note": None})


@pytest.mark.parametrize(
    "arguments",
    [
        {"name": "Zoé"},
        {"name": "Zoé", "on": "22.11.2026"},
        {"name": 1, "on": "2026-11-22"},
        {"name": "Zoé", "on": "2026-11-22", "more": 1},
        ["Zoé"],
    ],
)
def test_wrong_arguments_of_an_act_are_refused(control: ControlPaths, arguments: object) -> None:
    assert asked(control, "POST", "acts/greet", arguments)[0] == 400


def test_what_has_no_json_form_is_said() -> None:
    with pytest.raises(TypeError, match="object"):
        as_json(object())
    with pytest.raises(ActRefusedError):
        typed_act(greet)({})

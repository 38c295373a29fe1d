"""The lock files: every package pinned and hashed, no index address, one a superset of the other, bounds kept."""

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

REPOSITORY = Path(__file__).parents[2]
RUN = REPOSITORY / "requirements" / "run.lock"
DEV = REPOSITORY / "requirements" / "dev.lock"
LOCKS = pytest.mark.parametrize("lock", [RUN, DEV], ids=["run", "dev"])
PYTHONS = ("3.11", "3.12", "3.13", "3.14")


def entries(lock: Path) -> list[str]:
    """One logical line per package, hashes included."""
    joined = lock.read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in joined.splitlines() if line.strip() and not line.startswith("#")]


def pins(lock: Path) -> dict[str, Requirement]:
    """Package name to its requirement, `name==version ; marker`, without the hashes."""
    found = [Requirement(entry.split("--hash", 1)[0].strip()) for entry in entries(lock)]
    return {canonicalize_name(requirement.name): requirement for requirement in found}


def project() -> dict[str, Any]:
    declared: dict[str, Any] = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return declared


@LOCKS
def test_every_package_is_pinned_and_hashed(lock: Path) -> None:
    for entry in entries(lock):
        assert re.match(r"^[A-Za-z0-9._-]+==[^ ;]+ ", entry), entry
        assert re.search(r"--hash=sha256:[0-9a-f]{64}\b", entry), entry


@LOCKS
def test_no_lock_names_where_packages_come_from(lock: Path) -> None:
    text = lock.read_text(encoding="utf-8")

    assert "://" not in text
    assert not re.search(r"index|find-links|trusted-host|file:", text)


def test_the_development_lock_is_a_superset_with_the_same_pins() -> None:
    run, dev = pins(RUN), pins(DEV)

    assert set(run) < set(dev)
    assert {name: dev[name].specifier for name in run} == {name: pin.specifier for name, pin in run.items()}


@pytest.mark.parametrize(("lock", "extras"), [(RUN, ("build",)), (DEV, ("build", "dev"))], ids=["run", "dev"])
def test_each_lock_holds_what_the_project_declares_within_its_bounds(lock: Path, extras: tuple[str, ...]) -> None:
    declared = project()
    wanted = [
        *declared["dependencies"],
        *(line for extra in extras for line in declared["optional-dependencies"][extra]),
    ]
    locked = pins(lock)

    for line in wanted:
        requirement = Requirement(line)
        (pin,) = locked[canonicalize_name(requirement.name)].specifier
        assert requirement.specifier.contains(Version(pin.version)), f"{line} is locked at {pin.version}"


@LOCKS
@pytest.mark.parametrize("python", PYTHONS)
def test_the_locks_serve_every_python_that_we_name(lock: Path, python: str) -> None:
    """No marker leaves a direct dependency out on Linux with CPython."""
    names = {canonicalize_name(Requirement(line).name) for line in project()["dependencies"]}
    here = {
        "python_version": python,
        "python_full_version": f"{python}.0",
        "sys_platform": "linux",
        "platform_system": "Linux",
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    kept = {name for name, pin in pins(lock).items() if pin.marker is None or pin.marker.evaluate(here)}

    assert names <= kept
    assert f"Programming Language :: Python :: {python}" in project()["classifiers"]

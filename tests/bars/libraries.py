"""Each library has its room; `domain` and `pipelines` live on the standard library alone (decision 0008)."""

import ast
import sys
from collections.abc import Iterator, Mapping, Sequence

from tests.bars.source import ROOMS, Module

ROOMS_OF: Mapping[str, frozenset[str]] = {
    "aiosmtpd": frozenset({"sandbox"}),
    "alembic": frozenset({"store"}),
    "celery": frozenset({"scheduler"}),
    "cryptography": frozenset({"store"}),
    "holidays": frozenset({"config"}),
    "jinja2": frozenset({"connectors"}),
    "jsonschema": frozenset({"sandbox"}),
    "kombu": frozenset({"scheduler"}),
    "lxml": frozenset({"connectors", "sandbox"}),
    "psycopg": frozenset({"store"}),
    "pydantic": frozenset({"config", "console", "mappings", "sandbox", "store"}),
    "pydantic_core": frozenset({"config", "console", "mappings", "sandbox", "store"}),
    "pydantic_settings": frozenset({"config"}),
    "referencing": frozenset({"sandbox"}),
    "requests": frozenset({"connectors"}),
    "rich": frozenset({"console"}),
    "smtplib": frozenset({"connectors"}),
    "sqlalchemy": frozenset({"store"}),
    "stdnum": frozenset({"mappings"}),
    "tenacity": frozenset({"connectors"}),
    "typer": frozenset({"console"}),
    "urllib3": frozenset({"connectors"}),
    "yaml": frozenset({"sandbox"}),
    "zeep": frozenset({"connectors"}),
}
"""Import name to the rooms that may use it. What is not here is the standard library, ours, or a fault."""


def libraries_in_their_rooms(sources: Sequence[Module]) -> list[str]:
    """One fault for each import of a library outside its room, or of a library that no room has."""
    return [
        f"{where}: {library} " + (f"belongs to {', '.join(sorted(rooms))}" if rooms else "has no room in the table")
        for module in sources
        for where, library in _imports(module)
        for rooms in [_rooms(library)]
        if rooms is not None and module.room not in rooms
    ]


def _rooms(library: str) -> frozenset[str] | None:
    """The rooms of a library, nobody's (empty) when unknown, None when every room may use it."""
    if library in ROOMS_OF:
        return ROOMS_OF[library]
    return None if library in ROOMS or library in sys.stdlib_module_names else frozenset()


def _imports(module: Module) -> Iterator[tuple[str, str]]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Import):
            yield from ((module.where(node), alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield module.where(node), node.module.split(".")[0]

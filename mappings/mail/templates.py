"""The packaged template texts, by name: ``<kind>.<fr|de>.<subject|txt|html>.j2`` and the two shared layouts."""

from functools import cache
from importlib.resources import files

from domain.errors import MisconfiguredError

SUFFIX = ".j2"


@cache
def template_names() -> tuple[str, ...]:
    """Every template that ships with the package, sorted."""
    folder = files("mappings.mail") / "templates"
    return tuple(sorted(entry.name for entry in folder.iterdir() if entry.name.endswith(SUFFIX)))


@cache
def template_source(name: str) -> str:
    """The text of one template; a name that does not ship is a :class:`MisconfiguredError`."""
    if name not in template_names():
        raise MisconfiguredError("no such template is packaged", system="mail", operation="render", reference=name)
    return (files("mappings.mail") / "templates" / name).read_text(encoding="utf-8")

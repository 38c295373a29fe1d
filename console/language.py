"""The language of what clerks read: the option, else the setting, else the terminal's, else French."""

from collections.abc import Mapping

from domain.facets import Language

SETTING = "CII_LANG"


def language_of(option: Language | None, environ: Mapping[str, str]) -> Language:
    """The language to speak; a value that names neither counts as not given."""
    if option is not None:
        return option
    for text in (environ.get(SETTING, ""), *(environ.get(name, "") for name in ("LC_ALL", "LC_MESSAGES", "LANG"))):
        for language in Language:
            if text.strip().lower().startswith(language.value):
                return language
    return Language.FR

"""Identifiers as people type them. An AVS number never stands on a command line: `ps` and shell histories keep it."""

import re
from collections.abc import Sequence

AVS_LIKE = re.compile(r"(?<!\d)756[ .\-]?\d{4}[ .\-]?\d{4}[ .\-]?\d{2}(?!\d)")
CASE_ID = re.compile(r"CII-\d{4}-\d{6}", re.ASCII)
PERSONAL_NUMBER = re.compile(r"\d{8}", re.ASCII)

AVS_REFUSED = (
    "An AVS number must not stand on a command line, where other users and the shell's history can read it.\n"
    "Use 'cii-sync check --avs': it asks for the number, or reads it from standard input.\n"
    "Please delete this command from the history of your shell."
)


def holds_avs_number(words: Sequence[str]) -> bool:
    """Whether anything on a command line looks like an AVS number, also spread over several words."""
    return any(AVS_LIKE.search(text) for text in (*words, " ".join(words)))

"""The settings of the demonstration, as variables: the stand-ins' addresses, and a state folder of its own."""

import shlex
from collections.abc import Mapping
from pathlib import Path

from console.demo.stand_ins import StandIns

FILE = "settings.env"


def variables(stand_ins: StandIns, state: Path) -> Mapping[str, str]:
    """Everything that is needed; the rest has its default."""
    cii, plasta, mailbox = (stand_ins.described[system] for system in ("cii", "plasta", "mailbox"))
    return {
        "CII_STATE_DIR": str(state),
        "CII_CII__BASE_URL": cii["url"],
        "CII_CII__TOKEN": cii["token"],
        "CII_PLASTA__URL": plasta["endpoint"],
        "CII_PLASTA__USERNAME": plasta["username"],
        "CII_PLASTA__PASSWORD": plasta["password"],
        "CII_PLASTA__OFFICE": "VSO10",
        "CII_MAIL__HOST": mailbox["smtp_host"],
        "CII_MAIL__PORT": str(mailbox["smtp_port"]),
        "CII_MAIL__SECURITY": "none",
        "CII_MAIL__FROM_ADDRESS": "cii-sync@vs.example",
    }


def save(settings: Mapping[str, str], state: Path) -> Path:
    """Write them beside the state that is kept, for a shell to read; like the keys, for its owner only."""
    path = state / FILE
    path.touch(mode=0o600)
    path.write_text("".join(f"{name}={shlex.quote(text)}\n" for name, text in settings.items()), encoding="utf-8")
    return path

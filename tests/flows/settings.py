"""Settings of a house over a sandbox, as an operator would set them: by environment variables."""

from collections.abc import Mapping
from pathlib import Path

from config.startup import Configuration, configure
from sandbox.serve import Sandbox


def environ(sandbox: Sandbox, folder: Path, **more: str) -> dict[str, str]:
    """The variables for a sandbox; waits are short, since everything is on this machine."""
    told = sandbox.describe()
    cii, plasta, mailbox = told["cii"], told["plasta"], told["mailbox"]
    assert isinstance(cii, Mapping)
    assert isinstance(plasta, Mapping)
    assert isinstance(mailbox, Mapping)
    return {
        "CII_STATE_DIR": str(folder),
        "CII_CII__BASE_URL": str(cii["url"]),
        "CII_CII__TOKEN": str(cii["token"]),
        "CII_CII__PAGE_SIZE": "50",
        "CII_CII__LIMITS__READ_SECONDS": "2",
        "CII_CII__LIMITS__DEADLINE_SECONDS": "5",
        "CII_CII__LIMITS__SETTLE_SECONDS": "0.2",
        "CII_PLASTA__URL": str(plasta["endpoint"]),
        "CII_PLASTA__USERNAME": str(plasta["username"]),
        "CII_PLASTA__PASSWORD": str(plasta["password"]),
        "CII_PLASTA__OFFICE": "VSO10",
        "CII_PLASTA__LIMITS__READ_SECONDS": "2",
        "CII_PLASTA__LIMITS__DEADLINE_SECONDS": "5",
        "CII_PLASTA__LIMITS__SETTLE_SECONDS": "0.2",
        "CII_MAIL__HOST": str(mailbox["smtp_host"]),
        "CII_MAIL__PORT": str(mailbox["smtp_port"]),
        "CII_MAIL__SECURITY": "none",
        "CII_MAIL__FROM_ADDRESS": "cii-sync@vs.example",
        "CII_MAIL__LIMITS__CONNECT_SECONDS": "2",
        "CII_MAIL__LIMITS__READ_SECONDS": "2",
        "CII_MAIL__LIMITS__DEADLINE_SECONDS": "5",
        "CII_DISPATCH__MAX_ATTEMPTS": "100",
        "CII_DISPATCH__RETRY_BASE_SECONDS": "0.1",
        "CII_DISPATCH__RETRY_CAP_SECONDS": "0.5",
        **more,
    }


def configuration(sandbox: Sandbox, folder: Path, **more: str) -> Configuration:
    """The configuration of these variables."""
    return configure(environ(sandbox, folder, **more))

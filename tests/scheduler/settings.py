"""Settings of targets that nobody asks, as an operator would set them."""

from pathlib import Path

from config.environment import load
from config.settings import Settings
from config.startup import Configuration, configure

SECRETS = ("token-secret-word", "plasta-secret-word", "mail-secret-word", "broker-secret-word")


def variables(folder: Path | None = None, **more: str) -> dict[str, str]:
    """Every mandatory variable, and those given."""
    return {
        "CII_STATE_DIR": str(folder or "var"),
        "CII_CII__BASE_URL": "https://127.0.0.1:9/api",
        "CII_CII__TOKEN": SECRETS[0],
        "CII_PLASTA__URL": "https://127.0.0.1:9/stes",
        "CII_PLASTA__USERNAME": "technical",
        "CII_PLASTA__PASSWORD": SECRETS[1],
        "CII_PLASTA__OFFICE": "VSO10",
        "CII_MAIL__HOST": "127.0.0.1",
        "CII_MAIL__PORT": "9",
        "CII_MAIL__FROM_ADDRESS": "cii-sync@vs.example",
        "CII_MAIL__USERNAME": "mailer",
        "CII_MAIL__PASSWORD": SECRETS[2],
        **more,
    }


def settings(**more: str) -> Settings:
    """The settings of these variables."""
    return load(variables(None, **more))


def configuration(folder: Path, **more: str) -> Configuration:
    """The configuration of these variables."""
    return configure(variables(folder, **more))

"""Switches logging on: one handler, one format, libraries capped at WARNING whatever level is set.

The cap holds at the handler as well: zeep's DEBUG prints whole envelopes, and AVAM-style envelopes hold a password.
"""

import logging
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import Literal, TextIO

from config.log_format import JsonLines, TextLines, is_own

CAPPED = (
    "aiosmtpd",
    "alembic",
    "amqp",
    "asyncio",
    "celery",
    "kombu",
    "mail.log",
    "requests",
    "sqlalchemy",
    "sqlalchemy.dialects",
    "sqlalchemy.engine",
    "sqlalchemy.engine.Engine",
    "sqlalchemy.orm",
    "sqlalchemy.pool",
    "urllib3",
    "zeep",
)
"""Loggers of libraries that can print bodies, rows, arguments or logins below WARNING."""

LOST = '{"level": "ERROR", "logger": "config.logging", "message": "a log record could not be written"}\n'


class SafeHandler(logging.StreamHandler[TextIO]):
    """Writes lines; drops what libraries say below WARNING; a record that fails is counted, never printed raw.

    The standard handler would print the arguments of a failed record on standard error.
    """

    def __init__(self, stream: TextIO) -> None:
        super().__init__(stream)
        self.lost = 0
        self.addFilter(_loud_enough)

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - the name that logging calls
        """Counts the loss and says so where it still can; business goes on (F81)."""
        del record
        self.lost += 1
        try:
            self.stream.write(LOST)
        except (OSError, ValueError):
            return


def _loud_enough(record: logging.LogRecord) -> bool:
    """Whether a record may pass: ours at any level, a library's from WARNING on."""
    return is_own(record.name) or record.levelno >= logging.WARNING


def configure_logging(
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "INFO",
    form: Literal["json", "text"] = "json",
    stream: TextIO | None = None,
) -> SafeHandler:
    """Makes ours the only handler of the root logger, on ``stream`` (standard error), and caps the libraries."""
    handler = SafeHandler(sys.stderr if stream is None else stream)
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in CAPPED:
        library = logging.getLogger(name)
        library.setLevel(logging.WARNING)
        library.handlers[:] = [logging.NullHandler()]  # with none, SQLAlchemy's echo adds one that prints rows
        library.propagate = True
    logging.captureWarnings(capture=True)
    return handler


@contextmanager
def logging_to(
    stream: TextIO,
    level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = "DEBUG",
    form: Literal["json", "text"] = "json",
) -> Iterator[SafeHandler]:
    """Our logging for the length of a block, the former root handlers afterwards: for tests and the demo."""
    root = logging.getLogger()
    before, before_level = list(root.handlers), root.level
    try:
        yield configure_logging(level, form, stream)
    finally:
        root.handlers[:] = before
        root.setLevel(before_level)
        logging.captureWarnings(capture=False)


def hook_uncaught() -> None:
    """Makes an error that nobody handled a log line, in the main thread and in others, instead of a raw traceback."""
    sys.excepthook = _uncaught
    threading.excepthook = lambda ended: _uncaught(ended.exc_type, ended.exc_value, ended.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    """What ended a process or a thread, without the values that its message may hold. Ctrl-C stays silent."""
    if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    logging.getLogger("config.uncaught").critical("ended by an error nobody handled", exc_info=(kind, error, trace))

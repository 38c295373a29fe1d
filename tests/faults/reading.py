"""What the checker reads of the store beside the books' own methods."""

from collections.abc import Sequence

from sqlalchemy import select

from domain.books import Request
from pipelines.registration_check import KIND
from store.inbox import SqlInbox
from store.transactions import Store
from store.work_tables import inbox


def requests(store: Store) -> Sequence[Request]:
    """Every check that was ever accepted."""
    statement = select(inbox.c.message_id).where(inbox.c.kind == KIND)
    ids = store.reading(lambda connection: list(connection.execute(statement).scalars()))
    book = SqlInbox(store)
    return [found for message_id in ids if (found := book.find(message_id)) is not None]

"""What Alembic runs first: it takes the connection, and with it the transaction, of `store.migrating.upgrade`."""

from alembic import context

from store.tables import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
context.run_migrations()

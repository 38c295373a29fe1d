"""Migrations of the schema, run by Alembic from `store.migrating`."""

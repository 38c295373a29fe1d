"""The store, on both databases: what is promised here holds on SQLite and on PostgreSQL alike."""

"""Tables, unit of work, outbox, inbox, runs, work items, journal, encryption and migrations.

The database is the queue of record (decision 0001); personal columns are sealed (decision 0005).
"""

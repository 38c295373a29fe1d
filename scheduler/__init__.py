"""When and where it happens: queues, beat, calendar, leases, the in-process runner and the bootstrap.

Objects are built by hand in `scheduler.bootstrap`, which imports adapters only when asked.
"""

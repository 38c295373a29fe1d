"""The mailbox stand-in, driven over its real ports."""

"""The wire contracts as data: what they promise, and that other makes of client can read them."""

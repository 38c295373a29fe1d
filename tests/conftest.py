"""Loads what every test may use: the servers that may be away, and what the end of the run says of them."""

pytest_plugins = ["pytester", "tests.services"]

"""The people's door: the command line today; HTTP API, pages and metrics later.

The top layer: it may import every room below, and is the only one that may start the sandbox.
"""

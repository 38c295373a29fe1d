"""One folder per system: speaks the wire, implements a port of `domain.ports`, and nothing else.

Transport errors are translated here, in one place per system; only reads are retried here, for seconds.
"""

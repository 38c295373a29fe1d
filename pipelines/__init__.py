"""What happens: one module per job, gather, decide, commit; dispatch is the only sender.

Standard library and `domain` only: the outside is seen through the Protocols of `domain.ports`.
"""

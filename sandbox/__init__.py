"""Stand-ins for the CII software, PLASTA with its GED, partners and a mailbox, with switchable faults.

Independent of our connectors and mappings, so that one misreading of a wire format cannot sit on both sides.
"""

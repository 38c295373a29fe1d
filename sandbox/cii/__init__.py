"""Stand-in for the CII software (CII001): serves `contracts/cii/cii-v1.openapi.yaml` and keeps a ledger of write-backs.

Written from the contract alone; it shares no code with the connector that speaks to it.
"""

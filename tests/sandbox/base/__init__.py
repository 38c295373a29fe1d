"""What the stand-ins share: HTTP, ledger, faults, control paths."""

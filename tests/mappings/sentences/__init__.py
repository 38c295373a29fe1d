"""The sentences that clerks read."""

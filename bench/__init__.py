"""Measurements that are run by hand: what something costs, never whether it is right."""

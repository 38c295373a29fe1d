"""Tests of :mod:`mappings.plasta`."""

"""Tests of :mod:`mappings.cii`."""

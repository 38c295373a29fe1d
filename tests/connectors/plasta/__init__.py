"""Tests of :mod:`connectors.plasta`."""

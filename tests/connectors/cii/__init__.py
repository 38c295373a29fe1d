"""Tests of :mod:`connectors.cii`."""

"""Tests of the room connectors."""

"""Tests of the invented population."""

"""Tests of the CII software's stand-in."""

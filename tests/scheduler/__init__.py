"""Tests of the room that decides when and where."""

"""Tests of the house itself: packaging, environment, services, bars."""

"""Invented cases and job seekers, the same for the same seed, with the result that a correct run must have.

Every case follows one named scenario; the expected result comes from the scenario table alone, never from our code.
"""

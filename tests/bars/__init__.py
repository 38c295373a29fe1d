"""The bars for the code, each a small judgement of source text: `python -m tests.bars` runs those that need no run.

Each bar takes what it judges as an argument and answers sentences, one for each fault; none means that the bar holds.
"""

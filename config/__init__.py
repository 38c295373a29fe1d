"""Settings, logging, registry, code maps and calendars.

The only room that reads the environment. It may import `domain`, and nothing else of ours.
"""

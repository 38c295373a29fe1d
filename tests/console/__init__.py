"""The command line, driven through a fake house."""

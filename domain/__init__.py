"""What a case, a registration and a procuration are; errors, ports, comparison, consent, time limits.

Pure: standard library only, no input or output, no clock of its own.
"""

"""Their words to our words and back, one folder per system; mail and letter templates.

Tables are total in each direction that exists. An unknown word is a `MappingError` with its field, never a guess.
"""

"""The tests, room by room, beside the bars of the house."""

"""The PLASTA stand-in, tried by raw requests and by a client of another make."""

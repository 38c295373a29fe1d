"""The stand-in WSDL of PLASTA (AVAM): data only, found by `importlib.resources`."""

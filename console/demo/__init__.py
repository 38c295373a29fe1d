"""The demonstration: the real work over real HTTP, SOAP and SMTP connections against the stand-ins, on loopback."""

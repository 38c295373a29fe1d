"""The wire contracts as data: the CII OpenAPI document and the PLASTA WSDL. No code.

Both are stand-ins in the style of the other system, since no interface of either is public.
"""

"""PLASTA's words (``contracts/plasta/plasta-v1.wsdl``) and ours."""

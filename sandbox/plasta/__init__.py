"""The PLASTA/AVAM stand-in with its GED: SOAP 1.1 over HTTP, in the words of `contracts/plasta/plasta-v1.wsdl`."""

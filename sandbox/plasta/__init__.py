"""The PLASTA/AVAM stand-in with its GED: SOAP 1.1 over HTTP, in the words of `contracts/plasta/plasta-v1.wsdl`."""

from sandbox.plasta.access import Credentials
from sandbox.plasta.service import PlastaService
from sandbox.plasta.state import PlastaState

__all__ = ["Credentials", "PlastaService", "PlastaState"]

"""Builds the registry's SOAP channel from a target, with the WSDL that is shipped in the package."""

from importlib.resources import files

from connectors.http import HttpChannel
from connectors.soap import SoapChannel, SoapTarget
from mappings.plasta.codes import FAMILIES


def plasta_wsdl() -> bytes:
    """The pinned contract; a server's own is compared with it and never adopted."""
    return files("contracts").joinpath("plasta", "plasta-v1.wsdl").read_bytes()


def plasta_channel(target: SoapTarget, http: HttpChannel | None = None) -> SoapChannel:
    """A channel to PLASTA; raises ``SettingsError`` for a target that is not safe to use."""
    return SoapChannel(target, plasta_wsdl(), FAMILIES, http=http)

"""The check against a server whose WSDL has changed, is none, or is away: a warning, never adopted (F51)."""

import pytest

from connectors.http import HttpTarget
from connectors.plasta.factory import plasta_channel, plasta_wsdl
from connectors.plasta.registry import PlastaRegistry
from connectors.soap import SoapTarget
from sandbox.http_server import HttpService, Request, Response, Wire
from sandbox.plasta import PlastaService

XML = {"Content-Type": "text/xml;charset=UTF-8"}


@pytest.mark.parametrize(
    ("served", "warning"),
    [
        (Response(200, XML, plasta_wsdl()), ""),
        (Response(200, XML, plasta_wsdl().replace(b'"255"', b'"100"')), "no longer the one that we were built for"),
        (Response(200, XML, b"<html>"), "something else than a WSDL"),
        (Response(404), "serves no WSDL"),
        (Wire.reset_at_once(), "could not be compared (CONNECTION)"),
    ],
)
def test_f51_a_changed_wsdl_is_told_and_not_adopted(
    served: Response | Wire, warning: str, service: PlastaService
) -> None:
    def answer(request: Request) -> Response | Wire:
        return served if request.method == "GET" else service.handle(request)

    with HttpService(answer) as front:
        target = SoapTarget(HttpTarget("plasta", front.url), "cii", "geheim", office="VSO10")
        registry = PlastaRegistry(plasta_channel(target))
        result = registry.check()
        assert result.ok
        assert (warning in result.message) if warning else ("warning" not in result.message)
        assert registry.persons(["80000001"]).found  # type: ignore[list-item] # a plain number will do here

"""PLASTA (AVAM, AC001) over SOAP: :class:`connectors.plasta.registry.PlastaRegistry` is the port's adapter."""

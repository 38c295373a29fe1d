"""The CII software (CII001) over REST: :class:`connectors.cii.cases.CiiCases` is the port's adapter."""

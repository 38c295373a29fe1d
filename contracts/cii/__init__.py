"""The contract of the CII software as data: one OpenAPI document, a stand-in of ours (see its description)."""

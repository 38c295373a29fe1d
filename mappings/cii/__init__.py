"""The CII software's words (``contracts/cii/cii-v1.openapi.yaml``) and ours."""

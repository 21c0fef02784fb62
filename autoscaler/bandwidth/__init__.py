"""Adapter for HTTP providers of bandwidth: the contract is docs/openapi/bandwidth-provider.yaml."""

"""What can go wrong with the real servers, told apart by what the tests do about it."""

from __future__ import annotations


class UnavailableError(Exception):
    """A server's binary is not here and cannot be had: the tier skips (in CI it fails)."""


class ServerError(Exception):
    """A server that is here did not do its part: always a failure."""

"""The command line, for tests that compare with what it prints."""

from tests.autoscaler.cli.conftest import meetscale

__all__ = ["meetscale"]

"""A reference provider, what the operator knows of it, and a link that it supplies."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from autoscaler.bandwidth.config import HTTPEndpoint
from autoscaler.bandwidth.provider import HTTPBandwidth
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.load import load_as
from tests.autoscaler.bandwidth.reference import TOKEN, ReferenceProvider


def transit(**spec: object) -> EgressLink:
    """Return a link in mode Act that the reference provider supplies."""
    body = {
        "mode": "Act",
        "portMbps": 2000,
        "committedMbps": 400,
        "stepMbps": 100,
        "maxMbps": 2000,
        "utilizationPercent": 100,
        "tiers": [{"upToMbps": 2000, "leadTimeSeconds": 3600}],
        "usage": {"query": "transit"},
        "provider": {"type": "HTTP", "http": {"name": "desk", "linkId": "euw1"}},
        **spec,
    }
    metadata = {"name": "transit", "namespace": "media", "uid": "3", "generation": 1}
    return load_as(EgressLink, {"metadata": metadata, "spec": body})


@pytest.fixture
def provider() -> Iterator[ReferenceProvider]:
    """The provider; at the end nobody may have broken the contract."""
    provider = ReferenceProvider()
    yield provider
    provider.close()
    assert provider.wrong == []


@pytest.fixture
def endpoint(provider: ReferenceProvider, tmp_path: Path) -> HTTPEndpoint:
    """What the operator's configuration says of it."""
    token = tmp_path / "token"
    token.write_text(f"{TOKEN}\n")
    return HTTPEndpoint(name="desk", url=provider.url, token_file=str(token), timeout_seconds=5)


Connect = Callable[..., HTTPBandwidth]


@pytest.fixture
def bandwidth(endpoint: HTTPEndpoint) -> HTTPBandwidth:
    """The port on it."""
    return HTTPBandwidth({"desk": endpoint}, unchanged=lambda _: True)

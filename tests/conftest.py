"""Fixtures on real servers, for every test folder; nothing is imported before a test asks for it.

A tier whose binaries cannot be had is skipped with the reason; with CI=true that is a failure.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Callable, Generator, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest
from hypothesis import settings

if TYPE_CHECKING:
    from tests.servers.binaries import KarpenterBinaries, PrometheusBinaries
    from tests.servers.exporter import Exporter
    from tests.servers.karpenter import Karpenter
    from tests.servers.kubelet import Kubelet
    from tests.servers.plane import ControlPlane
    from tests.servers.progress import Reporter
    from tests.servers.prometheus import Prometheus

settings.register_profile("meetscale", deadline=None)  # no test asserts a wall-clock time
settings.load_profile("meetscale")

TIERS = ("plane", "prometheus", "live", "sfu")
Binaries = TypeVar("Binaries")


def pytest_configure() -> None:
    """Hear Control-C: a shell has what it runs in the background ignore it, children included."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn a skip of a tier on real servers into a failure in CI, where these tiers must run."""
    report = yield
    in_tier = any(item.get_closest_marker(tier) for tier in TIERS)
    expected = hasattr(report, "wasxfail")
    if report.skipped and in_tier and not expected and os.environ.get("CI") == "true":
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
        report.outcome = "failed"
        report.longrepr = f"CI=true: this tier must run, and was skipped ({reason})"
    return report


def _had(request: pytest.FixtureRequest, obtain: Callable[[Reporter], Binaries]) -> Binaries:
    from tests.servers.errors import UnavailableError
    from tests.servers.progress import Reporter

    capture = request.config.pluginmanager.getplugin("capturemanager")
    try:
        with capture.global_and_fixture_disabled():  # a build takes minutes: show its progress
            return obtain(Reporter())
    except UnavailableError as refusal:
        pytest.skip(str(refusal))


@pytest.fixture(scope="session")
def plane(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[ControlPlane]:
    """The control plane of this test run."""
    from tests.servers import binaries
    from tests.servers.plane import ControlPlane

    plane = ControlPlane(_had(request, binaries.plane), tmp_path_factory.mktemp("plane"))
    try:
        plane.start()
        yield plane
    finally:
        plane.stop()


@pytest.fixture
def namespace(plane: ControlPlane, request: pytest.FixtureRequest) -> Iterator[str]:
    """A namespace of the test's own, emptied afterwards."""
    from tests.servers.namespaces import temporary_namespace

    with temporary_namespace(plane, request.node.name) as name:
        yield name


@pytest.fixture
def kubelet(plane: ControlPlane) -> Iterator[Kubelet]:
    """Kubelets of all nodes, at once with their defaults; `start` them after setting delays."""
    from tests.servers.kubelet import Kubelet

    kubelet = Kubelet(plane)
    try:
        yield kubelet
    finally:
        kubelet.stop()


@pytest.fixture(scope="session")
def karpenter_binaries(request: pytest.FixtureRequest) -> KarpenterBinaries:
    """Karpenter, its CRDs and its instance types."""
    from tests.servers import binaries

    return _had(request, binaries.karpenter)


@pytest.fixture
def karpenter(
    plane: ControlPlane, karpenter_binaries: KarpenterBinaries, tmp_path: Path
) -> Iterator[Karpenter]:
    """Karpenter on the plane, running; its nodes go with it."""
    from tests.servers.karpenter import Karpenter

    karpenter = Karpenter(karpenter_binaries, plane, tmp_path)
    try:
        karpenter.start()
        yield karpenter
    finally:
        karpenter.stop()


@pytest.fixture(scope="session")
def prometheus_binaries(request: pytest.FixtureRequest) -> PrometheusBinaries:
    """Prometheus and promtool."""
    from tests.servers import binaries

    return _had(request, binaries.prometheus)


@pytest.fixture
def prometheus(prometheus_binaries: PrometheusBinaries, tmp_path: Path) -> Iterator[Prometheus]:
    """A Prometheus of the test's own, not started yet: give it history and targets first."""
    from tests.servers.prometheus import Prometheus

    prometheus = Prometheus(prometheus_binaries, tmp_path)
    try:
        yield prometheus
    finally:
        prometheus.stop()


@pytest.fixture(scope="session")
def livekit_binary(request: pytest.FixtureRequest) -> Path:
    """LiveKit's server."""
    from tests.servers import binaries

    pytest.importorskip("livekit.rtc", reason="the SDK of LiveKit has no wheel for this machine")
    return _had(request, binaries.livekit)


@pytest.fixture
def exporter() -> Iterator[Exporter]:
    """Scrape targets that play demand; add them with `exporter.target(...)`."""
    from tests.servers.exporter import Exporter

    with Exporter() as exporter:
        yield exporter

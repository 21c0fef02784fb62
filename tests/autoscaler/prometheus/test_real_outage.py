"""A real Prometheus that freezes, stops, forgets its targets, and comes back."""

import time

import pytest

from autoscaler.engine.observation import DemandState
from autoscaler.errors import PrometheusError
from autoscaler.ports.demand import Reading
from autoscaler.prometheus.source import PrometheusDemand
from tests.autoscaler.prometheus.pools import pool
from tests.servers.exporter import Exporter
from tests.servers.process import until
from tests.servers.prometheus import Prometheus

pytestmark = [pytest.mark.prometheus, pytest.mark.timeout(120)]


def test_no_outage_reads_as_zero(prometheus: Prometheus, exporter: Exporter) -> None:
    targets = [exporter.livekit("eu", 50.0) for _ in range(2)]
    prometheus.scrape({"sfu": targets})
    prometheus.start()
    source = PrometheusDemand(prometheus.url, timeout_seconds=1.0, history_seconds=1.0)
    pools = [
        pool("eu", staleAfterSeconds=2),
        pool("own", query="sum(livekit_participant_total)", staleAfterSeconds=2),
    ]

    def read() -> dict[str, Reading]:
        return dict(source.read(pools, now=int(time.time())))

    def seen() -> bool:
        demands = [reading.demand for reading in read().values()]
        return all(
            demand.state is DemandState.OBSERVED and demand.participants == 100.0
            for demand in demands
        )

    until(seen, what="both targets read")

    prometheus.pause()
    began = time.monotonic()
    frozen = read()
    assert time.monotonic() - began < 3.0
    with pytest.raises(PrometheusError, match="did not answer within 1 s"):
        source.history(pools, now=int(time.time()))
    prometheus.resume()
    until(seen, what="read again")  # the scrapes that froze with it failed: no sample was left

    prometheus.stop()
    stopped = read()
    for reading in (*frozen.values(), *stopped.values()):
        assert (reading.demand.state, reading.demand.participants) == (DemandState.EMPTY, None)
    assert "did not answer within 1 s" in frozen["sfu/eu"].reason
    assert "cannot be reached" in stopped["sfu/own"].reason

    prometheus.scrape({})  # it comes back and scrapes nothing: the old samples are repeated
    prometheus.start()
    until(lambda: read()["sfu/eu"].demand.state is not DemandState.OBSERVED, what="stale")
    stale = read()["sfu/eu"]
    assert (stale.demand.state, stale.demand.participants) == (DemandState.STALE, 100.0)
    assert "staleAfterSeconds is 2" in stale.reason

    prometheus.scrape({"sfu": targets})
    until(seen, what="recovered by itself")

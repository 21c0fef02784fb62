"""The operator measures servers by itself: its loop on a real Prometheus with two hours of load."""

import math
import time
from collections.abc import Callable

import pytest

from autoscaler.capacity.rating import Resource, rate
from autoscaler.controller.calibrations import Calibrations
from autoscaler.controller.loop import Loop
from autoscaler.engine.config import EngineConfig
from autoscaler.prometheus.loads import PrometheusLoads
from autoscaler.prometheus.source import PrometheusDemand
from tests.autoscaler.controller.fakes import (
    AtOnce,
    FakeFleet,
    ManualClock,
    MemoryJournal,
    sfupool,
    snapshot,
)
from tests.servers.exporter import Exporter, Target
from tests.servers.process import until
from tests.servers.prometheus import Prometheus

pytestmark = [pytest.mark.prometheus, pytest.mark.timeout(120)]

PAST_SECONDS = 7200.0
MBPS_EACH, PACKETS_EACH = 4.0, 500.0
ROOM = 5.0


def server(exporter: Exporter, pool: str, *, began: float, period: float) -> Target:
    """Add a server with 50 to 150 participants in rooms of five, and the counters they drive."""

    def people(moment: float) -> float:
        return 100.0 + 50.0 * math.sin(2.0 * math.pi * (moment - began) / period)

    def summed(each: float) -> Callable[[float], float]:
        def counter(moment: float) -> float:
            angle = 2.0 * math.pi * (moment - began) / period
            waves = 50.0 * period / (2.0 * math.pi) * (1.0 - math.cos(angle))
            return each * (100.0 * (moment - began) + waves)

        return counter

    return exporter.target(
        {
            "livekit_participant_total": people,
            "livekit_room_total": lambda moment: people(moment) / ROOM,
            'livekit_packet_bytes{direction="outgoing"}': summed(MBPS_EACH * 1e6 / 8.0),
            'livekit_packet_total{direction="outgoing"}': summed(PACKETS_EACH),
            'livekit_packet_total{direction="incoming"}': summed(PACKETS_EACH / 4.0),
            "process_cpu_seconds_total": summed(0.02),
        },
        sfu_pool=pool,
    )


def test_the_loop_plans_with_what_its_servers_carry(prometheus: Prometheus) -> None:
    now = time.time()
    began = now - PAST_SECONDS
    with Exporter() as exporter:
        targets = [
            server(exporter, pool, began=began, period=period)
            for pool in ("eu", "us")
            for period in (1800.0, 2700.0)
        ]
        prometheus.load(
            series
            for target in targets
            for series in target.history(job="sfu", start=began, end=now, step=15.0)
        )
        prometheus.scrape({"sfu": targets})
        prometheus.start()
        until(lambda: all(target.scrapes > 1 for target in targets), what="scrapes")
        clock = ManualClock(int(time.time()))
        resources = [
            sfupool(
                name,
                demand={"preset": "LiveKit", "matchLabels": {"sfu_pool": name}},
                server={"participants": 400, "egressMbps": 1200, "packetsPerSecond": 450_000},
            )
            for name in ("eu", "us")
        ]
        loop = Loop(
            fleet=FakeFleet(*(snapshot(resource) for resource in resources)),
            demand=PrometheusDemand(prometheus.url),
            forecasts=None,
            calibrations=Calibrations(PrometheusLoads(prometheus.url), AtOnce()),
            journal=MemoryJournal(),
            clock=clock,
            config=EngineConfig(forecasting=False),
            is_leader=lambda: True,
        )
        tick = loop.tick()
    for seen in tick.observation.pools:
        measured, rating = seen.settings.measured, rate(seen.settings.server, seen.settings.mix)
        assert measured is not None
        assert measured.egress is not None
        assert measured.cores is not None
        assert measured.rooms is not None
        # Averages of gauges and rates of counters over one window are of slightly other samples.
        assert measured.egress.value == pytest.approx(MBPS_EACH, rel=0.03)
        assert measured.cores.value + measured.idle_cores / 100.0 == pytest.approx(0.02, rel=0.1)
        assert measured.rooms.mean_size == pytest.approx(ROOM, rel=0.01)
        assert rating.binding is Resource.EGRESS
        assert rating.full == pytest.approx(1200.0 / MBPS_EACH, rel=0.05)
        assert rating.per_server < rating.full
    assert len(tick.remeasured) == 2

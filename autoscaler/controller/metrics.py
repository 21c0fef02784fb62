"""The operator's own metrics: a registry of its own with what is and with what was done."""

from collections.abc import Iterable, Iterator

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from autoscaler.controller.gauges import gauges
from autoscaler.controller.tick import Tick


class Metrics(Collector):
    """A registry of its own with everything that `/metrics` shows."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self._last: Tick | None = None
        self.ticks = Counter(
            "meetscale_ticks",
            "Ticks by result: done, unlisted (the API server gave no list), failed.",
            ("result",),
            registry=self.registry,
        )
        self.tick_seconds = Histogram(
            "meetscale_tick_duration_seconds",
            "A tick from its first list to its last write.",
            buckets=(0.05, 0.1, 0.25, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0),
            registry=self.registry,
        )
        self.writes = Counter(
            "meetscale_target_writes",
            "Writes to targets by outcome.",
            ("namespace", "pool", "outcome"),
            registry=self.registry,
        )
        self.orders = Counter(
            "meetscale_link_orders",
            "Orders of bandwidth by outcome: Placed, OrderRefused, OrderChanged, OrderFailed.",
            ("namespace", "link", "outcome"),
            registry=self.registry,
        )
        self.waiting = Gauge(
            "meetscale_outbox_messages",
            "Statuses, events, plans and state that wait to be sent.",
            registry=self.registry,
        )
        self.leader = Gauge(
            "meetscale_leader", "1 while this operator may write.", registry=self.registry
        )
        self.last_tick = Gauge(
            "meetscale_last_tick_timestamp_seconds",
            "When the last complete tick was, epoch seconds.",
            registry=self.registry,
        )
        self.registry.register(self)

    def record(self, tick: Tick) -> None:
        """Take in one complete tick."""
        self._last = tick
        self.ticks.labels("done").inc()
        self.tick_seconds.observe(tick.seconds)
        self.last_tick.set(tick.now)
        for pool in tick.pools:
            if pool.result is not None:
                about = pool.snapshot.resource.metadata
                self.writes.labels(about.namespace, about.name, pool.result.outcome.value).inc()

        for link in tick.links:
            placed = None if link.supplied is None else link.supplied.placed
            if placed is not None:
                outcome = "Placed" if placed.hold is None else placed.hold.reason
                names = link.decision.link.partition("/")[::2]
                self.orders.labels(*names, outcome).inc()

    def forget(self) -> None:
        """Show nothing of pools any more: another operator knows them better."""
        self._last = None

    def describe(self) -> Iterable[GaugeMetricFamily]:
        """Return the families without their series."""
        return gauges(None)

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Yield the gauges of the last tick."""
        return gauges(self._last)

"""One real Prometheus with pools of every kind: twenty minutes of history, then scraped live."""

import time
from collections.abc import Iterable, Mapping
from pathlib import Path

from autoscaler.ports.demand import Reading
from autoscaler.prometheus.source import PrometheusDemand
from tests.autoscaler.prometheus.pools import pool
from tests.servers.binaries import PrometheusBinaries
from tests.servers.exporter import Exporter, Target, Value
from tests.servers.process import until
from tests.servers.prometheus import Prometheus

PAST_SECONDS = 1200.0
"""More than the longest that a vanished target is looked for."""


class Stage:
    """Targets by pool. `raise_curtain` loads their past and scrapes them from then on."""

    def __init__(self, binaries: PrometheusBinaries, folder: Path) -> None:
        self.exporter = Exporter()
        self.prometheus = Prometheus(binaries, folder)
        self.source = PrometheusDemand(self.prometheus.url)
        self.now = time.time()
        self.pools: dict[str, list[Target]] = {}
        self.again: list[Target] = []
        """Those that a second job scrapes too."""

    def play(self, name: str, *servers: Mapping[str, Value]) -> list[Target]:
        """Add a pool: for each server its series."""
        targets = [self.exporter.target(series, sfu_pool=name) for series in servers]
        self.pools[name] = targets
        return targets

    def raise_curtain(self) -> None:
        """Start, and wait until the live samples of every target are there."""
        self.prometheus.load(
            series
            for job, targets in (("sfu", self._targets()), ("again", self.again))
            for target in targets
            for series in target.history(
                job=job, start=self.now - PAST_SECONDS, end=self.now, step=10.0
            )
        )
        self.scrape()
        self.prometheus.start()
        until(lambda: all(target.scrapes > 1 for target in self._targets()), what="scrapes")

    def scrape(self, *, without: Iterable[Target] = ()) -> None:
        """Discover every target but these."""
        left_out = {target.address for target in without}
        targets = [target for target in self._targets() if target.address not in left_out]
        self.prometheus.scrape({"sfu": targets, "again": self.again})

    def read(self, name: str, **demand: object) -> Reading:
        """Read one pool."""
        one = pool(name, **demand)
        return self.source.read([one], now=int(time.time()))[one.key]

    def comes_to(
        self, name: str, state: str, participants: float | None, **demand: object
    ) -> Reading:
        """Read a pool until it is so; fail when it never is."""
        readings: list[Reading] = []

        def there() -> bool:
            readings.append(self.read(name, **demand))
            told = readings[-1].demand
            return told.state == state and told.participants == participants

        until(there, what=f"pool {name} {state}", timeout=30.0, every=0.2)
        return readings[-1]

    def close(self) -> None:
        """Stop everything."""
        self.source.close()
        self.prometheus.stop()
        self.exporter.__exit__(None, None, None)

    def _targets(self) -> list[Target]:
        return [target for targets in self.pools.values() for target in targets]

"""Ordered servers that do not serve yet: a queue before the launch rate, and boots after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulations.world.boots import BootTimes
from simulations.world.market import Market


@dataclass(slots=True)
class Launches:
    """The supplier of one pool: a token bucket in front, boots behind it.

    `queued` wait for a launch; `booting` are launched and paid for. Time is in ticks. Without a
    `market` the supplier always has what is asked for.
    """

    boots: BootTimes
    per_tick: float
    burst: int
    market: Market | None = None
    stock: int = 0
    queued: int = 0
    booting: int = 0
    _tokens: float = 0.0
    _launched: int = 0
    _due: dict[int, list[int]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._tokens = float(self.burst)

    @property
    def pending(self) -> int:
        """Ordered and not serving yet."""
        return self.queued + self.booting

    def order(self, servers: int) -> None:
        """Put more servers in the queue."""
        self.queued += servers

    def cancel(self, servers: int) -> int:
        """Take back up to so many: queued ones first, then those that would take longest.

        Those that boot were sold, and go back to the supplier.
        """
        from_queue = min(servers, self.queued)
        self.queued -= from_queue
        left = servers - from_queue
        for tick in sorted(self._due, reverse=True):
            if left == 0:
                break
            counts = self._due[tick]
            for outcome in (1, 0):
                taken = min(left, counts[outcome])
                counts[outcome] -= taken
                left -= taken
        cancelled = servers - left
        self.booting -= cancelled - from_queue
        self.restock(cancelled - from_queue)
        return cancelled

    def restock(self, servers: int) -> None:
        """Give servers back to the supplier, who sells them again."""
        self.stock += servers

    def advance(self, tick: int, *, in_use: int = 0) -> tuple[int, int]:
        """Launch what may be; return servers that begin to serve now, and failures.

        `in_use` servers count against the quota besides those that boot.
        """
        served, failed = self._due.pop(tick, (0, 0))
        self.booting -= served + failed
        self._tokens = min(self._tokens + self.per_tick, float(self.burst))
        launching = min(self.queued, int(self._tokens))
        if self.market is not None:
            launching = self._sold(launching, tick, in_use=in_use + served)
        if launching > 0:
            self._launch(launching, tick)
        return served, failed

    def _launch(self, servers: int, tick: int) -> None:
        self._tokens -= servers
        self.queued -= servers
        self.booting += servers
        slower, failing = 1.0, 0.0
        if self.market is not None:
            slower, failing = self.market.slower[tick], self.market.failing[tick]
        for launch in range(self._launched, self._launched + servers):
            took, fails = self.boots.outcome(launch, slower=slower, failing=failing)
            self._due.setdefault(tick + took, [0, 0])[fails] += 1
        self._launched += servers

    def _sold(self, wanted: int, tick: int, *, in_use: int) -> int:
        """Return how many of those the supplier lets go of."""
        market = self.market
        assert market is not None
        if market.delivered is not None:
            self.stock += market.delivered[tick]
        if wanted == 0 or market.shut[tick]:
            return 0
        sold = min(wanted, max(market.quota[tick] - in_use - self.booting, 0))
        if market.delivered is not None:
            sold = min(sold, self.stock)
            self.stock -= sold
        return sold


def serving_curve(supplier: Launches, orders: Mapping[int, int], *, ticks: int) -> list[int]:
    """Return how many servers serve at each tick's end, of `orders` (how many more, by tick)."""
    curve, serving = [], 0
    for tick in range(ticks):
        supplier.order(orders.get(tick, 0))
        serving += supplier.advance(tick)[0]
        curve.append(serving)
    return curve

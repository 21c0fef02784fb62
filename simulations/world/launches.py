"""Ordered servers that do not serve yet: a queue before the launch rate, and boots after it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from simulations.world.boots import BootTimes


@dataclass(slots=True)
class Launches:
    """The supplier of one pool: a token bucket in front, boots behind it.

    `queued` wait for a launch; `booting` are launched and paid for. Time is in ticks.
    """

    boots: BootTimes
    per_tick: float
    burst: int
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
        """Take back up to so many: queued ones first, then those that would take longest."""
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
        return cancelled

    def advance(self, tick: int) -> tuple[int, int]:
        """Launch what the bucket allows; return servers that begin to serve now, and failures."""
        served, failed = self._due.pop(tick, (0, 0))
        self.booting -= served + failed
        self._tokens = min(self._tokens + self.per_tick, float(self.burst))
        launching = min(self.queued, int(self._tokens))
        if launching:
            self._launch(launching, tick)
        return served, failed

    def _launch(self, servers: int, tick: int) -> None:
        self._tokens -= servers
        self.queued -= servers
        self.booting += servers
        ticks, fails = self.boots.ticks, self.boots.fails
        for launch in range(self._launched, self._launched + servers):
            draw = launch % len(ticks)
            counts = self._due.setdefault(tick + ticks[draw], [0, 0])
            counts[fails[draw]] += 1
        self._launched += servers


def serving_curve(supplier: Launches, orders: Mapping[int, int], *, ticks: int) -> list[int]:
    """Return how many servers serve at each tick's end, of `orders` (how many more, by tick)."""
    curve, serving = [], 0
    for tick in range(ticks):
        supplier.order(orders.get(tick, 0))
        serving += supplier.advance(tick)[0]
        curve.append(serving)
    return curve

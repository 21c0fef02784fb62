"""Last week again, and nothing else: what every forecast has to beat."""

from dataclasses import dataclass, field

from autoscaler.capacity.rating import rate
from autoscaler.capacity.servers import servers_for_one
from simulations.policies.metrics.last_week import LOOKBACK_SECONDS
from simulations.policies.recorded import WEEK_SECONDS, Recorded
from simulations.policy import Orders, PolicyView, Removal, WorldFacts


@dataclass(slots=True)
class SeasonalNaive:
    """The policy; it holds `margin` times the coming half-hour's demand of one week ago.

    Where last week is not recorded, everything stays as it is.
    """

    margin: float = 1.2
    name: str = "seasonal-naive"
    period_seconds: int = 60
    removal: Removal = Removal.EMPTY
    _per_server: tuple[float, ...] = field(default=(), init=False)
    _recorded: Recorded = field(default_factory=Recorded, init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Take every pool's rating and what was recorded."""
        self._per_server = tuple(rate(pool.server, pool.mix).per_server for pool in facts.pools)
        self._recorded.reset(facts)

    def decide(self, view: PolicyView) -> Orders:
        """Ask for what last week needed."""
        self._recorded.update(view)
        then = view.now - WEEK_SECONDS
        past = self._recorded.largest(then, then + LOOKBACK_SECONDS)
        return Orders.of(
            seen.size if demand is None else servers_for_one(demand * self.margin, per_server)
            for seen, demand, per_server in zip(view.pools, past, self._per_server, strict=True)
        )

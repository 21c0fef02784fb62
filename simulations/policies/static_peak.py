"""Capacity bought once, for the highest demand in history and a margin."""

from dataclasses import dataclass, field

import numpy as np

from autoscaler.capacity.rating import rate
from autoscaler.capacity.servers import servers_for_one
from autoscaler.planner.settings import PoolSettings
from forecast.history import History
from simulations.policy import Orders, PolicyView, Removal, WorldFacts


@dataclass(slots=True)
class StaticPeak:
    """The policy; it holds `margin` times the peak of the four weeks before the run."""

    margin: float = 1.2
    name: str = "static-peak"
    period_seconds: int = 3600
    removal: Removal = Removal.EMPTY
    _sizes: tuple[int, ...] = field(default=(), init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Size every pool for the run."""
        self._sizes = tuple(
            servers_for_one(
                _peak(facts.history, pool) * self.margin, rate(pool.server, pool.mix).per_server
            )
            for pool in facts.pools
        )

    def decide(self, view: PolicyView) -> Orders:  # noqa: ARG002 the size was fixed before
        """Ask for the same as ever."""
        return Orders.of(self._sizes)


def _peak(history: History, pool: PoolSettings) -> float:
    """Participants; 0 for a pool without history, which the world raises to the pool's minimum."""
    if pool.name not in history.series_ids:
        return 0.0
    values = history.select((pool.name,)).values
    return float(np.max(values, initial=0.0, where=np.isfinite(values)))

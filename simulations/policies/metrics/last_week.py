"""Demand of the coming half-hour, one week ago: Mimir's one line of PromQL.

`max_over_time(demand[30m] offset 6d23h30m)`, times a margin. Recorded demand is in quarter-hour
maxima, so that up to a quarter-hour more than the half-hour is looked at.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from simulations.policies.metrics.metric import share, target
from simulations.policies.recorded import WEEK_SECONDS, Recorded
from simulations.policy import PolicyView, WorldFacts

LOOKBACK_SECONDS = 1800


@dataclass(slots=True)
class LastWeek:
    """The metric, `margin` times as large as it was, shared at a target utilisation."""

    utilization: float
    margin: float = 1.0
    _targets: tuple[int, ...] = field(default=(), init=False)
    _recorded: Recorded = field(default_factory=Recorded, init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Take every pool's rating and what was recorded."""
        self._targets = tuple(target(pool, self.utilization) for pool in facts.pools)
        self._recorded.reset(facts)

    def propose(self, view: PolicyView) -> Sequence[int | None]:
        """Ask for what last week needed; for nothing (an empty result is 0) where it is unknown.

        The same Prometheus answers this query: while it answers nothing now, it does not tell of
        last week either.
        """
        self._recorded.update(view)
        then = view.now - WEEK_SECONDS
        past = self._recorded.largest(then, then + LOOKBACK_SECONDS)
        return [
            None
            if seen.demand.participants is None
            else share((demand or 0.0) * self.margin, current=seen.size, target=aim)
            for seen, demand, aim in zip(view.pools, past, self._targets, strict=True)
        ]

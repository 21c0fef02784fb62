"""Mimir's querier autoscaling: demand now, and of the coming half-hour one week ago, through KEDA.

operations/mimir/autoscaling.libsonnet and mimir#7775: two Prometheus triggers, the maximum of the
last five minutes and `max_over_time(...[30m] offset 6d23h30m)`; targets 75 % on peaks; scales down
by 10 % a minute, so that a Prometheus that comes back with low averages does not collapse the
fleet.
"""

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from simulations.policies.hpa_algorithm.behavior import Behavior, PolicyType, RatePolicy
from simulations.policies.hpa_loop import HpaLoop
from simulations.policies.metrics.last_week import LastWeek
from simulations.policies.metrics.metric import share, target
from simulations.policy import PolicyView, WorldFacts

TARGET_UTILIZATION = 0.75
_RECENT_SECONDS = 300
_DEFAULT = Behavior()
_BEHAVIOR = replace(
    _DEFAULT, down=replace(_DEFAULT.down, policies=(RatePolicy(PolicyType.PERCENT, 10, 60),))
)


def promql_offset(target_utilization: float = TARGET_UTILIZATION) -> HpaLoop:
    """Make the policy; `target_utilization` is the share of a server's rating to aim at."""
    metrics = (RecentPeak(target_utilization), LastWeek(target_utilization))
    return HpaLoop("promql-offset", metrics, _BEHAVIOR)


@dataclass(slots=True)
class RecentPeak:
    """The largest demand of the last five minutes: up quickly, down slowly."""

    utilization: float
    _targets: tuple[int, ...] = field(default=(), init=False)
    _recent: tuple[deque[tuple[int, float]], ...] = field(default=(), init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Take every pool's rating; nothing was read yet."""
        self._targets = tuple(target(pool, self.utilization) for pool in facts.pools)
        self._recent = tuple(deque() for _ in facts.pools)

    def propose(self, view: PolicyView) -> Sequence[int | None]:
        """Return what the recent peak asks for."""
        proposals = []
        for seen, recent, aim in zip(view.pools, self._recent, self._targets, strict=True):
            while recent and recent[0][0] <= view.now - _RECENT_SECONDS:
                recent.popleft()
            demand = seen.demand.participants
            if demand is not None:
                # an earlier, smaller value can never be the maximum again
                while recent and recent[-1][1] <= demand:
                    recent.pop()
                recent.append((view.now, demand))
                demand = recent[0][1]
            proposals.append(share(demand, current=seen.size, target=aim))
        return proposals

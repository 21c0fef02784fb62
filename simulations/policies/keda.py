"""KEDA 2.20: a Prometheus trigger with a fallback and a cron trigger, in one ScaledObject.

KEDA feeds an HPA, which takes the larger proposal at its own sync; `pollingInterval` (30 s) and
`cooldownPeriod` (300 s) only matter between zero and one replica, and pools here keep at least one.
pkg/fallback/fallback.go: once the trigger has failed more than `failureThreshold` times in a row,
the metric is what makes the HPA hold `fallback.replicas` (behaviour `static`); before that it is
an error, with which the HPA removes nothing. A ScaledObject's author chooses `fallback.replicas`:
here the servers of the highest demand in history.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from simulations.policies.hpa_loop import HpaLoop
from simulations.policies.metrics.cron import Cron
from simulations.policies.metrics.metric import MILLI, share, target
from simulations.policies.recorded import Recorded
from simulations.policy import PolicyView, WorldFacts

FAILURE_THRESHOLD = 3
"""As in the documentation's example; the field has no default."""


def keda(target_utilization: float = 0.7) -> HpaLoop:
    """Make the policy; `target_utilization` is the share of a server's rating to aim at."""
    return HpaLoop("keda", (Trigger(target_utilization), Cron(target_utilization)))


@dataclass(slots=True)
class Trigger:
    """The Prometheus trigger on demand, `metricType: AverageValue`."""

    utilization: float
    _targets: tuple[int, ...] = field(default=(), init=False)
    _fallbacks: tuple[int, ...] = field(default=(), init=False)
    _failures: list[int] = field(default_factory=list, init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Take every pool's rating, and its fallback from history."""
        recorded = Recorded()
        recorded.reset(facts)
        self._targets = tuple(target(pool, self.utilization) for pool in facts.pools)
        peaks = np.nanmax(np.nan_to_num(recorded.values), axis=1, initial=0.0)
        self._fallbacks = tuple(
            -int(-peak * MILLI // aim) for peak, aim in zip(peaks, self._targets, strict=True)
        )
        self._failures = [0] * len(facts.pools)

    def propose(self, view: PolicyView) -> Sequence[int | None]:
        """Return what demand asks for, or the fallback."""
        proposals = []
        for index, (seen, aim) in enumerate(zip(view.pools, self._targets, strict=True)):
            demand = seen.demand.participants
            self._failures[index] = self._failures[index] + 1 if demand is None else 0
            if self._failures[index] > FAILURE_THRESHOLD:
                demand = self._fallbacks[index] * aim / MILLI
            proposals.append(share(demand, current=seen.size, target=aim))
        return proposals

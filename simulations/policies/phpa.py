"""Predictive Horizontal Pod Autoscaler 0.13.2: Holt-Winters on the HPA's own replica counts.

Every sync the HPA's proposal joins the model's replica history, the model forecasts one sync ahead,
and the larger of both is taken (`decisionType: maximum`). Where the metrics cannot be had, the
reconcile fails and nothing happens. History is trimmed by whole seasons to `storedSeasons`. The
forecast reaches one `syncPeriod` ahead, by default 15 s, too little for any boot; ours is five
minutes, with a season of a day, four of which fit into the ConfigMap that holds them. The smoothing
constants are the user's; ours were the best of a grid on ordinary weeks (the example's 0.9 each
lose to no model at all).
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from simulations.policies.holt_winters import HoltWinters, Smoothing
from simulations.policies.hpa_algorithm.controller import largest
from simulations.policies.hpa_loop import HpaLoop
from simulations.policies.metrics.metric import MILLI, Metric, target
from simulations.policies.metrics.participants import InTotal, PerServer
from simulations.policies.recorded import Recorded
from simulations.policy import PolicyView, WorldFacts

SYNC_SECONDS = 300
STORED_SEASONS = 4
SMOOTHING = Smoothing(level=0.9, trend=0.01, seasonal=0.1, periods=86_400 // SYNC_SECONDS)


def phpa(target_utilization: float = 0.7) -> HpaLoop:
    """Make the policy; `target_utilization` is the share of a server's rating to aim at."""
    metrics = (PerServer(target_utilization), InTotal(target_utilization))
    predictive = Predictive(metrics, target_utilization)
    return HpaLoop("phpa", (predictive,), period_seconds=SYNC_SECONDS)


@dataclass(slots=True)
class Model:
    """One pool's replica history and the model fitted to it."""

    smoothing: Smoothing
    replicas: list[float]
    _fitted: HoltWinters | None = None

    def predict(self, calculated: int) -> int:
        """Take in what the HPA calculated; return replicas one sync ahead, 0 while unknown."""
        self.replicas.append(float(calculated))
        season = self.smoothing.periods
        surplus = len(self.replicas) // season - STORED_SEASONS
        if surplus > 0:
            del self.replicas[: surplus * season]
        if len(self.replicas) < max(2 * season, 10 + 2 * (season // 2)):
            return 0
        if self._fitted is None or len(self.replicas) % season == 0:
            self._fitted = HoltWinters.fit(self.replicas, self.smoothing)
        else:
            self._fitted.add(float(calculated))
        return math.ceil(round(self._fitted.next(), 6))


@dataclass(slots=True)
class Predictive:
    """The HPA's metrics and the model's forecast as one proposal."""

    metrics: tuple[Metric, ...]
    utilization: float
    smoothing: Smoothing = SMOOTHING
    _models: tuple[Model, ...] = field(default=(), init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Begin with the replica history that the weeks before would have left."""
        for metric in self.metrics:
            metric.reset(facts)
        recorded = Recorded()
        recorded.reset(facts)
        kept = STORED_SEASONS * self.smoothing.periods
        models = []
        for pool, row in zip(facts.pools, recorded.values, strict=True):
            per_server = target(pool, self.utilization) / MILLI
            known = np.maximum(np.ceil(np.nan_to_num(row) / per_server), pool.limits.min_servers)
            past = np.repeat(known, max(recorded.step // SYNC_SECONDS, 1))
            models.append(Model(self.smoothing, past[-kept:].tolist()))
        self._models = tuple(models)

    def propose(self, view: PolicyView) -> Sequence[int | None]:
        """Return the larger of what is calculated and what is predicted."""
        by_metric = [metric.propose(view) for metric in self.metrics]
        proposals: list[int | None] = []
        for index, (seen, model) in enumerate(zip(view.pools, self._models, strict=True)):
            calculated = largest([column[index] for column in by_metric], current=seen.size)
            proposals.append(
                None if calculated is None else max(calculated, model.predict(calculated))
            )
        return proposals

"""Crane's EffectiveHorizontalPodAutoscaler: an HPA to which DSP adds a predicted metric.

The prediction is refitted every 12 h (`--model-update-interval`) from 15 days of history, and the
HPA is given its maximum over the next hour. Where Crane finds no period of a day or a week, there
is no such metric. `sampleInterval` is a quarter-hour, the step of recorded demand.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from forecast.arrays import FloatArray
from simulations.policies.crane_dsp.prediction import predict
from simulations.policies.hpa_loop import HpaLoop
from simulations.policies.metrics.metric import share, target
from simulations.policies.metrics.participants import InTotal, PerServer
from simulations.policies.recorded import Recorded
from simulations.policy import PolicyView, WorldFacts

UPDATE_SECONDS = 12 * 3600
HISTORY_SECONDS = 15 * 86_400
FUTURE_SECONDS = 3600


def crane(target_utilization: float = 0.7) -> HpaLoop:
    """Make the policy; `target_utilization` is the share of a server's rating to aim at."""
    metrics = (
        PerServer(target_utilization),
        InTotal(target_utilization),
        Predicted(target_utilization),
    )
    return HpaLoop("crane-dsp", metrics)


@dataclass(slots=True)
class Predicted:
    """The predicted metric; without a prediction it asks for nothing and hinders nothing."""

    utilization: float
    _targets: tuple[int, ...] = field(default=(), init=False)
    _recorded: Recorded = field(default_factory=Recorded, init=False)
    _rng: np.random.Generator = field(init=False, repr=False)
    _cycles: list[FloatArray | None] = field(default_factory=list, init=False)
    _from: int = field(default=0, init=False)
    _due: int = field(default=0, init=False)

    def __post_init__(self) -> None:
        self._rng = np.random.default_rng(0)

    def reset(self, facts: WorldFacts) -> None:
        """Take every pool's rating and what was recorded; the first fit is due at once."""
        self._targets = tuple(target(pool, self.utilization) for pool in facts.pools)
        self._recorded.reset(facts)
        self._rng = np.random.default_rng(facts.seed)
        self._due = facts.start

    def propose(self, view: PolicyView) -> Sequence[int | None]:
        """Ask for the maximum predicted for the next hour."""
        self._recorded.update(view)
        if view.now >= self._due:
            self._due = view.now + UPDATE_SECONDS
            self._fit()
        step = self._recorded.step
        first = max((view.now - self._from) // step, 0)
        last = (view.now + FUTURE_SECONDS - self._from) // step + 1
        return [
            self._propose(cycle, first, last, current=seen.size, aim=aim)
            for seen, cycle, aim in zip(view.pools, self._cycles, self._targets, strict=True)
        ]

    def _propose(
        self, cycle: FloatArray | None, first: int, last: int, *, current: int, aim: int
    ) -> int | None:
        if cycle is None or first >= cycle.size:
            return 0
        return share(float(cycle[first:last].max()), current=current, target=aim)

    def _fit(self) -> None:
        recorded = self._recorded
        samples = HISTORY_SECONDS // recorded.step
        self._from = recorded.end
        self._cycles = [
            predict(row[-samples:], step=recorded.step, rng=self._rng) for row in recorded.values
        ]

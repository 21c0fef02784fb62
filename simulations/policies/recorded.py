"""Demand as Prometheus has recorded it, by pool, for policies that look back."""

from dataclasses import dataclass, field

import numpy as np

from forecast.arrays import FloatArray
from forecast.history import History
from simulations.policy import PolicyView, WorldFacts

WEEK_SECONDS = 7 * 86_400


@dataclass(slots=True)
class Recorded:
    """The newest history that a policy was shown, its rows in the order of the pools."""

    values: FloatArray = field(default_factory=lambda: np.zeros((0, 0)), init=False)
    start: int = field(default=0, init=False)
    step: int = field(default=1, init=False)
    _names: tuple[str, ...] = field(default=(), init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Begin with what was recorded before the run."""
        self._names = tuple(pool.name for pool in facts.pools)
        self._take(facts.history)

    def update(self, view: PolicyView) -> bool:
        """Take in what has been recorded since; say whether there was anything."""
        if view.history is None:
            return False
        self._take(view.history)
        return True

    @property
    def end(self) -> int:
        """Epoch seconds up to which demand is recorded."""
        return self.start + int(self.values.shape[1]) * self.step

    def largest(self, start: int, end: int) -> list[float | None]:
        """Return each pool's largest demand within [start, end); None where none is recorded."""
        first = max((start - self.start) // self.step, 0)
        last = max(-(-(end - self.start) // self.step), first)
        found: list[float | None] = []
        for row in self.values[:, first:last].tolist():
            known = [value for value in row if value == value]  # NaN is nothing
            found.append(max(known) if known else None)
        return found

    def _take(self, history: History) -> None:
        known = history.select(self._names)
        self.values = known.values.astype(np.float64, copy=False)
        self.start, self.step = known.start, known.step_seconds

"""KEDA's cron scaler: so many replicas within a window of the week, one outside it.

Mirrors pkg/scalers/cron_scaler.go: the metric is `desiredReplicas` between start and end and 1
otherwise, with an average target of 1, so that it is a floor that comes and goes. The window is
read off history as a person would: on the days whose peak is at least half of the highest, from
half an hour before demand passes half of that peak until it falls below it, in UTC.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np

from forecast.arrays import FloatArray
from simulations.policies.metrics.metric import MILLI, share, target
from simulations.policies.recorded import Recorded
from simulations.policy import PolicyView, WorldFacts

_DAY = 86_400
_WORTH_A_WINDOW = 0.5
_EARLIER_SECONDS = 1800


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """On `weekdays` (Monday is 0), from `start` until `end` in seconds of the day, UTC."""

    weekdays: frozenset[int]
    start: int
    end: int
    replicas: int

    def replicas_at(self, now: int) -> int:
        """Return the scaler's metric."""
        within = self.start <= now % _DAY < self.end
        open_today = datetime.fromtimestamp(now, UTC).weekday() in self.weekdays
        return self.replicas if within and open_today else 1


@dataclass(slots=True)
class Cron:
    """The scaler, its replicas sized for the window's usual peak at a target utilisation."""

    utilization: float
    _windows: tuple[Window, ...] = field(default=(), init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Read every pool's window off its history."""
        recorded = Recorded()
        recorded.reset(facts)
        self._windows = tuple(
            read_off(row, start=recorded.start, step=recorded.step, target=aim / MILLI)
            for row, aim in zip(
                recorded.values,
                [target(pool, self.utilization) for pool in facts.pools],
                strict=True,
            )
        )

    def propose(self, view: PolicyView) -> Sequence[int | None]:
        """Ask for the window's replicas; a clock always answers."""
        return [
            share(window.replicas_at(view.now), current=seen.size, target=MILLI)
            for seen, window in zip(view.pools, self._windows, strict=True)
        ]


def read_off(demand: FloatArray, *, start: int, step: int, target: float) -> Window:
    """Return the window that one series suggests; `target` is participants per server."""
    per_day = _DAY // step
    first = -start % _DAY // step
    days = (demand.size - first) // per_day
    if days < 1:
        return Window(weekdays=frozenset(), start=0, end=0, replicas=1)
    table = np.nan_to_num(demand[first : first + days * per_day]).reshape(days, per_day)
    peaks = table.max(axis=1)
    weekdays = (datetime.fromtimestamp(start + first * step, UTC).weekday() + np.arange(days)) % 7
    usual = {day: float(np.median(peaks[weekdays == day])) for day in set(weekdays.tolist())}
    highest = max(usual.values())
    busy = frozenset(day for day, peak in usual.items() if peak >= _WORTH_A_WINDOW * highest)
    shape = np.median(table[np.isin(weekdays, list(busy))], axis=0)
    above = np.flatnonzero(shape >= _WORTH_A_WINDOW * shape.max())
    return Window(
        weekdays=busy,
        start=max(int(above[0]) * step - _EARLIER_SECONDS, 0),
        end=(int(above[-1]) + 1) * step,
        replicas=max(-int(-highest // target), 1),
    )

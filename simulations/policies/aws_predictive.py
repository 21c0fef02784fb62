"""AWS predictive scaling (ForecastAndScale) beside a target tracking policy.

EC2 Auto Scaling user guide: hourly forecasts for 48 h from up to 14 days of history and no less
than 24 h, refreshed every 6 h; capacity is raised for each hour `SchedulingBufferTime` (300 s)
before it begins; a forecast never scales in; of several policies the largest capacity wins. The
model is AWS's own and not published. In its place stands the mean of the same hour of the week
over the 14 days (the same hour of the day with less than a week), of the load as recorded.
"""

import math
from dataclasses import dataclass, field

import numpy as np

from autoscaler.capacity.rating import rate
from forecast.arrays import FloatArray
from simulations.policies.recorded import Recorded
from simulations.policies.target_tracking import TargetTracking
from simulations.policy import Orders, PolicyView, PoolView, Removal, WorldFacts

HOUR = 3600
BUFFER_SECONDS = 300
REFRESH_SECONDS = 6 * HOUR
HORIZON_HOURS = 48
HISTORY_HOURS = 14 * 24
MIN_HISTORY_HOURS = 24
_DAY, _WEEK = 24, 7 * 24


@dataclass(slots=True)
class AwsPredictive:
    """The policy; `target_utilization` is the target of both policies, a share of the rating."""

    target_utilization: float = 0.7
    name: str = "aws-predictive"
    period_seconds: int = 60
    removal: Removal = Removal.REPLICA_SET
    _ratings: tuple[float, ...] = field(default=(), init=False)
    _tracking: tuple[TargetTracking, ...] = field(default=(), init=False)
    _recorded: Recorded = field(default_factory=Recorded, init=False)
    _forecasts: list[FloatArray] = field(default_factory=list, init=False)
    _first_hour: int = field(default=0, init=False)
    _due: int = field(default=0, init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Begin with what was recorded; the first forecast is due at once."""
        self._ratings = tuple(rate(pool.server, pool.mix).full for pool in facts.pools)
        self._tracking = tuple(TargetTracking(self.target_utilization) for _ in facts.pools)
        self._recorded.reset(facts)
        self._due = facts.start

    def decide(self, view: PolicyView) -> Orders:
        """Take the larger of what tracks the target and what the hour's forecast asks for."""
        self._recorded.update(view)
        if view.now >= self._due:
            self._due = view.now + REFRESH_SECONDS
            self._first_hour = view.now // HOUR
            self._forecasts = [
                hourly_forecast(hourly(row, self._recorded), first=self._first_hour)
                for row in self._recorded.values
            ]
        return Orders.of(
            max(
                self._tracked(tracking, seen, rating),
                scheduled(
                    forecast / (rating * self.target_utilization), view.now, self._first_hour
                ),
            )
            for tracking, seen, rating, forecast in zip(
                self._tracking, view.pools, self._ratings, self._forecasts, strict=True
            )
        )

    @staticmethod
    def _tracked(tracking: TargetTracking, seen: PoolView, rating: float) -> int:
        metric = None if seen.participants is None else seen.participants / rating
        return tracking.step(metric, in_service=seen.ready, size=seen.size)


def scheduled(capacity: FloatArray, now: int, first_hour: int) -> int:
    """Return the forecast's capacity, in servers, in force at `now`, buffer included."""
    hours = {now // HOUR - first_hour, (now + BUFFER_SECONDS) // HOUR - first_hour}
    known = [float(capacity[hour]) for hour in hours if 0 <= hour < capacity.size]
    return math.ceil(round(max(known, default=0.0), 6))


def hourly(row: FloatArray, recorded: Recorded) -> tuple[FloatArray, int]:
    """Return the mean load of each whole hour recorded, and the epoch hour of the first."""
    per_hour = HOUR // recorded.step
    skipped = -recorded.start % HOUR // recorded.step
    hours = max(row.size - skipped, 0) // per_hour
    table = row[skipped : skipped + hours * per_hour].reshape(hours, per_hour)
    known = np.isfinite(table)
    with np.errstate(invalid="ignore"):
        means = np.where(known, table, 0.0).sum(axis=1) / known.sum(axis=1)
    return means, (recorded.start + skipped * recorded.step) // HOUR


def hourly_forecast(history: tuple[FloatArray, int], *, first: int) -> FloatArray:
    """Return the load of 48 hours from epoch hour `first`; empty without a day of history."""
    load, start = history[0][-HISTORY_HOURS:], history[1] + max(history[0].size - HISTORY_HOURS, 0)
    if load.size < MIN_HISTORY_HOURS:
        return np.zeros(0)
    cycle = _WEEK if load.size >= _WEEK else _DAY
    phases = (start + np.arange(load.size)) % cycle
    known = np.isfinite(load)
    sums = np.bincount(phases[known], weights=load[known], minlength=cycle)
    counts = np.bincount(phases[known], minlength=cycle)
    usual = sums / np.maximum(counts, 1)
    return usual[(first + np.arange(HORIZON_HOURS)) % cycle]

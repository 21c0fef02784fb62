"""What forecast and calendar ask of the pools, vectorised over pools and steps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from autoscaler.capacity.rating import Rating, rate
from autoscaler.capacity.servers import ROUNDING, servers_for
from autoscaler.capacity.zones import with_zones_lost
from autoscaler.planner.envelope import FloatArray, IntArray, causes, ramp_feasible
from autoscaler.planner.pool_limits import pool_limits
from autoscaler.planner.run_out import RunOut
from autoscaler.planner.settings import PoolSettings, ReleasePolicy
from autoscaler.planner.surge import UPPER_QUANTILE
from autoscaler.planner.weeks import WeeklyPeaks
from forecast.calendar import Event
from forecast.result import Forecast, ForecastMode


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Path:
    """One pool's forecast, in plain numbers, one entry per step: lists, or rows of the batch.

    `demand` are participants at the pool's risk quantile, `median` those expected in the middle,
    `upper` what history explains at most,
    `guests` what comes on top if the dearest pool of the failover reserve is lost.
    `supply` are the servers (before reserve) of the ramp-feasible envelope, and `cause` the step
    whose demand each is there for. `floors` are the same with reserve and bounds, `kept` what the
    stabilization window makes of them where floors may fall (None: they may not). `following` are
    the floors of following demand alone, should it go by the median.
    """

    start: int
    step_seconds: int
    mode: ForecastMode
    demand: Sequence[float]
    median: Sequence[float]
    upper: Sequence[float]
    guests: Sequence[float]
    supply: Sequence[float]
    cause: Sequence[int]
    floors: Sequence[int]
    kept: Sequence[int] | None
    following: Sequence[int]

    def index(self, time: int) -> int:
        """Return the step that `time` is in, which may lie before the first or past the last."""
        return (time - self.start) // self.step_seconds

    def time(self, index: int) -> int:
        """Return when a step begins."""
        return self.start + index * self.step_seconds


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PoolOutlook:
    """What lies ahead of a pool; `ramp` servers (before reserve) may begin to serve a second."""

    settings: PoolSettings
    rating: Rating
    ramp: float
    path: Path | None
    events: tuple[Event, ...]
    limits: tuple[RunOut, ...] = ()


def look_ahead(
    pools: Sequence[PoolSettings],
    *,
    forecast: Forecast | None,
    events: Sequence[Event],
    weeks: WeeklyPeaks | None = None,
    limits: Mapping[str, tuple[RunOut, ...]] | None = None,
) -> dict[str, PoolOutlook]:
    """Return every pool's outlook, by name; `limits` are what `pool_limits` found, if it did."""
    ratings = [rate(pool.server, pool.mix) for pool in pools]
    ramps = [_ramp(pool) for pool in pools]
    paths = _paths(pools, ratings, ramps, forecast) if forecast is not None else {}
    if limits is None:
        found = pool_limits(pools, ratings, weeks=weeks)
        limits = {pool.name: each for pool, each in zip(pools, found, strict=True)}
    return {
        pool.name: PoolOutlook(
            settings=pool,
            rating=rating,
            ramp=ramp,
            path=paths.get(pool.name),
            events=tuple(event for event in events if event.concerns(pool.name)),
            limits=limits[pool.name],
        )
        for pool, rating, ramp in zip(pools, ratings, ramps, strict=True)
    }


def _ramp(pool: PoolSettings) -> float:
    """Of the servers launched a second, the part that is not reserve.

    Over the longest pause between two decisions no more can be counted on than the bucket holds.
    """
    limits = pool.limits
    usable = (pool.reserve.zones - pool.reserve.zones_lost) / pool.reserve.zones
    launched = min(limits.launch_per_minute / 60.0, limits.launch_burst / pool.review_seconds)
    return max(0.0, launched) * usable


def _paths(
    pools: Sequence[PoolSettings],
    ratings: Sequence[Rating],
    ramps: Sequence[float],
    forecast: Forecast,
) -> dict[str, Path]:
    rows = {name: row for row, name in enumerate(forecast.series_ids)}
    known = [i for i, pool in enumerate(pools) if pool.name in rows]
    if not known:
        return {}
    index = [rows[pools[i].name] for i in known]
    demand = _at_quantiles([pools[i].quantile for i in known], index, forecast)
    # However a forecast was made or kept: what is not a number of participants asks for nobody.
    demand = np.where(np.isfinite(demand), np.maximum(demand, 0.0), 0.0)
    median = forecast.at_quantile(0.5)[index]
    upper = forecast.at_quantile(UPPER_QUANTILE)[index]
    each = np.array([ratings[i].per_server for i in known])[:, None]
    there = [pools[i] for i in known]
    guests = _guests(there, demand)
    need = servers_for(demand + guests, each)
    # No pool can use more than its maximum, and a poisoned step must not ask for more by the ramp.
    need = np.minimum(need, np.array([pools[i].limits.max_servers for i in known])[:, None])
    ramp = np.array([ramps[i] for i in known]) * forecast.step_seconds
    supply, cause = ramp_feasible(need, ramp), causes(need, ramp)
    middle = np.where(np.isfinite(median), np.maximum(median, 0.0), 0.0)
    following = _bounded(there, servers_for(middle + _guests(there, middle), each))
    floors = _bounded(there, supply)
    return {
        pool.name: Path(
            start=forecast.start,
            step_seconds=forecast.step_seconds,
            mode=forecast.modes[index[k]],
            demand=memoryview(demand[k]),
            median=memoryview(median[k]),
            upper=memoryview(upper[k]),
            guests=memoryview(guests[k]),
            supply=memoryview(supply[k]),
            cause=memoryview(cause[k]),
            floors=floors[k].tolist(),
            kept=_kept(pool, floors[k], step_seconds=forecast.step_seconds),
            following=memoryview(following[k]),
        )
        for k, pool in enumerate(there)
    }


def _kept(pool: PoolSettings, floors: IntArray, *, step_seconds: int) -> Sequence[int] | None:
    """Return what the stabilization window makes of floors; None where they may not fall."""
    if pool.release.policy is ReleasePolicy.NEVER:
        return None
    window = max(1, -(-pool.release.stabilization_seconds // step_seconds))
    kept: list[int] = _trailing_max(floors, window).tolist()
    return kept


def _bounded(pools: Sequence[PoolSettings], unreserved: FloatArray) -> IntArray:
    """Return whole servers with reserve, within each pool's bounds."""
    least, most, zones, lost = np.array(
        [
            (
                pool.limits.min_servers,
                pool.limits.max_servers,
                pool.reserve.zones,
                pool.reserve.zones_lost,
            )
            for pool in pools
        ]
    ).T[:, :, None]
    whole = np.minimum(np.ceil(unreserved - ROUNDING), most).astype(np.int64)
    floors: IntArray = np.clip(with_zones_lost(whole, zones=zones, zones_lost=lost), least, most)
    return floors


def _guests(pools: Sequence[PoolSettings], demand: FloatArray) -> FloatArray:
    """Return what each pool takes in if the dearest pool of its failover reserve is lost."""
    rows = {pool.name: row for row, pool in enumerate(pools)}
    guests = np.zeros_like(demand)
    for row, pool in enumerate(pools):
        for other in pool.reserve.failover:
            if (lost := rows.get(other.pool)) is not None:
                np.maximum(guests[row], demand[lost] * other.share, out=guests[row])
    return guests


def _trailing_max(values: IntArray, window: int) -> IntArray:
    """Return at each step the most of it and the `window` steps before it."""
    highest = values.copy()
    for lag in range(1, min(window, values.size - 1) + 1):
        np.maximum(highest[lag:], values[:-lag], out=highest[lag:])
    return highest


def _at_quantiles(quantiles: Sequence[float], index: list[int], forecast: Forecast) -> FloatArray:
    paths = {quantile: forecast.at_quantile(quantile) for quantile in sorted(set(quantiles))}
    return np.stack([paths[q][row] for q, row in zip(quantiles, index, strict=True)])

"""What bounds a pool, as the demand at which it bites and the dates on which growth gets there."""

from collections.abc import Sequence

import numpy as np

from autoscaler.capacity.rating import Rating
from autoscaler.capacity.servers import participants_on
from autoscaler.planner.money import affordable_servers
from autoscaler.planner.run_out import RunOut, named, run_out
from autoscaler.planner.settings import PoolSettings
from autoscaler.planner.trend import trend
from autoscaler.planner.weeks import WeeklyPeaks

_NAMES = ("maxReplicas", "quota", "maxHourly")


def pool_limits(
    pools: Sequence[PoolSettings], ratings: Sequence[Rating], *, weeks: WeeklyPeaks | None
) -> list[tuple[RunOut, ...]]:
    """Return each pool's limits: those that its owner set, and no others.

    A limit bites at the demand that its servers hold once the reserve is lost.
    """
    demand = np.array([_demand(pool, rate) for pool, rate in zip(pools, ratings, strict=True)])
    demand = demand.reshape(len(pools), len(_NAMES))
    p50 = p90 = np.full(demand.shape, np.nan)
    if weeks is not None and pools:
        names = [pool.name for pool in pools]
        grown, running = trend(weeks.of(names)), weeks.running_of(names)
        p50, p90 = run_out(grown, demand, running=running, monday=weeks.monday)
    found = []
    for row in range(len(pools)):
        there = np.flatnonzero(np.isfinite(demand[row]))
        names = [_NAMES[each] for each in there]
        found.append(named(names, demand[row, there], p50[row, there], p90[row, there]))
    return found


def _demand(pool: PoolSettings, rating: Rating) -> list[float]:
    limits, price = pool.limits, pool.server.hourly_cost
    paid = None
    if limits.max_hourly_cost is not None and price > 0.0:
        paid = affordable_servers(limits.max_hourly_cost, price)
    return [
        float("inf")
        if servers is None
        else float(
            participants_on(
                servers,
                per_server=rating.per_server,
                zones=pool.reserve.zones,
                zones_lost=pool.reserve.zones_lost,
            )
        )
        for servers in (limits.max_servers, limits.quota, paid)
    ]

"""What bounds a pool, as the demand at which it bites and the dates on which growth gets there."""

from collections.abc import Sequence

import numpy as np

from autoscaler.capacity.rating import Rating
from autoscaler.capacity.servers import participants_on
from autoscaler.planner.money import affordable_servers
from autoscaler.planner.run_out import MAX_HOURLY, MAX_REPLICAS, RunOut, named, run_out
from autoscaler.planner.settings import PoolSettings
from autoscaler.planner.trend import trend
from autoscaler.planner.weeks import WeeklyPeaks


def pool_limits(
    pools: Sequence[PoolSettings], ratings: Sequence[Rating], *, weeks: WeeklyPeaks | None
) -> list[tuple[RunOut, ...]]:
    """Return each pool's limits: those that its owner set, and no others.

    A limit bites at the demand that its servers hold once the reserve is lost.
    """
    said = [_limits(pool) for pool in pools]
    demand = np.full((len(pools), max((len(each) for each in said), default=0)), np.inf)
    for row, (pool, rating) in enumerate(zip(pools, ratings, strict=True)):
        demand[row, : len(said[row])] = [
            _held(servers, pool, rating) for servers in said[row].values()
        ]
    p50 = p90 = np.full(demand.shape, np.nan)
    if weeks is not None and pools:
        names = [pool.name for pool in pools]
        grown, running = trend(weeks.of(names)), weeks.running_of(names)
        p50, p90 = run_out(grown, demand, running=running, monday=weeks.monday)
    return [
        named(list(each), demand[row, : len(each)], p50[row, : len(each)], p90[row, : len(each)])
        for row, each in enumerate(said)
    ]


def _limits(pool: PoolSettings) -> dict[str, int]:
    """Return the most servers that each limit allows, by the name that its reason gives it."""
    limits, price = pool.limits, pool.server.hourly_cost
    said = {MAX_REPLICAS: limits.max_servers}
    said |= {each.name: each.servers for each in limits.supply}
    if limits.max_hourly_cost is not None and price > 0.0:
        said[MAX_HOURLY] = affordable_servers(limits.max_hourly_cost, price)
    return said


def _held(servers: int, pool: PoolSettings, rating: Rating) -> float:
    reserve = pool.reserve
    held = participants_on(
        servers,
        per_server=rating.per_server,
        zones=reserve.zones,
        zones_lost=reserve.zones_lost,
    )
    return float(held)

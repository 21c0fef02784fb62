"""What the pools of a link send through it: now, by the forecast, and by growth."""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from autoscaler.engine.observation import LinkObservation
from autoscaler.engine.pool import Prepared
from autoscaler.planner.links import Expected
from autoscaler.planner.links.growth import LinkOutlook, look_at_growth
from autoscaler.planner.outlook import Path
from autoscaler.planner.weeks import WeeklyPeaks
from forecast.result import ForecastMode

_REMEMBERED = 1024
"""Mixes that are declared are the same at every tick."""
GrowthMemo = dict[str, tuple[object, LinkOutlook]]
PathMemo = dict[str, tuple[object, Expected]]


def users_of(link: LinkObservation, pools: Sequence[Prepared]) -> list[Prepared]:
    """Return the pools that send through a link."""
    return [pool for pool in pools if link.settings.name in pool.observed.settings.links]


def mbps_each(link: LinkObservation, users: Sequence[Prepared]) -> list[float]:
    """Return Mbit/s per participant of each pool: its media mix, or else what the link measures."""
    measured = 0.0
    present = sum(pool.sight.participants for pool in users if pool.sight is not None)
    if link.used_mbps is not None and present > 0.0 and all(pool.sight for pool in users):
        measured = link.used_mbps / present
    return [pool.observed.settings.mix.egress_mbps or measured for pool in users]


def used_now(
    link: LinkObservation, users: Sequence[Prepared], each: Sequence[float]
) -> float | None:
    """Return what the link carries: measured, or else what observed participants send."""
    seen = [
        (pool.sight, mbps) for pool, mbps in zip(users, each, strict=True) if pool.sight is not None
    ]
    if link.used_mbps is not None or not seen:
        return link.used_mbps
    return sum(sight.participants * mbps for sight, mbps in seen)


def expected(
    link: LinkObservation,
    users: Sequence[Prepared],
    each: Sequence[float],
    *,
    growth: LinkOutlook | None,
    memo: PathMemo,
    now: int,
) -> Expected:
    """Return what the pools will send; summed anew when what one participant sends has changed."""
    key = (tuple(each), growth)
    known = memo.get(link.settings.name)
    if known is not None and known[0] == key:
        return known[1]
    found = _sum(users, each, growth=growth, now=now)
    if found.path:
        memo[link.settings.name] = (key, found)
    return found


def _sum(
    users: Sequence[Prepared], each: Sequence[float], *, growth: LinkOutlook | None, now: int
) -> Expected:
    """Sum what the pools will send, each at its own risk quantile: the sum is on the safe side."""
    # Every path comes from the one forecast: they share a grid.
    paths = [
        (path, pool, mbps)
        for pool, mbps in zip(users, each, strict=True)
        if (path := _trusted_path(pool)) is not None
    ]
    monday, weekly = (growth.monday, growth.weekly) if growth is not None else (0, ())
    if not paths:
        return Expected(start=now, step_seconds=1, path=(), monday=monday, weekly=weekly)
    grid = paths[0][0]
    total = np.sum(
        [np.minimum(np.asarray(path.demand) * mbps, _most(pool)) for path, pool, mbps in paths],
        axis=0,
    )
    return Expected(
        start=grid.start,
        step_seconds=grid.step_seconds,
        path=total.tolist(),
        monday=monday,
        weekly=weekly,
    )


def growth_of(
    link: LinkObservation,
    users: Sequence[Prepared],
    each: Sequence[float],
    *,
    weeks: WeeklyPeaks | None,
    memo: GrowthMemo,
) -> LinkOutlook | None:
    """Return what growth makes of a link's traffic; found anew when what is sent has changed."""
    if weeks is None or not users or not all(each):
        return None
    # To two digits, or a measured mix would be another one at every tick.
    rounded = tuple([_to_two_digits(mbps) for mbps in each])
    names = tuple([pool.observed.settings.name for pool in users])
    key = (link.settings, names, rounded)
    known = memo.get(link.settings.name)
    if known is not None and known[0] == key:
        return known[1]
    found = look_at_growth(link.settings, weeks, pools=names, mbps_each=rounded)
    memo[link.settings.name] = (key, found)
    return found


@lru_cache(maxsize=_REMEMBERED)
def _to_two_digits(mbps: float) -> float:
    return float(f"{mbps:.2g}")


def _most(pool: Prepared) -> float:
    """Return the Mbit/s that all servers a pool may have can send: no forecast needs more."""
    settings = pool.observed.settings
    each = settings.server.egress_mbps
    return settings.limits.max_servers * each if each > 0.0 else np.inf


def _trusted_path(pool: Prepared) -> Path | None:
    path = pool.outlook.path
    return None if path is None or path.mode is ForecastMode.COLD_START else path

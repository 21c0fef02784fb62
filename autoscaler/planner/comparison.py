"""What a plan costs beside only following demand, over the same hours and the same demand."""

from collections.abc import Sequence
from dataclasses import dataclass

from autoscaler.planner.outlook import Path, PoolOutlook
from autoscaler.planner.settings import Limits
from forecast.result import ForecastMode

_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Money for the plan, and for reactive need alone."""

    planned: float
    reactive_only: float


@dataclass(frozen=True, slots=True)
class Rise:
    """A capacity that serves from `at` on: servers, or Mbit/s in total."""

    at: int
    to: float


def compare_pool(
    outlook: PoolOutlook,
    *,
    floor: int,
    previous: int,
    rises: Sequence[Rise],
    now: int,
    until: int | None = None,
) -> Comparison | None:
    """Price the hours from `now` to the end of the forecast, or `until`; None without a price.

    Planned is what the `floor` of now and the dated `rises` keep, each counted from serving on and
    as if approved, and never fewer than following demand keeps. Reactive-only starts at the
    `previous` floor and keeps what demand needs if it goes by the forecast's median (announced
    events in it): no quantile, no headroom, nothing ahead of time; reserve, bounds and quota
    included. Both fall only where, and as late as, the pool's release policy lets a floor fall.
    """
    price, path = outlook.settings.server.hourly_cost, outlook.path
    if price <= 0.0 or path is None:
        return None
    until = path.time(len(path.floors)) if until is None else until
    following = _following(outlook, path, previous)
    plan = _planned(path, floor, rises)
    planned = [max(pair) for pair in zip(plan, following, strict=True)]
    return Comparison(
        planned=_server_hours(path, planned, now=now, until=until) * price,
        reactive_only=_server_hours(path, following, now=now, until=until) * price,
    )


def _planned(path: Path, floor: int, rises: Sequence[Rise]) -> list[int]:
    ordered = sorted(rises, key=lambda rise: rise.at)
    falls = path.kept is not None and path.mode is not ForecastMode.COLD_START
    levels, level, done = [], floor, 0
    for index in range(len(path.floors)):
        rising = False
        while done < len(ordered) and ordered[done].at < path.time(index + 1):
            level, rising, done = max(level, int(ordered[done].to)), True, done + 1
        if falls and path.kept is not None and not rising:
            level = min(level, path.kept[index])
        levels.append(level)
    return levels


def _following(outlook: PoolOutlook, path: Path, previous: int) -> list[int]:
    release, limits = outlook.settings.release, outlook.settings.limits
    window = max(1, -(-release.stabilization_seconds // path.step_seconds))
    needs = [min(need, _most(limits, previous)) for need in path.following]
    levels, level = [], previous
    for index, need in enumerate(needs):
        kept = level if path.kept is None else max(needs[max(0, index - window) : index + 1])
        level = max(need, min(level, kept))
        levels.append(level)
    return levels


def _most(limits: Limits, previous: int) -> int:
    quota = limits.max_servers if limits.quota is None else limits.quota
    return max(quota, previous)


def _server_hours(path: Path, levels: Sequence[int], *, now: int, until: int) -> float:
    """Integrate from `now` to `until`; past the path's end the last level goes on."""
    total = 0
    for index, level in enumerate(levels):
        last = index == len(levels) - 1
        end = until if last else min(until, path.time(index + 1))
        total += level * max(0, end - max(now, path.time(index)))
    return total / _HOUR

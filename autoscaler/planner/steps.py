"""The plan: when the floor will have to rise within the forecast's reach, by how much, and why."""

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from autoscaler.capacity.zones import with_zones_lost
from autoscaler.planner.outlook import Path, PoolOutlook
from autoscaler.planner.settings import ReleasePolicy
from forecast.result import ForecastMode

MOST_STEPS = 12
"""A plan of more steps is not read; neighbours are ordered together, at the earliest of their
times.
"""
_SLACK = 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class Rise:
    """Servers `to` must serve from `serve_at` on, for `participants` expected at `due`."""

    serve_at: int
    from_: int
    to: int
    participants: float
    due: int


def rises(outlook: PoolOutlook, *, floor: int, after: int) -> tuple[Rise, ...]:
    """Return the rises above `floor` that come due past `after`, at most 12, in order.

    Where floors fall again (release WhenEmpty), the planned floor falls once a need is older than
    the stabilization window, and the next morning's rise is a step again.
    """
    path = outlook.path
    if path is None or path.mode is ForecastMode.COLD_START:
        return ()
    found = list(_rises(outlook, path, floor=floor, after=after))
    size = math.ceil(len(found) / MOST_STEPS) or 1
    return tuple(_together(found[i : i + size]) for i in range(0, len(found), size))


def _rises(outlook: PoolOutlook, path: Path, *, floor: int, after: int) -> Iterator[Rise]:
    settings = outlook.settings
    reserve, limits = settings.reserve, settings.limits
    window = _window(outlook, path)
    level, recent = floor, [floor] * window
    for index in range(max(path.index(after) + 1, 0), len(path.supply)):
        unreserved = math.ceil(path.supply[index] - _SLACK)
        need = with_zones_lost(unreserved, zones=reserve.zones, zones_lost=reserve.zones_lost)
        need = max(limits.min_servers, min(need, limits.max_servers))
        if window:
            recent = [*recent[1:], need]
            level = min(level, max(recent))
        if need > level:
            cause = path.cause[index]
            yield Rise(
                serve_at=path.time(index),
                from_=level,
                to=need,
                participants=path.demand[cause],
                due=path.time(cause),
            )
            level = need


def _window(outlook: PoolOutlook, path: Path) -> int:
    """Return for how many steps a need is remembered; 0: for good."""
    release = outlook.settings.release
    if release.policy is ReleasePolicy.NEVER:
        return 0
    return max(1, math.ceil(release.stabilization_seconds / path.step_seconds))


def _together(group: Sequence[Rise]) -> Rise:
    highest = max(group, key=lambda rise: rise.to)
    return Rise(
        serve_at=group[0].serve_at,
        from_=group[0].from_,
        to=highest.to,
        participants=highest.participants,
        due=highest.due,
    )

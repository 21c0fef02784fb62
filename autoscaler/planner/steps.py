"""The plan: when the floor will have to rise within the forecast's reach, by how much, and why."""

import math
from collections.abc import Sequence
from operator import itemgetter
from typing import NamedTuple, TypeAlias

from autoscaler.planner.outlook import Path
from forecast.result import ForecastMode

MOST_STEPS = 12
"""A plan of more steps is not read: neighbours are ordered together, when the first is due."""


class Rise(NamedTuple):
    """Servers `to` must serve from `serve_at` on, for `participants` (and `guests`) at `due`."""

    serve_at: int
    from_: int
    to: int
    participants: float
    guests: float
    due: int


def rises(path: Path, *, floor: int, after: int) -> tuple[Rise, ...]:
    """Return the rises above `floor` that come due past `after`, at most 12, in order.

    Where floors fall again, the planned floor falls once a need is older than the stabilization
    window, and the next morning's rise is a step again.
    """
    if path.mode is ForecastMode.COLD_START:
        return ()
    found = _found(path, floor=floor, after=after)
    size = math.ceil(len(found) / MOST_STEPS) or 1
    return tuple([_together(path, found[i : i + size]) for i in range(0, len(found), size)])


_Found: TypeAlias = tuple[int, int, int]
"""Step, servers before, servers after."""
_AFTER = itemgetter(2)


def _found(path: Path, *, floor: int, after: int) -> list[_Found]:
    level, found, kept = floor, [], path.kept
    first = max(path.index(after) + 1, 0)
    for index, needed in enumerate(path.floors[first:], first):
        if needed > level:
            found.append((index, level, needed))
            level = needed
        elif kept is not None and kept[index] < level:
            level = kept[index]
    return found


def _together(path: Path, group: Sequence[_Found]) -> Rise:
    first, from_, _ = group[0]
    highest, _, to = max(group, key=_AFTER)
    cause = path.cause[highest]
    return Rise(
        serve_at=path.time(first),
        from_=from_,
        to=to,
        participants=path.demand[cause],
        guests=path.guests[cause],
        due=path.time(cause),
    )

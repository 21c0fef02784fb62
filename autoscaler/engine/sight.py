"""Whether demand can be trusted, and what it says of the pool."""

import math
from collections.abc import Mapping

from autoscaler.engine.observation import Demand, DemandState, PoolObservation
from autoscaler.planner.outlook import Path
from autoscaler.planner.require import Sight
from autoscaler.planner.state import PoolState
from forecast.result import ForecastMode

_ROOM_LEFT = 0.8
"""With less of the serving servers full than this, refusals are not for want of servers."""
_SOON_SECONDS, _MOVING = 3600, 1.1
"""Medians that differ by this factor within that time tell of demand that does not stand still."""


def participants_seen(demand: Demand) -> float | None:
    """Return demand that a decision may rest on; None is blindness. Unknown is not zero."""
    participants = demand.participants
    if participants is None or not demand.state.trusted:
        return None
    if not math.isfinite(participants) or participants < 0.0:
        return None
    return participants


def hangs(
    observed: PoolObservation, before: PoolState | None, path: Path | None, *, now: int
) -> bool:
    """Say whether demand stands still while it should move: an exporter that hangs.

    Where it is expected to stand still it may: a load test does.
    """
    participants = observed.demand.participants
    if before is None or path is None or participants is None:
        return False
    return before.still.hangs(participants, now=now) and _moves(path, now=now)


def _moves(path: Path, *, now: int) -> bool:
    """Say whether demand is expected to change noticeably within an hour."""
    if path.mode is ForecastMode.COLD_START:
        return False
    at, steps = max(path.index(now), 0), _SOON_SECONDS // path.step_seconds
    expected = path.median[at : at + steps + 1]
    return len(expected) > 0 and max(expected) > _MOVING * min(expected)


def sight(
    observed: PoolObservation, seen: Mapping[str, float | None], *, full: float
) -> Sight | None:
    """Return what demand says of a pool; None is blindness.

    `seen` are the participants of every pool (None: blind), `full` what one server is rated for.
    """
    demand, settings = observed.demand, observed.settings
    participants = seen[settings.name]
    if participants is None:
        return None
    censored = demand.state is DemandState.CENSORED
    refused = demand.refused if math.isfinite(demand.refused) else 0.0
    room = _ROOM_LEFT * observed.inventory.ready * full
    guests = 0.0
    for other in settings.reserve.failover:
        guests = max(guests, (seen.get(other.pool) or 0.0) * other.share)
    return Sight(
        participants=participants,
        censored=censored,
        refused=refused,
        relieved=censored and refused > 0.0 and participants < room,
        guests=guests,
    )

"""What a tick's observation changes in what is remembered of a pool, before anything is decided."""

from autoscaler.capacity.servers import servers_for_one
from autoscaler.engine.observation import PoolObservation
from autoscaler.leadtime.approvals import Approvals
from autoscaler.leadtime.tracker import Tracker
from autoscaler.planner.growth import Growth
from autoscaler.planner.guards.launch_rate import refilled
from autoscaler.planner.outlook import PoolOutlook
from autoscaler.planner.refusals import NOBODY_REFUSED
from autoscaler.planner.require import Sight
from autoscaler.planner.settings import Mode
from autoscaler.planner.spend import Spend
from autoscaler.planner.state import PoolState
from autoscaler.planner.stillness import NOTHING_READ
from autoscaler.planner.surge import SurgeWatch
from forecast.result import ForecastMode

_SURGE_MARGIN = 1.1
"""How far demand must be above what history explains, to count as above it."""
_AWAY = 2.0
"""Longer than so many of the longest pauses between two decisions, nobody looked."""


def take_in(
    observed: PoolObservation,
    before: PoolState | None,
    *,
    sight: Sight | None,
    outlook: PoolOutlook,
    now: int,
) -> PoolState | None:
    """Return the state with this observation taken in; None until demand was trusted once."""
    if before is None:
        return _begin(observed, sight, outlook, now=now) if sight is not None else None
    inventory, settings = observed.inventory, observed.settings
    lead = before.lead
    if inventory.known:
        lead = lead.looked(ready=inventory.ready, prior_seconds=settings.lead_time_seconds, now=now)
    seconds = max(0, now - before.at)
    tokens = refilled(before.tokens, limits=settings.limits, seconds=seconds)
    seen = sight is not None
    # An operator that was away did not see either.
    unseen = before.blind_since is not None or seconds > _AWAY * settings.review_seconds
    blind_since = before.blind_since if before.blind_since is not None else now
    return PoolState(
        at=now,
        floor=before.floor,
        demand=sight.participants if sight else before.demand,
        demand_at=now if seen else before.demand_at,
        blind_since=None if seen else blind_since,
        sighted_at=now if seen and unseen else before.sighted_at,
        surge=_surge(before.surge, sight, outlook, now=now) if sight else before.surge,
        growth=before.growth.seen(sight.participants, now=now) if sight else before.growth,
        lead=lead,
        tokens=tokens,
        peaks=before.peaks,
        released_at=before.released_at,
        approvals=before.approvals,
        spend=_spend(observed, before, now=now),
        recovered_at=now if seen and unseen else before.recovered_at,
        refusals=before.refusals.looked(refused=sight.censored, now=now)
        if sight
        else before.refusals,
        still=before.still.looked(observed.demand.participants, now=now),
    )


def _spend(observed: PoolObservation, before: PoolState, *, now: int) -> Spend:
    """Count what servers cost since the last look; draining ones are paid for too."""
    settings, inventory = observed.settings, observed.inventory
    if settings.limits.max_monthly_cost is None:
        return before.spend
    servers = before.floor
    if inventory.known:
        servers = inventory.ready + inventory.pending + inventory.draining
    hourly = servers * settings.server.hourly_cost
    return before.spend.after(hourly=hourly, since=before.at, now=now)


def floor_in_force(observed: PoolObservation, before: PoolState | None) -> int:
    """Return the floor that this tick starts from.

    It is the number on the target. Where nothing is ever written (Observe) it is what would have
    been; at first sight of a target without a number it is what is there.
    """
    inventory = observed.inventory
    if before is not None and observed.settings.mode is Mode.OBSERVE:
        return before.floor
    if inventory.floor is not None:
        return inventory.floor
    return before.floor if before is not None else inventory.ready + inventory.pending


def _begin(observed: PoolObservation, sight: Sight, outlook: PoolOutlook, *, now: int) -> PoolState:
    settings = observed.settings
    return PoolState(
        at=now,
        floor=floor_in_force(observed, None),
        demand=sight.participants,
        demand_at=now,
        blind_since=None,
        sighted_at=now,
        surge=_surge(SurgeWatch(), sight, outlook, now=now),
        growth=Growth.begin(sight.participants, now=now),
        lead=Tracker.begin(
            ready=observed.inventory.ready, prior_seconds=settings.lead_time_seconds
        ),
        tokens=float(settings.limits.launch_burst),
        peaks=(),
        released_at=now,
        approvals=Approvals(),
        refusals=NOBODY_REFUSED.looked(refused=sight.censored, now=now),
        still=NOTHING_READ.looked(observed.demand.participants, now=now),
    )


def explained(outlook: PoolOutlook, *, now: int) -> float | None:
    """Return the most participants that history explains now; None where it cannot say."""
    path = outlook.path
    if path is None or path.mode is ForecastMode.COLD_START:
        return None
    index = path.index(now)
    return path.upper[index] if 0 <= index < len(path.upper) else None


def _surge(watch: SurgeWatch, sight: Sight, outlook: PoolOutlook, *, now: int) -> SurgeWatch:
    """Above what history explains, by a margin, and by enough to need another server."""
    upper = explained(outlook, now=now)
    above = upper is not None and sight.participants > upper * _SURGE_MARGIN
    if above and upper is not None:
        per_server = outlook.rating.per_server
        servers = servers_for_one(sight.participants, per_server)
        above = servers > servers_for_one(max(upper, 0.0), per_server)
    outside = outlook.path is not None and outlook.path.mode is ForecastMode.OUTSIDE_HISTORY
    return watch.looked(above=above, outside_history=outside, now=now)

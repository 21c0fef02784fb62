"""One observation of a world that somebody imagines, as the operator would have made it."""

import math
from collections.abc import Mapping, Sequence

from autoscaler.engine.observation import (
    Demand,
    DemandState,
    LinkObservation,
    Observation,
    PoolObservation,
)
from autoscaler.planner.inventory import Inventory
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.occurrences import occurrences
from autoscaler.resources.settings import (
    link_controls,
    link_settings,
    pool_controls,
    pool_settings,
)
from autoscaler.whatif.world import PlannedPool, World
from forecast.calendar import DAY, Event
from forecast.history import History, PointState

_BEHIND, _AHEAD = 28 * DAY, 15 * DAY
"""Past occurrences teach what an event is worth; ahead is the longest horizon planned for."""
_STATES = {
    PointState.OBSERVED: DemandState.OBSERVED,
    PointState.CENSORED: DemandState.OBSERVED,  # of the interval that is not over yet
    PointState.STALE: DemandState.STALE,
    PointState.PARTIAL: DemandState.PARTIAL,
    PointState.MISSING: DemandState.EMPTY,
}


def imagine(
    world: World,
    history: History,
    *,
    ready: Mapping[str, int],
    events: Sequence[Event],
    now: int,
) -> Observation:
    """Return the observation: demand is the history's last, `ready` servers are there by pool key.

    `events` come on top of those that the world's own resources announce. Raises SpecError for a
    schedule or holiday calendar that there is not.
    """
    announced = occurrences(world.events, pools=world.pools, start=now - _BEHIND, end=now + _AHEAD)
    return Observation(
        now=now,
        pools=tuple(
            _pool(world, pool, _demand(history, pool.key, now=now), ready[pool.key], now=now)
            for pool in world.pools
        ),
        links=tuple(_link(world, link, history, now=now) for link in world.links),
        events=(*announced, *events),
        history=history,
    )


def _pool(
    world: World, pool: PlannedPool, demand: Demand, ready: int, *, now: int
) -> PoolObservation:
    pending = 0 if pool.inventory is None else pool.inventory.pending
    return PoolObservation(
        settings=pool_settings(pool, mix=pool.media_mix),
        demand=demand,
        inventory=Inventory(
            floor=ready + pending, ready=ready, pending=pending, draining=0, occupied=ready
        ),
        controls=pool_controls(pool, plans=world.plans, now=now),
    )


def _demand(history: History, key: str, *, now: int) -> Demand:
    if key not in history.series_ids or not history.points:
        return Demand(state=DemandState.EMPTY, participants=None, sample_time=None)
    row = history.series_ids.index(key)
    value = float(history.values[row, -1])
    state = _STATES[PointState(int(history.states[row, -1]))]
    if not math.isfinite(value):
        return Demand(state=DemandState.EMPTY, participants=None, sample_time=None)
    if state is DemandState.OBSERVED and value == 0.0:
        state = DemandState.ZERO
    return Demand(state=state, participants=value, sample_time=now)


def _link(world: World, link: EgressLink, history: History, *, now: int) -> LinkObservation:
    """Return the link with what its pools send; nobody knows it where one has no media mix."""
    committed = float(link.spec.committed_mbps)
    controls = link_controls(link, plans=world.plans, now=now)
    approved = 0.0 if controls.allowance is None else controls.allowance.up_to
    users = users_of(world, link)
    silent = [pool.metadata.name for pool in users if not pool.media_mix.egress_mbps]
    used = 0.0
    for pool in users:
        demand = _demand(history, pool.key, now=now)
        used += (demand.participants or 0.0) * pool.media_mix.egress_mbps
    why = f"nobody knows what a participant of {', '.join(silent)} is sent" if silent else ""
    return LinkObservation(
        settings=link_settings(link),
        used_mbps=None if silent or not users else used,
        ordered_mbps=max(committed, approved),
        delivered_mbps=committed,
        controls=controls,
        silence=why if users else "no pool sends through it",
    )


def users_of(world: World, link: EgressLink) -> tuple[PlannedPool, ...]:
    """Return the pools whose traffic leaves by a link."""
    return tuple(
        pool
        for pool in world.pools
        if pool.metadata.namespace == link.metadata.namespace
        and any(reference.name == link.metadata.name for reference in pool.spec.links)
    )

"""What would be ordered when: the operator's own engine, asked about an imagined world."""

from collections.abc import Mapping
from dataclasses import replace

from autoscaler.capacity.servers import participants_on
from autoscaler.engine.config import EngineConfig
from autoscaler.engine.decision import LinkDecision, PoolDecision
from autoscaler.engine.observation import LinkObservation, PoolObservation
from autoscaler.engine.state import State
from autoscaler.engine.step import DEFAULTS, step
from autoscaler.planner.outlook import PoolOutlook
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.settings import servers_per_replica
from autoscaler.whatif.answer import Answer, LinkAnswer, PoolAnswer, link_steps, pool_steps
from autoscaler.whatif.changes import Changes
from autoscaler.whatif.imagined import imagine, users_of
from autoscaler.whatif.pricing import link_cost, pool_cost
from autoscaler.whatif.world import PlannedPool, World
from forecast.history import History


def answer(
    world: World,
    history: History,
    changes: Changes,
    *,
    now: int,
    config: EngineConfig = DEFAULTS,
) -> Answer:
    """Return what the operator would decide at `now` in the imagined world.

    A pool stands at what it needs without the changes, unless its inventory is given; a lost zone
    takes its servers out of that. `history` has the pools' keys as series and ends by `now`.
    """
    least = {pool.key: _assumed(pool) for pool in world.pools}
    ordinary = imagine(world, history, ready=least, events=(), now=now)
    first, known = step(ordinary, State.empty(), config=config)
    standing = {
        pool.key: _standing(pool, observed, decided)
        for pool, observed, decided in zip(world.pools, ordinary.pools, first.pools, strict=True)
    }
    left = {pool.key: _left(pool, standing[pool.key], changes) for pool in world.pools}
    observation = imagine(world, history, ready=left, events=changes.events, now=now)
    # What was fitted is a cache that changes no byte: the same history is not fitted twice.
    before = replace(State.empty(), fitted=known.fitted)
    decision, after = step(observation, before, config=config)
    assert after.outlooks is not None
    outlooks = after.outlooks.by_name
    return Answer(
        now=now,
        observation=observation,
        before=before,
        decision=decision,
        pools=tuple(
            _pool(
                pool,
                observed,
                decided,
                outlooks[pool.key],
                notes=_notes(pool, observed, outlooks[pool.key], standing[pool.key], changes),
                now=now,
            )
            for pool, observed, decided in zip(
                world.pools, observation.pools, decision.pools, strict=True
            )
        ),
        links=tuple(
            _link(world, link, observed, decided, outlooks, now=now)
            for link, observed, decided in zip(
                world.links, observation.links, decision.links, strict=True
            )
        ),
    )


def _assumed(pool: PlannedPool) -> int:
    if pool.inventory is not None:
        return pool.inventory.ready
    return pool.spec.min_replicas * servers_per_replica(pool)


def _standing(pool: PlannedPool, observed: PoolObservation, decided: PoolDecision) -> int:
    if pool.inventory is not None:
        return pool.inventory.ready
    limits = observed.settings.limits
    most = limits.max_servers if limits.quota is None else min(limits.max_servers, limits.quota)
    return min(max(decided.need, limits.min_servers), most)


def _left(pool: PlannedPool, standing: int, changes: Changes) -> int:
    """Return the servers outside the lost zones, which are the fullest."""
    zones, lost = pool.spec.reserve.zones, len(changes.zones_lost)
    if zones <= lost:
        return standing
    return participants_on(standing, per_server=1.0, zones=zones, zones_lost=lost)


def _pool(
    pool: PlannedPool,
    observed: PoolObservation,
    decided: PoolDecision,
    outlook: PoolOutlook,
    *,
    notes: tuple[str, ...],
    now: int,
) -> PoolAnswer:
    steps = pool_steps(decided, now=now)
    return PoolAnswer(
        name=pool.metadata.name,
        observed=observed,
        decision=decided,
        steps=steps,
        cost=pool_cost(outlook, decided, steps, now=now),
        currency=None if pool.spec.cost is None else pool.spec.cost.currency,
        notes=notes,
    )


def _notes(
    pool: PlannedPool,
    observed: PoolObservation,
    outlook: PoolOutlook,
    standing: int,
    changes: Changes,
) -> tuple[str, ...]:
    notes, left = [], observed.inventory.ready
    if pool.inventory is None:
        notes.append(f"taken to stand at {standing} servers, what it needs without any what-if")
    zones = pool.spec.reserve.zones
    if changes.zones_lost and zones <= len(changes.zones_lost):
        only = "one zone only" if zones == 1 else f"{zones} zones only"
        notes.append(f"has {only} (spec.reserve.zones): nothing is taken from it")
    elif changes.zones_lost:
        holds = participants_on(left, per_server=outlook.rating.per_server)
        names = ", ".join(changes.zones_lost)
        notes.append(
            f"zone {names} of {zones} takes {standing - left} servers; the {left} left hold "
            f"{holds:,} participants"
        )
    return tuple(notes)


def _link(
    world: World,
    link: EgressLink,
    observed: LinkObservation,
    decided: LinkDecision,
    outlooks: Mapping[str, PoolOutlook],
    *,
    now: int,
) -> LinkAnswer:
    users, tiers = users_of(world, link), observed.settings.tiers
    lead = next((tier for tier in tiers if decided.order_mbps <= tier.up_to_mbps), tiers[-1])
    steps = link_steps(decided, now=now, lead_seconds=lead.lead_time_seconds)
    billing = link.spec.billing
    return LinkAnswer(
        name=link.metadata.name,
        observed=observed,
        decision=decided,
        steps=steps,
        cost=link_cost(observed.settings, decided, steps, users=users, outlooks=outlooks),
        currency=None if billing is None else billing.currency,
        quantile=max((outlooks[pool.key].settings.quantile for pool in users), default=None),
        lead_seconds=lead.lead_time_seconds,
    )

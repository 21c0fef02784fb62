"""The one tick: forecast, require, guard. Same observation and state, same bytes."""

from dataclasses import replace

from autoscaler.engine.config import EngineConfig
from autoscaler.engine.decision import Decision, PoolDecision
from autoscaler.engine.links import decide_links, servers_fed
from autoscaler.engine.observation import Observation
from autoscaler.engine.pool import finish, prepare
from autoscaler.engine.refresh import refresh
from autoscaler.engine.sight import participants_seen
from autoscaler.engine.state import Outlooks, State
from autoscaler.planner.outlook import look_ahead
from autoscaler.planner.state import PoolState

DEFAULTS = EngineConfig()


def step(
    observation: Observation, state: State, *, config: EngineConfig = DEFAULTS
) -> tuple[Decision, State]:
    """Decide every pool's floor and every link's order.

    Pure: what it may know is in the observation, what it remembers in the state it returns. Pools
    that are not observed are forgotten.
    """
    now = observation.now
    observation, state = refresh(observation, state, config=config)
    outlooks = _outlooks(observation, state)
    seen = {pool.settings.name: participants_seen(pool.demand) for pool in observation.pools}
    prepared = [
        prepare(pool, outlooks.by_name[pool.settings.name], state.pools, seen=seen, now=now)
        for pool in observation.pools
    ]
    links = decide_links(
        observation.links,
        prepared,
        state.links,
        outlooks=outlooks,
        now=now,
    )
    fed = servers_fed(links)
    decisions: list[PoolDecision] = []
    remembered: dict[str, PoolState] = {}
    for each in prepared:
        decided, pool_state = finish(each, fed=fed, steps=outlooks.steps, guards=config.guards)
        decisions.append(decided)
        if pool_state is not None:
            remembered[decided.pool] = pool_state
    decision = Decision(
        at=now, pools=tuple(decisions), links=tuple([link.decision for link in links])
    )
    kept = {link.decision.link: link.state for link in links}
    return decision, replace(state, pools=remembered, links=kept, outlooks=outlooks)


def _outlooks(observation: Observation, state: State) -> Outlooks:
    """Return what lies ahead of the pools, computed anew only when one of its inputs changed."""
    pools = tuple([pool.settings for pool in observation.pools])
    known = state.outlooks
    events, forecast, weeks = tuple(observation.events), state.forecast, state.weeks
    if known is not None and known.are_of(pools, events=events, forecast=forecast, weeks=weeks):
        return known
    # What growth does to limits is as old as the weeks: most quarter-hours bring no new peak.
    grown = known if known is not None and known.weeks is weeks and known.pools == pools else None
    by_name = look_ahead(
        pools,
        forecast=forecast,
        events=events,
        weeks=weeks,
        limits=None if grown is None else {k: each.limits for k, each in grown.by_name.items()},
    )
    return Outlooks(
        pools=pools,
        events=events,
        forecast=forecast,
        weeks=weeks,
        by_name=by_name,
        links={} if grown is None else grown.links,
    )

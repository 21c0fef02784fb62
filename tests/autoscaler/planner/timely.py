"""Random plans of one pool that is only watched, so that its lead time stays what its owner said.

One case is one plan: a forecast, a supplier, and the moments at which somebody looks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from hypothesis import strategies as st

from autoscaler.capacity.servers import servers_for_one
from autoscaler.capacity.zones import with_zones_lost
from autoscaler.engine.decision import PoolDecision
from autoscaler.engine.state import State
from autoscaler.planner.settings import Mode, PoolSettings, Reserve
from tests.autoscaler.planner.examples import (
    MIDNIGHT,
    QUARTER,
    forecast,
    limits,
    pool,
    seen,
    servers,
    tick,
)
from tests.autoscaler.planner.journeys import Planner

RESERVES = (Reserve(), Reserve(zones=3, zones_lost=1), Reserve(zones=2, zones_lost=1))


@dataclass(frozen=True, slots=True)
class Plan:
    """`pauses` are the seconds before each look, none longer than the settings say."""

    settings: PoolSettings
    participants: tuple[float, ...]
    servers: int
    pauses: tuple[int, ...]


def ordered_in_time(plan: Plan, planner: Planner) -> str | None:
    """Return None, or where a server was ordered after the latest safe start.

    The latest safe start of what a step needs is one lead time before it begins; the last look
    before that is the last chance. Nobody can be asked for more than a supplier would have launched
    that was asked for all that it has from the first look on.
    """
    limits, tokens = plan.settings.limits, float(plan.settings.limits.launch_burst)
    most = plan.servers
    for (now, decided), pause in zip(_watch(plan, planner), (*plan.pauses[1:], 1), strict=True):
        most, tokens = most + int(tokens), tokens % 1.0
        lead = decided.lead_time.p95_seconds
        for index in range(len(plan.participants)):
            begins = MIDNIGHT + index * QUARTER
            needed = min(_needed(plan, index), most)
            last_chance = begins + QUARTER > now and begins - lead < now + pause
            if last_chance and decided.floor < needed:
                return f"t={now}: {decided.floor} ordered, {needed} must serve at {begins}"
        tokens = min(float(limits.launch_burst), tokens + limits.launch_per_minute * pause / 60.0)
    return None


def _watch(plan: Plan, planner: Planner) -> Iterator[tuple[int, PoolDecision]]:
    state = replace(State.empty(), forecast=forecast({plan.settings.name: plan.participants}))
    now = MIDNIGHT
    for pause in plan.pauses:
        now += pause
        observed = seen(plan.settings, servers(plan.servers), participants=0.0)
        decision, state = planner(tick(now, observed), state)
        yield now, decision.pools[0]


def _needed(plan: Plan, index: int) -> int:
    settings = plan.settings
    servers = servers_for_one(plan.participants[index], 100.0)
    reserve = settings.reserve
    whole = with_zones_lost(servers, zones=reserve.zones, zones_lost=reserve.zones_lost)
    return min(whole, settings.limits.max_servers)


def _plans(review: int) -> st.SearchStrategy[Plan]:
    supplier = st.builds(
        limits,
        min_servers=st.just(0),
        max_servers=st.sampled_from([40, 120]),
        launch_per_minute=st.sampled_from([0.1, 0.5, 2.0, 4.0, 60.0]),
        launch_burst=st.sampled_from([1, 3, 10, 60]),
    )
    return st.builds(
        Plan,
        settings=st.builds(
            pool,
            mode=st.just(Mode.OBSERVE),
            limits=supplier,
            reserve=st.sampled_from(RESERVES),
            lead_time_seconds=st.sampled_from([20.0, 200.0, 1500.0]),
            review_seconds=st.just(float(review)),
        ),
        participants=st.lists(
            st.one_of(st.floats(0.0, 12_000.0), st.just(0.0)), min_size=1, max_size=8
        ).map(tuple),
        servers=st.integers(0, 40),
        pauses=st.lists(st.integers(1, review), min_size=1, max_size=16).map(tuple),
    )


PLANS: st.SearchStrategy[Plan] = st.sampled_from([60, 300, 900]).flatmap(_plans)

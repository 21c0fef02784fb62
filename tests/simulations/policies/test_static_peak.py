import numpy as np

from simulations.policies.static_peak import StaticPeak
from simulations.policy import Policy, WorldFacts
from tests.simulations.policies.views import START, at, facts, history, pool, seen


def sizes(policy: Policy, world: WorldFacts) -> list[int]:
    policy.reset(world)
    orders = policy.decide(at(START, *[seen(1.0) for _ in world.pools]))
    return [order.size for order in orders.pools]


def test_holds_the_peak_of_history_and_a_margin() -> None:
    """Peaks of 500 and 90, servers of 100 participants, margin 1.2: 6 and 2 servers."""
    past = history(us=[90.0, 10.0, 20.0, 30.0], eu=[100.0, 500.0, 200.0, np.nan])

    assert sizes(StaticPeak(), facts(pool("eu"), pool("us"), past=past)) == [6, 2]


def test_the_margin_is_its_dial() -> None:
    past = history(eu=[100.0, 500.0, 200.0, 300.0])

    assert sizes(StaticPeak(margin=2.0), facts(pool("eu"), past=past)) == [10]


def test_a_pool_without_history_asks_for_nothing_and_gets_its_minimum() -> None:
    past = history(eu=[np.nan, np.nan])

    assert sizes(StaticPeak(), facts(pool("eu"), pool("us"), past=past)) == [0, 0]

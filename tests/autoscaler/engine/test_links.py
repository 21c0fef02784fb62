"""Pools and the links they share."""

from dataclasses import replace

from autoscaler.capacity.shape import MediaMix
from autoscaler.engine.observation import LinkObservation, Observation
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.planner.reasons import ReasonCode
from autoscaler.planner.settings import LinkSettings, Mode, PoolSettings, Tier
from tests.autoscaler.planner.examples import MIDNIGHT, forecast, pool, seen, servers


def link(*, used: float | None = None, ordered: float = 1000.0) -> LinkObservation:
    settings = LinkSettings(
        name="media/transit",
        mode=Mode.ACT,
        port_mbps=4000.0,
        committed_mbps=1000.0,
        step_mbps=500.0,
        max_mbps=4000.0,
        utilization=1.0,
        tiers=(Tier(up_to_mbps=4000.0, lead_time_seconds=3600, approver=""),),
    )
    return LinkObservation(
        settings=settings, used_mbps=used, ordered_mbps=ordered, delivered_mbps=ordered
    )


def sending(name: str, mbps: float = 1.0) -> PoolSettings:
    """2 participants a Mbit/s unless said otherwise, 100 to a server by participants."""
    return pool(name, mix=MediaMix(egress_mbps=mbps), links=("media/transit",))


def look(transit: LinkObservation, *pools: PoolSettings, participants: float) -> Observation:
    observed = tuple(seen(each, servers(5), participants=participants) for each in pools)
    return Observation(now=MIDNIGHT, pools=observed, links=(transit,))


def test_a_link_orders_what_its_pools_will_send() -> None:
    issued = forecast({"a": [900.0] * 8, "b": [600.0] * 8})
    state = replace(State.empty(), forecast=issued)
    decision, _ = step(look(link(), sending("a"), sending("b"), participants=100.0), state)
    (decided,) = decision.links
    assert (decided.need_mbps, decided.order_mbps) == (1500.0, 1500.0)
    assert decided.previous_mbps == 1000.0


def test_an_unknown_mix_is_measured_at_the_link() -> None:
    # 100 participants in each of two pools send 400 Mbit/s: two each
    state = replace(State.empty(), forecast=forecast({"a": [900.0] * 8, "b": [100.0] * 8}))
    pools = sending("a", 0.0), sending("b", 0.0)
    decision, _ = step(look(link(used=400.0), *pools, participants=100.0), state)
    assert decision.links[0].need_mbps == 2000.0


def test_servers_that_the_link_cannot_feed_are_not_ordered_for_a_forecast() -> None:
    # 2,000 + 1,000 participants are forecast, the link carries a third of that
    state = replace(State.empty(), forecast=forecast({"a": [2000.0] * 8, "b": [1000.0] * 8}))
    observation = look(link(), sending("a"), sending("b"), participants=100.0)
    first, second = step(observation, state)[0].pools
    assert (first.need, first.floor) == (20, 7)
    assert (second.need, second.floor) == (10, 5)
    assert first.reasons[-1].code is ReasonCode.LINK_CAPACITY
    assert first.reasons[-1].inputs == {"link": "media/transit", "servers": 7}


def test_observed_demand_is_served_all_the_same() -> None:
    observation = look(link(), sending("a"), participants=2000.0)
    (decided,) = step(observation, State.empty())[0].pools
    assert decided.floor == 20


def test_a_link_without_pools_orders_nothing() -> None:
    decision, _ = step(look(link(), pool("a"), participants=100.0), State.empty())
    assert decision.links[0].order_mbps == 1000.0

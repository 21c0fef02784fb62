"""When servers are measured, what of it is taken, and what becomes of it in a tick."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pytest

from autoscaler.capacity.samples import Column, Samples
from autoscaler.controller.calibrations import Calibrations, Remeasured
from autoscaler.controller.loop import Loop
from autoscaler.controller.notices import measured_notice
from autoscaler.controller.outbox import Outbox
from autoscaler.controller.server_gauges import server_gauges
from autoscaler.controller.statekeeper import StateKeeper
from autoscaler.controller.status import subject
from autoscaler.controller.tick import Tick
from autoscaler.engine.codec import canonical, decode_state, encode_state
from autoscaler.engine.config import EngineConfig
from autoscaler.engine.explain import explain
from autoscaler.engine.observation import DemandState
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.errors import PrometheusError
from autoscaler.ports.demand import Reading
from autoscaler.resources.sfupool import SFUPool
from forecast.arrays import FloatArray
from tests.autoscaler.controller.fakes import (
    START,
    AtOnce,
    FakeDemand,
    FakeFleet,
    ManualClock,
    MemoryJournal,
    MemoryStore,
    sfupool,
    snapshot,
)

PRESET = {"preset": "LiveKit", "matchLabels": {"sfu_pool": "eu"}}


def pool(**server: object) -> SFUPool:
    """Return a pool of servers for 100 participants and 500 Mbit/s: five each."""
    return sfupool(demand=PRESET, server={"participants": 100, "egressMbps": 500, **server})


class Loads:
    """One server that sends `each` Mbit/s a participant, and what was asked when."""

    def __init__(self, each: float = 6.0) -> None:
        self.each: float | FloatArray = each
        self.asked: list[int] = []
        self.refusal: Exception | None = None

    def loads(self, pools: Sequence[SFUPool], *, now: int) -> Mapping[str, Samples]:
        self.asked.append(now - START)
        if self.refusal is not None:
            raise self.refusal
        people = np.random.default_rng(2).uniform(10.0, 80.0, 72)
        samples = Samples(
            servers=np.zeros(72, dtype=np.int64),
            times=now - 300 * np.arange(72),
            window_seconds=300,
            columns={Column.PARTICIPANTS: people, Column.EGRESS: self.each * people},
        )
        return {each.key: samples for each in pools}


class World:
    """A loop that measures a pool which 150 participants use."""

    def __init__(self, loads: Loads, resource: SFUPool) -> None:
        self.fleet, self.demand = FakeFleet(snapshot(resource)), FakeDemand(eu=150.0)
        self.clock, self.journal = ManualClock(), MemoryJournal()
        self.loop = Loop(
            fleet=self.fleet,
            demand=self.demand,
            forecasts=None,
            calibrations=Calibrations(loads, AtOnce()),
            journal=self.journal,
            clock=self.clock,
            config=EngineConfig(forecasting=False),
            is_leader=lambda: True,
        )

    def tick(self, *, seconds: int = 5) -> Tick:
        self.clock.time += seconds
        return self.loop.tick()


def test_a_measured_figure_is_planned_with_from_the_tick_that_has_it() -> None:
    world = World(Loads(), pool())
    tick = world.tick()
    settings = tick.observation.pools[0].settings
    assert settings.measured is not None
    assert settings.mix.egress_mbps == pytest.approx(6.0)
    assert tick.decision.pools[0].need == 2  # 150 participants at 500 / 6 = 83 a server
    assert [news.pool for news in tick.remeasured] == ["media/eu"]
    assert world.tick().remeasured == ()


def test_the_tick_replays_to_the_same_bytes() -> None:
    world = World(Loads(), pool())
    world.tick()
    ((before, observation, decision),) = world.journal.lines
    restored = decode_state(json.loads(canonical(encode_state(before))))
    assert restored.measured == before.measured
    again, _ = step(observation, restored, config=EngineConfig(forecasting=False))
    assert canonical(again) == canonical(decision)


def test_it_is_measured_at_start_and_every_hour() -> None:
    loads = Loads()
    world = World(loads, pool())
    for seconds in (5, 5, 3590, 5, 5):
        world.tick(seconds=seconds)
    assert loads.asked == [5, 3605]


@pytest.mark.parametrize("refusal", [PrometheusError("503"), ZeroDivisionError()])
def test_after_a_failure_the_last_figures_stay_and_it_is_tried_again(refusal: Exception) -> None:
    loads = Loads()
    world = World(loads, pool())
    world.tick()
    loads.refusal = refusal
    known = world.loop.state.measured
    for seconds in (3600, 60, 240):
        world.tick(seconds=seconds)
    assert world.loop.state.measured == known
    assert loads.asked == [5, 3605, 3905]


@pytest.mark.parametrize(
    "state",
    [state for state in DemandState if state is not DemandState.OBSERVED],
)
def test_only_a_pool_whose_demand_is_observed_is_measured(state: DemandState) -> None:
    loads, resource = Loads(), pool()
    readings = FakeDemand(eu=150.0).read([resource], now=START)
    told = {
        key: Reading(demand=replace(reading.demand, state=state))
        for key, reading in readings.items()
    }
    feed = Calibrations(loads, AtOnce())
    assert feed.renew(State.empty(), told, [resource], now=START).measured == {}
    assert loads.asked == []


def test_an_owner_can_plan_with_what_is_declared() -> None:
    loads = Loads()
    tick = World(loads, pool(figures="Declared")).tick()
    assert loads.asked == []
    assert tick.observation.pools[0].settings.measured is None


def test_a_pool_that_is_gone_is_forgotten() -> None:
    world = World(Loads(), pool())
    world.tick()
    world.fleet.pools.clear()
    world.tick()
    assert world.loop.state.measured == {}


def test_a_lie_costs_at_most_twice_the_servers() -> None:
    loads = Loads(each=6e6)
    world = World(loads, pool())
    assert world.tick().decision.pools[0].need == 3  # 150 at 50 a server
    for _ in range(5):
        assert world.tick(seconds=3600).decision.pools[0].need == 3


def test_what_was_measured_survives_a_restart_and_an_old_state_has_none() -> None:
    world, store, outbox = World(Loads(), pool()), MemoryStore(), Outbox()
    keeper = StateKeeper(store, outbox)
    outbox.start()
    before = keeper.load()
    assert before.measured == {}
    world.tick()
    keeper.keep(world.loop.state, now=START, at_once=True)
    assert outbox.close(5.0)
    assert StateKeeper(store, Outbox()).load().measured == world.loop.state.measured
    del store.documents["measured"]
    old = StateKeeper(store, Outbox()).load()
    assert old.measured == {}
    assert old.pools == world.loop.state.pools


def test_figures_that_cannot_be_read_leave_the_rest_of_the_state() -> None:
    world, store, outbox = World(Loads(), pool()), MemoryStore(), Outbox()
    outbox.start()
    keeper = StateKeeper(store, outbox)
    keeper.load()
    world.tick()
    keeper.keep(world.loop.state, now=START, at_once=True)
    assert outbox.close(5.0)
    store.documents["measured"] = '{"media/eu": {"since": {}}, "x": 7}'
    kept = StateKeeper(store, Outbox()).load()
    assert (kept.measured, kept.pools) == ({}, world.loop.state.pools)


def test_it_is_told_as_an_event_as_gauges_and_in_the_explanation() -> None:
    tick = World(Loads(), pool()).tick()
    notice = measured_notice(subject(tick.pools[0].snapshot.resource), tick.remeasured[0])
    assert (notice.reason, notice.warning) == ("FiguresMeasured", False)
    assert "egressMbps 6 a participant within 0%" in notice.note
    told = {
        (sample.name, sample.labels.get("resource")): sample.value
        for family in server_gauges(tick.pools)
        for sample in family.samples
    }
    assert told["meetscale_measured_per_participant", "egressMbps"] == 6.0
    assert told["meetscale_measured_samples", "egressMbps"] == 72
    assert told["meetscale_server_binding", "egressMbps"] == 1.0
    chain = {link.step: link for link in explain(tick.observation.pools[0], tick.decision.pools[0])}
    measured = chain["Measured egressMbps"]
    assert measured.inputs["samples"] == 72
    assert measured.inputs["since"] == START + 5
    assert "6 measured for a participant, within 0%, by 72 samples" in measured.text


def test_what_disagrees_is_refused_once_and_by_an_event() -> None:
    loads = Loads()
    resource = pool()
    feed = Calibrations(loads, AtOnce())
    readings = FakeDemand(eu=150.0).read([resource], now=START)
    noise = np.random.default_rng(4).exponential(1.0, 72) ** 5
    loads.each = noise
    news: list[Remeasured] = []
    for hour in range(3):
        state = feed.renew(State.empty(), readings, [resource], now=START + 3600 * hour)
        assert state.measured == {}
        news.extend(feed.news)
    (one,) = news
    notice = measured_notice(subject(resource), one)
    assert (notice.reason, notice.warning) == ("FiguresRefused", True)
    assert "egressMbps: known within" in notice.note

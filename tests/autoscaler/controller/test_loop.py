"""The loop with the real engine and ports in memory: what goes wrong for one pool stays there."""

from dataclasses import replace

import pytest

from autoscaler.controller.loop import Loop
from autoscaler.controller.tick import PoolTick, Tick
from autoscaler.engine.config import EngineConfig
from autoscaler.errors import KubernetesError, PrometheusError
from autoscaler.ports.fleet import Outcome, Refusal, RefusalCode
from tests.autoscaler.controller.fakes import (
    FakeDemand,
    FakeFleet,
    ManualClock,
    MemoryJournal,
    sfupool,
    snapshot,
)


class World:
    """A loop with everything around it."""

    def __init__(self, fleet: FakeFleet, demand: FakeDemand) -> None:
        self.fleet, self.demand = fleet, demand
        self.clock, self.journal = ManualClock(), MemoryJournal()
        self.leads = True
        self.loop = Loop(
            fleet=fleet,
            demand=demand,
            forecasts=None,
            journal=self.journal,
            clock=self.clock,
            config=EngineConfig(forecasting=False),
            is_leader=lambda: self.leads,
        )

    def tick(self, *, seconds: int = 5) -> Tick:
        self.clock.time += seconds
        return self.loop.tick()


def pool_of(tick: Tick, name: str) -> PoolTick:
    return next(pool for pool in tick.pools if pool.snapshot.key == f"media/{name}")


def test_a_floor_that_demand_needs_is_written_once() -> None:
    world = World(FakeFleet(snapshot(sfupool())), FakeDemand(eu=1000.0))

    first, second = world.tick(), world.tick()

    assert world.fleet.written == [("media/eu", 10)]
    assert pool_of(first, "eu").decision.floor == 10
    assert pool_of(second, "eu").result is None


def test_nothing_is_written_in_observe() -> None:
    world = World(FakeFleet(snapshot(sfupool(mode="Observe"))), FakeDemand(eu=1000.0))

    pool = pool_of(world.tick(), "eu")

    assert world.fleet.written == []
    assert pool.intent.hold is not None
    assert pool.intent.hold.reason == "ModeObserve"


def test_a_prometheus_that_raises_makes_every_pool_blind_and_lowers_nothing() -> None:
    world = World(FakeFleet(snapshot(sfupool())), FakeDemand(eu=1000.0))
    world.tick()
    world.demand.error = PrometheusError("http://prometheus: connection refused")

    pool = pool_of(world.tick(), "eu")

    assert pool.decision.blind
    assert pool.decision.floor == 10
    assert pool.reading.reason == "http://prometheus: connection refused"
    assert world.fleet.written == [("media/eu", 10)]


def test_an_unforeseen_failure_of_the_source_is_blindness_too() -> None:
    world = World(FakeFleet(snapshot(sfupool())), FakeDemand(eu=1000.0))
    world.demand.error = ZeroDivisionError()

    assert pool_of(world.tick(), "eu").decision.blind


def test_an_operator_that_starts_blind_and_without_state_writes_nothing() -> None:
    unowned = snapshot(sfupool(), value=2)
    assert unowned.target is not None
    unowned = replace(unowned, target=replace(unowned.target, ours=False))
    world = World(FakeFleet(unowned), FakeDemand())

    pool = pool_of(world.tick(), "eu")

    assert world.fleet.written == []
    assert pool.intent.hold is not None
    assert pool.intent.hold.reason == "BlindWithoutState"


def test_a_blind_operator_with_state_goes_on_from_it() -> None:
    before = World(FakeFleet(snapshot(sfupool())), FakeDemand(eu=1000.0))
    before.tick()
    after = World(before.fleet, FakeDemand())
    after.loop.state, after.clock.time = before.loop.state, before.clock.time

    pool = pool_of(after.tick(), "eu")

    assert pool.intent.hold is None
    assert pool.decision.floor == 10


def test_without_a_list_there_is_no_tick() -> None:
    world = World(FakeFleet(snapshot(sfupool())), FakeDemand(eu=1000.0))
    world.fleet.unlisted = True

    with pytest.raises(KubernetesError):
        world.tick()

    assert world.fleet.written == []
    assert world.journal.lines == []


@pytest.mark.parametrize("outcome", [Outcome.CHANGED, Outcome.REFUSED, Outcome.FAILED])
def test_a_write_that_was_not_done_is_not_remembered_and_tried_again(outcome: Outcome) -> None:
    world = World(FakeFleet(snapshot(sfupool())), FakeDemand(eu=1000.0))
    world.fleet.outcomes["media/eu"] = outcome

    first = pool_of(world.tick(), "eu")
    world.fleet.outcomes.clear()
    world.tick()

    assert first.written is None
    assert world.fleet.written == [("media/eu", 10)]


def test_the_trouble_of_one_pool_is_not_anothers() -> None:
    refusal = Refusal(RefusalCode.TARGET_NOT_FOUND, "there is none")
    lost = snapshot(sfupool("lost"), target=None, counts=None, refusal=refusal)
    world = World(
        FakeFleet(lost, snapshot(sfupool("blind")), snapshot(sfupool("us"))),
        FakeDemand(us=1000.0, lost=500.0),
    )

    tick = world.tick()

    assert world.fleet.written == [("media/us", 10)]
    assert not pool_of(tick, "lost").observed.inventory.known


def test_who_does_not_lead_decides_and_writes_nothing() -> None:
    world = World(FakeFleet(snapshot(sfupool())), FakeDemand(eu=1000.0))
    world.leads = False

    tick = world.tick()

    assert pool_of(tick, "eu").decision.floor == 10
    assert world.fleet.written == []


def test_a_pool_whose_servers_cannot_be_counted_keeps_its_state() -> None:
    world = World(FakeFleet(snapshot(sfupool())), FakeDemand(eu=1000.0))
    world.tick()
    refusal = Refusal(RefusalCode.UNREADABLE, "GET hpas: 503")
    world.fleet.pools["media/eu"] = snapshot(sfupool(), target=None, counts=None, refusal=refusal)

    world.tick()

    assert "media/eu" in world.loop.state.pools


def test_every_tick_is_one_journal_line() -> None:
    world = World(FakeFleet(snapshot(sfupool())), FakeDemand(eu=1000.0))

    ticks = [world.tick(), world.tick()]

    assert [decision for _, _, decision in world.journal.lines] == [t.decision for t in ticks]


def test_headroom_remembers_the_floor_that_its_number_does_not_show() -> None:
    target = {
        "group": "autoscaling.x-k8s.io",
        "version": "v1beta1",
        "resource": "capacitybuffers",
        "name": "warm",
        "semantics": "Headroom",
        "fieldPath": "/spec/replicas",
    }
    workload = {"group": "apps", "version": "v1", "resource": "deployments", "name": "sfu"}
    resource = sfupool(target=target, server={"participants": 100, "workload": workload})
    world = World(FakeFleet(snapshot(resource, value=0, ready=4)), FakeDemand(eu=1000.0))
    world.tick()
    landed = world.fleet.pools["media/eu"]
    world.fleet.pools["media/eu"] = snapshot(resource, value=6, ready=7, target=landed.target)

    pool = pool_of(world.tick(), "eu")

    assert world.fleet.written == [("media/eu", 6), ("media/eu", 3)]
    assert pool.observed.inventory.floor == 10
    assert pool.decision.floor == 10

"""Servers are told first and counted off afterwards, on a pool of ten of which six are needed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

import pytest

from autoscaler.controller.loop import Loop
from autoscaler.controller.releasing import Releasing
from autoscaler.controller.tick import PoolTick
from autoscaler.engine.config import EngineConfig
from autoscaler.errors import KubernetesError
from autoscaler.planner.emptying import Spells
from autoscaler.ports.demand import Reading
from autoscaler.ports.fleet import Refusal, RefusalCode
from autoscaler.ports.servers import Mark, Occupancy, Pod, Seat
from autoscaler.resources.sfupool import SFUPool
from tests.autoscaler.controller.fakes import (
    FakeDemand,
    FakeFleet,
    ManualClock,
    MemoryJournal,
    sfupool,
    snapshot,
)
from tests.autoscaler.controller.test_occupied import pod

SCALE = {
    "group": "apps",
    "version": "v1",
    "resource": "deployments",
    "name": "sfu",
    "semantics": "Size",
    "subresource": "scale",
}
SERVER = {"participants": 100, "selector": {"matchLabels": {"app": "sfu"}}}
RELEASE = {"policy": "WhenEmpty", "stabilizationSeconds": 0, "maxPercentPerMinute": 100}
NAMES = "abcdefghij"


class FakeServers:
    """Pods that take labels, and anything that can go wrong on request."""

    def __init__(self) -> None:
        self.pods = {name: pod(name) for name in NAMES}
        self.listed = 0
        self.error = ""
        self.refused: set[str] = set()
        self.unprotected: dict[str, str] = {}

    def list(self, pool: SFUPool) -> Sequence[Pod]:
        self.listed += 1
        if self.error:
            raise KubernetesError(self.error)
        return tuple(self.pods.values())

    def mark(
        self, pool: SFUPool, marks: Sequence[Mark], *, may_write: Callable[[], bool]
    ) -> Mapping[str, str]:
        for mark in marks:
            if mark.pod.name not in self.refused:
                self.pods[mark.pod.name] = replace(mark.pod, told_at=mark.at)
        return {m.pod.name: "changed" if m.pod.name in self.refused else "" for m in marks}

    def protect(
        self, pools: Sequence[SFUPool], *, now: int, may_write: Callable[[], bool]
    ) -> Mapping[str, str]:
        return self.unprotected

    @property
    def told(self) -> str:
        return "".join(name for name, one in self.pods.items() if one.told_at is not None)


class Rooms:
    """Rooms by server: the last six hold one each."""

    def __init__(self) -> None:
        self.rooms = {name: float(name > "d") for name in NAMES}

    def occupancy(self, pools: Sequence[SFUPool], *, now: int) -> Mapping[str, Occupancy]:
        seats = tuple(
            Seat(pod=name, namespace="", address="", rooms=n, participants=n, seen_at=now)
            for name, n in self.rooms.items()
        )
        return {pool.key: Occupancy(seats, Spells(36_000.0, 10)) for pool in pools}


class EmptyServers(FakeDemand):
    """Demand that also knows how many servers are empty."""

    empty = 4

    def read(self, pools: Sequence[SFUPool], *, now: int) -> Mapping[str, Reading]:
        told = super().read(pools, now=now)
        return {key: replace(reading, empty_servers=self.empty) for key, reading in told.items()}


class Played:
    """An operator on those, a tick every two minutes."""

    def __init__(self, **release: object) -> None:
        resource = sfupool(target=SCALE, server=SERVER, release={**RELEASE, **release})
        self.servers, self.rooms = FakeServers(), Rooms()
        self.fleet = FakeFleet(snapshot(resource, value=10, ready=10))
        self.demand, self.clock = EmptyServers(eu=600.0), ManualClock()
        self.loop = Loop(
            fleet=self.fleet,
            demand=self.demand,
            forecasts=None,
            journal=MemoryJournal(),
            clock=self.clock,
            config=EngineConfig(forecasting=False),
            is_leader=lambda: True,
            releasing=Releasing(self.servers, self.rooms, is_leader=lambda: True),
        )
        self.tick()  # the first look begins the glide path

    def tick(self) -> PoolTick:
        (one,) = self.loop.tick().pools
        self.clock.time += 120
        return one

    @property
    def number(self) -> int | None:
        (one,) = self.fleet.pools.values()
        return None if one.target is None else one.target.value


@pytest.mark.parametrize("guard", ["None", "DenyUnlessReleased"])
def test_servers_are_told_at_one_tick_and_counted_off_at_the_next(guard: str) -> None:
    played = Played(guard=guard)

    first = played.tick()
    assert (played.servers.told, played.number) == ("abcd", 10)
    assert first.released is not None
    assert first.released.told == tuple("abcd")

    played.tick()
    assert (played.servers.told, played.number) == ("abcd", 6)


def test_a_server_that_got_a_room_is_taken_back_and_the_number_waits_for_it() -> None:
    played = Played()
    played.tick()
    played.rooms.rooms["b"] = 1.0
    played.demand.empty = 3

    done = played.tick().released

    assert (played.servers.told, played.number) == ("acd", 7)
    assert done is not None
    assert done.withdrawn == ("b",)


@pytest.mark.parametrize(
    "trouble",
    [
        lambda played: setattr(played.servers, "error", "no answer"),
        lambda played: played.servers.unprotected.update({"media/eu": "no budget"}),
        lambda played: played.servers.pods.update(a=replace(pod("a"), guardable=False)),
        lambda played: played.rooms.rooms.clear(),
        lambda played: played.servers.refused.update(NAMES),
    ],
)
def test_nothing_falls_while_servers_cannot_be_told(trouble: Callable[[Played], object]) -> None:
    played = Played(guard="DenyUnlessReleased")
    trouble(played)

    played.tick()
    played.tick()

    assert (played.servers.told, played.number) == ("", 10)


def test_what_is_unsafe_is_not_begun() -> None:
    played = Played()
    unsafe = Refusal(RefusalCode.ROLLOUT_IN_PROGRESS, "sfu is being rolled out")
    key, (pool,) = "media/eu", played.fleet.pools.values()
    played.fleet.pools[key] = replace(pool, unsafe=unsafe)

    tick = played.tick()

    assert (played.servers.told, played.number) == ("", 10)
    assert tick.decision.reasons[-1].inputs == {"because": "sfu is being rolled out"}


def test_blindness_takes_back_who_was_told() -> None:
    played = Played(guard="DenyUnlessReleased")
    played.tick()
    played.demand.participants.clear()

    played.tick()

    assert (played.servers.told, played.number) == ("", 10)


def test_pods_are_not_listed_while_nobody_is_too_many() -> None:
    played = Played()
    played.demand.participants["media/eu"] = 1000.0
    played.demand.empty = 0
    before = played.servers.listed

    for _ in range(3):
        played.tick()

    assert played.servers.listed == before

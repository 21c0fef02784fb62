"""What holds in any world under any orders: nobody, no server and no traffic comes from nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import cycle
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from simulations.policy import Orders, PolicyView, Removal, WorldFacts
from simulations.world.build import build
from simulations.world.fleet import OrderedFleet
from simulations.world.pool_run import PoolRun
from simulations.world.replay import Replayed, replay
from tests.simulations.small import link, pool, scenario, surge, through_link

NOON = "2026-03-02T12:"


@dataclass
class Dictated:
    """Orders one size after the other, every minute, whatever it sees."""

    sizes: list[int]
    removal: Removal
    name: str = "dictated"
    period_seconds: int = 60
    views: list[PolicyView] = field(default_factory=list)
    _next: Iterator[int] = field(init=False)

    def reset(self, facts: WorldFacts) -> None:
        self._next = cycle(self.sizes)

    def decide(self, view: PolicyView) -> Orders:
        self.views.append(view)
        return Orders.of(next(self._next) for _ in view.pools)


def troubled() -> dict[str, object]:
    """An hour in which demand doubles, servers go, logins fail, and a link is thin."""
    hasty = through_link(demand=surge(2.0, at=NOON + "10:00", ramp=600))
    hasty["resource"]["spec"] |= {
        "server": {"participants": 300, "terminationGracePeriodSeconds": 600},
        "launch": {"perMinute": 1000, "burst": 1000},
    }
    calm = pool(demand={"peakParticipants": 1000, "day": "Flat"})
    calm["resource"]["metadata"]["name"] = "us"
    faults = [
        {"name": "zone", "kind": "ZoneLoss", "start": NOON + "20:00", "share": 0.3},
        {"name": "spot", "kind": "SpotReclaim", "start": NOON + "25:00", "share": 0.3}
        | {"noticeSeconds": 300},
        {"name": "sso", "kind": "JoinsFail", "start": NOON + "40:00", "durationSeconds": 300},
        {"name": "boots", "kind": "BootFailure", "start": NOON + "05:00", "share": 0.5}
        | {"durationSeconds": 1800},
    ]
    return {"pools": [hasty, calm], "faults": faults, "links": [link()]}


WORLD = build(scenario(durationSeconds=3600, **troubled()))


@pytest.fixture(scope="module")
def hectic() -> Replayed:
    return replay(WORLD, Dictated([20] * 15 + [6] * 10 + [30] * 35, Removal.REPLICA_SET))


@settings(max_examples=20)
@given(
    sizes=st.lists(st.integers(0, 40), min_size=1, max_size=60),
    removal=st.sampled_from(Removal),
)
def test_everything_is_accounted_for(sizes: list[int], removal: Removal) -> None:
    replayed = replay(WORLD, Dictated(sizes, removal))
    for run in replayed.pools:
        everybody_is_accounted_for(run)
        every_server_is_accounted_for(run)
    (carried,) = replayed.links
    wanted = 1.5 * np.array(replayed.pools[0].columns.present)
    assert carried.carried == np.minimum(wanted, carried.could).tolist()


def everybody_is_accounted_for(run: PoolRun) -> None:
    """Joins are those of demand, who is thrown out comes again, and who is present is counted."""
    sums, latent, ended = run.admission.sums, run.world.latent, run.fleet.draining
    columns, ticks = run.columns, range(WORLD.ticks)
    attempted = latent.joins[latent.history_ticks :].sum()
    assert sums.attempted == pytest.approx(attempted)
    assert sums.attempted == pytest.approx(sums.served + sums.blocked + sums.failed)
    waiting = run.admission.waiting + run.admission.coming
    again = sums.retried + sums.gave_up + sums.ended + waiting
    assert sums.blocked + sums.failed + sums.killed == pytest.approx(again, abs=1e-3)

    assert sums.blocked == pytest.approx(sum(columns.blocked))
    killed = [ended.killed(tick) for tick in ticks]
    assert sums.killed == pytest.approx(sum(each.participants for each in killed))
    assert run.meetings_killed == pytest.approx(sum(each.rooms for each in killed))
    assert run.meetings_lost == pytest.approx(sum(each.lost for each in killed))

    samples = run.plane.samples[-WORLD.ticks :]
    assert columns.present == [sample.present for sample in samples]
    elsewhere = np.array([sample.present - sample.on_ready for sample in samples])
    np.testing.assert_allclose(elsewhere, ended.participants[: WORLD.ticks], atol=1e-6)
    assert (np.array(columns.present) <= latent.scored + 1e-6).all()


def every_server_is_accounted_for(run: PoolRun) -> None:
    """Nothing waits for a launch here, so what is paid for is all that is."""
    fleet, columns = run.fleet, run.columns
    assert isinstance(fleet, OrderedFleet)
    left = fleet.failed + fleet.released + fleet.lost
    assert fleet.ordered == fleet.ready + fleet.pending + left
    all_there = np.array(columns.ready) + columns.pending + columns.draining
    assert columns.paid == all_there.tolist()
    assert columns.draining == fleet.draining.servers[: WORLD.ticks].tolist()


def test_the_laws_were_asked_of_something(hectic: Replayed) -> None:
    run, _ = hectic.pools
    sums, fleet = run.admission.sums, run.fleet
    assert isinstance(fleet, OrderedFleet)
    assert min(sums.blocked, sums.failed, sums.killed, sums.retried, sums.gave_up, sums.ended) > 1
    assert min(fleet.failed, fleet.released, fleet.lost) > 1
    assert min(run.meetings_killed, run.meetings_lost) > 1
    assert hectic.links[0].thinned > 0


def test_servers_that_boot_seat_nobody() -> None:
    growing = surge(3.0, at=NOON + "10:00", ramp=600)
    slow = {"boot": {"p50Seconds": 3600, "p95Seconds": 5400}, "initialServers": 12}
    plan = scenario(durationSeconds=3600, pools=[pool(demand=growing, supply=slow)])
    (run,) = replay(build(plan), Dictated([100], Removal.EMPTY)).pools

    seats = run.world.load.seats * np.array(run.columns.ready)
    assert min(run.columns.pending) > 20
    assert sum(run.columns.blocked) > 100
    # those who were in before the run, on servers that it does not have, have left by then
    assert (run.columns.present[10:] <= 1.01 * seats[10:]).all()


def test_seats_of_ready_servers_are_not_taken_by_those_on_draining_ones() -> None:
    calm = build(scenario(durationSeconds=3600))
    (run,) = replay(calm, Dictated([20] * 10 + [7] * 50, Removal.REPLICA_SET)).pools

    assert run.columns.draining[10] > 0
    assert sum(run.columns.blocked[10:20]) == 0.0


LOST = {"name": "zone", "kind": "ZoneLoss", "start": NOON + "30:00", "share": 0.5}


@pytest.mark.parametrize(
    ("sizes", "faults"),
    [([30], [LOST]), ([30] * 30 + [15] * 30, [])],
    ids=["lost", "released"],
)
def test_servers_that_go_take_their_rooms_with_them(sizes: list[int], faults: list[Any]) -> None:
    slowly = {"rejoinOverSeconds": 3600}
    policy = Dictated(sizes, Removal.REPLICA_SET)
    replay(build(scenario(durationSeconds=3600, faults=faults, clients=slowly)), policy)

    before, after = (policy.views[tick].pools[0].occupied for tick in (30, 31))
    assert after <= 0.6 * before + 1

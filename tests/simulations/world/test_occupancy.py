"""Which servers are empty, fluid against room by room."""

import heapq

import numpy as np
import pytest

from forecast.arrays import FloatArray, IntArray
from simulations.scenario.demand import OFFICE_MEETINGS
from simulations.world.meetings import kinds, mix
from simulations.world.occupancy import Occupancy, occupied_path

RATED, SERVERS = 300, 60
CLASSES = kinds(OFFICE_MEETINGS, tick_seconds=60)
MIX = mix(CLASSES)
USABLE = RATED - MIX.packing_loss
ROOMS = USABLE / MIX.mean_size


def occupancy() -> Occupancy:
    return Occupancy(MIX, rooms_per_server=ROOMS)


def test_a_steady_load_occupies_as_many_servers_as_it_fills() -> None:
    assert {occupancy_after([3.2] * ticks) for ticks in (1, 10, 100)} == {4}


def occupancy_after(loads: list[float]) -> int:
    pool = occupancy()
    return [pool.advance(load) for load in loads][-1]


def test_servers_empty_one_after_the_other_once_load_is_gone() -> None:
    pool = occupancy()
    pool.advance(20.0)

    left = [pool.advance(0.0) for _ in range(400)]

    assert left[0] == 20
    assert left == sorted(left, reverse=True)
    assert 0 < left[45] < 20
    assert left[-1] == 0


def test_servers_that_empty_are_filled_again_before_others() -> None:
    pool = occupancy()
    for load in [20.0] * 5 + [10.0] * 30:
        pool.advance(load)

    assert {pool.advance(20.0) for _ in range(300)} == {20}


def test_a_load_that_jumps_is_on_servers_at_once() -> None:
    assert occupancy_after([5.0, 20.0]) >= 20


@pytest.mark.parametrize("settled", [40.0, 20.0], ids=["at its peak", "after it"])
def test_a_blind_removal_takes_its_share_of_occupied_servers(settled: float) -> None:
    pool = occupancy()
    pool.advance(40.0)
    before = [pool.advance(settled) for _ in range(10)][-1]

    pool.remove_blindly(0.25)

    assert pool.advance(0.75 * settled) == pytest.approx(0.75 * before, abs=1.0)


def test_how_long_a_load_stood_before_it_fell_does_not_matter() -> None:
    """Not even where the tape on which servers grow old is wound back meanwhile."""
    longest = MIX.room_rest.size
    soon, late = occupancy(), occupancy()
    for pool, stood in ((soon, 3 * longest), (late, 7 * longest - 60)):
        for load in [5.0] * 30 + [20.0] * stood:
            pool.advance(load)

    wave = [5.0] * 60 + [20.0] * 60
    assert [soon.advance(load) for load in wave] == [late.advance(load) for load in wave]


def test_what_ended_long_ago_is_forgotten() -> None:
    longest = MIX.room_rest.size
    old, new = occupancy(), occupancy()
    for load in ([20.0] * 60 + [5.0] * 60) * (7 * longest // 120):
        old.advance(load)

    last = [(old.advance(8.0), new.advance(8.0)) for _ in range(8 * longest)][2 * longest :]

    assert {one - other for one, other in last} == {0}


def room_by_room(target: FloatArray) -> tuple[FloatArray, IntArray]:
    """Participants and occupied servers by tick; every room goes to the fullest server it fits."""
    rng = np.random.default_rng(5)
    person_ticks = sum(kind.share * kind.mean_size * kind.mean_length for kind in CLASSES)
    load, rooms = np.zeros(SERVERS), np.zeros(SERVERS, dtype=np.int64)
    ends: list[tuple[int, int, int]] = []
    present, occupied = np.zeros(target.size), np.zeros(target.size, dtype=np.int64)
    for tick, wanted in enumerate(target):
        while ends and ends[0][0] <= tick:
            _, server, size = heapq.heappop(ends)
            load[server] -= size
            rooms[server] -= 1
        for kind in CLASSES:
            starts = int(rng.poisson(wanted * kind.share / person_ticks))
            sizes = rng.choice(kind.sizes, size=starts, p=kind.size_shares)
            lengths = rng.choice(kind.lengths, size=starts, p=kind.length_shares)
            for size, length in zip(sizes.tolist(), lengths.tolist(), strict=True):
                fits = np.flatnonzero(load + size <= RATED)
                server = int(fits[np.argmax(load[fits])])
                load[server] += size
                rooms[server] += 1
                heapq.heappush(ends, (tick + length, server, size))
        present[tick], occupied[tick] = load.sum(), np.count_nonzero(rooms)
    return present, occupied


@pytest.mark.parametrize(
    ("ticks", "targets", "within"),
    [
        ([0, 180, 360, 540], [6000.0, 6000.0, 300.0, 300.0], 0.02),
        ([0, 180, 780, 900], [6000.0, 6000.0, 600.0, 600.0], 0.03),
        ([0, 360, 720, 1080, 1440], [1000.0, 9000.0, 9000.0, 1000.0, 1000.0], 0.03),
        ([0, 180, 190, 540], [6000.0, 6000.0, 300.0, 300.0], 0.05),
    ],
    ids=["evening", "slow evening", "day", "cliff"],
)
def test_the_fluid_keeps_servers_occupied_as_long_as_single_rooms_do(
    ticks: list[int], targets: list[float], within: float
) -> None:
    present, real = room_by_room(np.interp(np.arange(ticks[-1]), ticks, targets))

    fluid = occupied_path(present / USABLE, MIX, rooms_per_server=ROOMS)

    settled = slice(120, None)
    assert fluid[settled].mean() == pytest.approx(real[settled].mean(), rel=within)


def test_required_servers_hold_the_rooms_at_a_steady_load() -> None:
    present, real = room_by_room(np.full(360, 6000.0))

    required = np.ceil(present / USABLE)

    assert np.abs(required[120:] - real[120:]).mean() <= 2

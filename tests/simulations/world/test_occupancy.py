"""Which servers are empty, fluid against room by room."""

import heapq

import numpy as np

from forecast.arrays import FloatArray, IntArray
from simulations.scenario.demand import OFFICE_MEETINGS
from simulations.world.meetings import kinds, mix
from simulations.world.occupancy import Occupancy, hold_ticks, occupied_path

RATED, SERVERS = 300, 60
CLASSES = kinds(OFFICE_MEETINGS, tick_seconds=60)
MIX = mix(CLASSES)
USABLE = RATED - MIX.packing_loss


def holds() -> IntArray:
    return hold_ticks(
        MIX, rooms_per_server=USABLE / MIX.mean_size, pool="eu", seed=1, count=SERVERS
    )


def test_load_occupies_the_first_servers() -> None:
    occupancy = Occupancy(holds())

    occupancy.load(3.2, tick=0)

    assert occupancy.occupied(0) == 4


def test_servers_empty_once_load_is_gone() -> None:
    occupancy = Occupancy(holds())
    occupancy.load(20.0, tick=0)

    left = [occupancy.occupied(tick) for tick in range(300)]

    assert left[0] == 20
    assert left == sorted(left, reverse=True)
    assert left[299] == 0
    assert 0 < left[45] <= 20


def test_a_blind_removal_takes_its_share_of_occupied_servers() -> None:
    occupancy = Occupancy(holds())
    occupancy.load(40.0, tick=0)

    occupancy.remove_blindly(0.25)

    assert 29 <= occupancy.occupied(0) <= 31


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


def test_an_evening_empties_servers_about_as_single_rooms_do() -> None:
    target = np.interp(np.arange(540), [0, 180, 360, 540], [6000.0, 6000.0, 300.0, 300.0])
    present, real = room_by_room(target)

    fluid = occupied_path(present / USABLE, holds())

    settled = slice(120, None)
    assert np.all(fluid[settled] >= real[settled] - 2), "the fluid never sees empty what is not"
    assert fluid[settled].mean() <= 1.35 * real[settled].mean()
    assert fluid[-1] <= 5


def test_required_servers_hold_the_rooms_at_a_steady_load() -> None:
    present, real = room_by_room(np.full(360, 6000.0))

    required = np.ceil(present / USABLE)

    assert np.abs(required[120:] - real[120:]).mean() <= 2

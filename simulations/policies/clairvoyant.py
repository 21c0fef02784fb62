"""The bound: what a policy could do that knew demand, boots and faults from the start.

Least shortage, then least node-hours, under the limits that all policies live with: the launch
rate, the pool's bounds, boots that take as long as they do, the reserve, the room rule, and servers
that leave only when they are empty. Pointwise least supply under a ramp limit is the backward
recursion s(t) = max(need(t), s(t + 1) - ramp); here the ramp is a token bucket.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import grey_closing

from forecast.arrays import FloatArray, IntArray
from simulations.policy import Orders, PolicyView, Removal, WorldFacts
from simulations.world.boots import BootTimes
from simulations.world.draining import Draining
from simulations.world.fleet import Load
from simulations.world.market import Loss, Market
from simulations.world.occupancy import occupied_path
from simulations.world.pool import PoolWorld
from simulations.world.replay import World, ordered_fleet

NAME = "clairvoyant"
_WARM_UP_TICKS = 240
_NOBODY = Load(participants=0.0, rooms=0.0, occupied=0)


@dataclass(slots=True)
class Clairvoyant:
    """A policy in name only: its servers follow their own plan, whatever is ordered."""

    name: str = NAME
    period_seconds: int = 3600
    removal: Removal = Removal.EMPTY

    def reset(self, facts: WorldFacts) -> None:
        """Nothing is left to decide."""

    def decide(self, view: PolicyView) -> Orders:
        """Order what is there."""
        return Orders.of(pool.size for pool in view.pools)


@dataclass(slots=True)
class ForeseenFleet:
    """Servers that appear and leave as planned before the run."""

    supply: list[int]
    booting: list[int]
    draining: Draining
    ready: int
    size: int
    pending: int = 0
    removal: Removal = Removal.EMPTY

    def lose(self, loss: Loss, load: Load, tick: int) -> int:
        """Lose what the plan has foreseen; the servers in its place are planned too."""
        victims = round(self.ready * loss.share)
        if victims:
            share = victims / self.ready
            self.draining.add(
                victims,
                rooms=load.rooms * share,
                participants=load.participants * share,
                tick=tick,
                notice_ticks=loss.notice_ticks,
            )
        return victims

    def order(self, size: int, load: Load, tick: int) -> int:  # noqa: ARG002 all is planned
        """Ignore it."""
        return 0

    def advance(self, tick: int) -> None:
        """Follow the plan."""
        self.ready = self.supply[tick]
        self.pending = self.booting[tick]
        self.size = self.ready + self.pending

    def paid(self, tick: int) -> int:
        """Return servers that cost money during this tick."""
        return self.supply[tick] + self.booting[tick]


def foreseen_fleets(world: World) -> list[ForeseenFleet]:
    """Plan every pool's servers with full knowledge."""
    fleets = []
    for pool in world.pools:
        supply = least_supply(pool, ticks=world.ticks)
        launched = supply + lost_before(supply, pool.market)
        fleets.append(
            ForeseenFleet(
                supply=supply.tolist(),
                booting=_booting(launched, pool.initial, pool.boots).tolist(),
                draining=Draining(pool.mix, grace_ticks=pool.grace_ticks, ticks=world.ticks),
                ready=pool.initial,
                size=pool.initial,
            )
        )
    return fleets


def least_supply(pool: PoolWorld, *, ticks: int) -> IntArray:
    """Return the bound's ready servers by tick."""
    need = np.maximum(pool.reserved, _still_occupied(pool))
    # a dip shorter than a boot costs more to give back than to keep; so does one right at the start
    pause = max(round(pool.boots.mean_ticks), 1)
    found = np.full(pause, pool.initial)
    closed = grey_closing(np.append(found, need), size=(2 * (pause // 2) + 1,), mode="nearest")
    need = closed[pause:]
    limits, market = pool.settings.limits, pool.market
    per_tick = limits.launch_per_minute * pool.latent.tick_seconds / 60.0
    # at the earliest, servers launched in a tick serve so much later
    delay = min(pool.boots.ticks)
    launches = np.where(np.array(market.shut), 0.0, per_tick)
    serving = np.append(np.full(delay, per_tick), launches)[: need.size]
    most = np.minimum(np.maximum(np.array(market.quota), pool.initial), limits.max_servers)
    soonest = _soonest(pool, ticks=ticks)
    supply = need
    for _ in range(1 + len(market.losses)):
        # what is lost has to be launched again, and how much that is depends on what was there
        lost = lost_before(supply, market)
        launched = bucket_envelope(need + lost, per_tick=serving, burst=limits.launch_burst)
        supply = np.minimum(np.minimum(launched, soonest) - lost, most)
    return supply


def lost_before(supply: IntArray, market: Market) -> IntArray:
    """Return how many servers of this supply have been taken away up to each tick."""
    lost = np.zeros(supply.size, dtype=np.int64)
    for tick, loss in market.losses.items():
        if 0 < tick < supply.size:
            lost[tick:] += round(int(supply[tick - 1]) * loss.share)
    return lost


def bucket_envelope(need: IntArray, *, per_tick: FloatArray, burst: int) -> IntArray:
    """Return the least supply above `need` that a bucket filled by `per_tick` can follow."""
    refilled = np.cumsum(per_tick)
    # the largest need(u) - what comes between t and u, over u > t: a running maximum from the right
    ahead = np.maximum.accumulate((need - refilled)[::-1])[::-1]
    later = np.append(ahead[1:], -np.inf) + refilled
    supply: IntArray = np.maximum(need, np.ceil(np.round(later - burst, 6))).astype(np.int64)
    return supply


def _still_occupied(pool: PoolWorld) -> IntArray:
    """Return the servers that rooms keep by tick, where all demand is served."""
    latent = pool.latent
    first = max(latent.history_ticks - _WARM_UP_TICKS, 0)
    load = latent.participants[first:] / pool.load.usable
    most = float(pool.settings.limits.max_servers)
    path = occupied_path(np.minimum(load, most), pool.mix, rooms_per_server=pool.rooms_per_server)
    return path[latent.history_ticks - first :]


def _soonest(pool: PoolWorld, *, ticks: int) -> IntArray:
    """Return how many servers can serve by each tick if all that is possible is ordered at once."""
    fleet = ordered_fleet(pool, ticks=ticks, removal=Removal.EMPTY)
    fleet.order(pool.settings.limits.max_servers, _NOBODY, 0)
    ready = np.zeros(ticks, dtype=np.int64)
    for tick in range(ticks):
        fleet.advance(tick)
        ready[tick] = fleet.ready
    return ready


def _booting(supply: IntArray, initial: int, boots: BootTimes) -> IntArray:
    """Return servers in boot by tick, each ordered as late as its own boot allows."""
    added = np.maximum(np.diff(supply, prepend=initial), 0)
    serving_from = np.repeat(np.arange(supply.size), added)
    serving_boots = np.array(boots.ticks)[~np.array(boots.fails)]
    taken = np.resize(serving_boots, serving_from.size)
    change = np.zeros(supply.size + 1, dtype=np.int64)
    np.add.at(change, np.maximum(serving_from - taken, 0), 1)
    np.add.at(change, serving_from, -1)
    return np.cumsum(change)[:-1]

"""The bound: what a policy could do that knew demand, boots and faults from the start.

Least shortage, then least node-hours, under the limits that all policies live with: the launch
rate, the pool's bounds, boots that take as long as they do, the reserve, the room rule, and servers
that leave only when they are empty. Pointwise least supply under a ramp limit is the backward
recursion s(t) = max(need(t), s(t + 1) - ramp); here the ramp is a token bucket.
"""

from dataclasses import dataclass

import numpy as np
from scipy.ndimage import grey_closing

from forecast.arrays import IntArray
from simulations.policy import Orders, PolicyView, Removal, WorldFacts
from simulations.world.boots import BootTimes
from simulations.world.draining import Draining
from simulations.world.fleet import Load
from simulations.world.occupancy import occupied_path
from simulations.world.pool import PoolWorld
from simulations.world.replay import World

NAME = "clairvoyant"
_WARM_UP_TICKS = 240


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
        supply = least_supply(pool)
        fleets.append(
            ForeseenFleet(
                supply=supply.tolist(),
                booting=_booting(supply, pool.initial, pool.boots).tolist(),
                draining=Draining(pool.mix, grace_ticks=pool.grace_ticks, ticks=world.ticks),
                ready=pool.initial,
                size=pool.initial,
            )
        )
    return fleets


def least_supply(pool: PoolWorld) -> IntArray:
    """Return the bound's ready servers by tick."""
    need = np.maximum(pool.reserved, _still_occupied(pool))
    # a dip shorter than a boot costs more to give back than to keep; so does one right at the start
    pause = max(round(pool.boots.mean_ticks), 1)
    found = np.full(pause, pool.initial)
    closed = grey_closing(np.append(found, need), size=(2 * (pause // 2) + 1,), mode="nearest")
    need = closed[pause:]
    limits = pool.settings.limits
    per_tick = limits.launch_per_minute * pool.latent.tick_seconds / 60.0
    supply = bucket_envelope(need, per_tick=per_tick, burst=limits.launch_burst)
    soonest = _soonest(pool.boots, per_tick=per_tick, burst=limits.launch_burst, ticks=need.size)
    return np.minimum(supply, np.minimum(pool.initial + soonest, limits.max_servers))


def bucket_envelope(need: IntArray, *, per_tick: float, burst: int) -> IntArray:
    """Return the least supply above `need` that a bucket of launches can follow."""
    ticks = np.arange(need.size)
    # the largest need(u) - per_tick * (u - t) over u > t, by a running maximum from the right
    ahead = np.maximum.accumulate((need - per_tick * ticks)[::-1])[::-1]
    later = np.append(ahead[1:], -np.inf) + per_tick * ticks
    supply: IntArray = np.maximum(need, np.ceil(np.round(later - burst, 6))).astype(np.int64)
    return supply


def _still_occupied(pool: PoolWorld) -> IntArray:
    """Return the servers that rooms keep by tick, where all demand is served."""
    latent = pool.latent
    first = max(latent.history_ticks - _WARM_UP_TICKS, 0)
    load = latent.participants[first:] / pool.load.usable
    most = float(pool.settings.limits.max_servers)
    return occupied_path(np.minimum(load, most), pool.hold)[latent.history_ticks - first :]


def _soonest(boots: BootTimes, *, per_tick: float, burst: int, ticks: int) -> IntArray:
    """Return how many servers can serve by each tick if all that is possible is ordered at once."""
    launches = int(burst + per_tick * ticks)
    order = np.arange(launches)
    launched = np.ceil(np.maximum(order + 1 - burst, 0) / per_tick).astype(np.int64)
    draw = order % len(boots.ticks)
    ready = launched + np.array(boots.ticks)[draw]
    serves = ~np.array(boots.fails)[draw] & (ready < ticks)
    return np.cumsum(np.bincount(ready[serves], minlength=ticks))


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

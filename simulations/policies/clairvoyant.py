"""The bound: what a policy could do that knew demand, boots and faults from the start.

Its servers follow the plan of `foresight`, whatever is ordered.
"""

from dataclasses import dataclass

import numpy as np

from forecast.arrays import IntArray
from simulations.policies.foresight import least_supply, lost_before
from simulations.policy import Orders, PolicyView, Removal, WorldFacts
from simulations.world.boots import BootTimes
from simulations.world.draining import Draining
from simulations.world.fleet import Load
from simulations.world.market import Loss
from simulations.world.replay import World

NAME = "clairvoyant"


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
    for pool, supply in zip(world.pools, least_supply(world), strict=True):
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


def _booting(launched: IntArray, initial: int, boots: BootTimes) -> IntArray:
    """Return servers in boot by tick, each as late as it may; failed ones come before the next."""
    added = np.maximum(np.diff(launched, prepend=initial), 0)
    serving_from = np.repeat(np.arange(launched.size), added)
    spent = np.resize(np.array(boots.ticks_per_server), serving_from.size)
    change = np.zeros(launched.size + 1, dtype=np.int64)
    np.add.at(change, np.maximum(serving_from - spent, 0), 1)
    np.add.at(change, serving_from, -1)
    return np.cumsum(change)[:-1]

"""The supply of somebody who knows demand, boots and faults from the start.

Least shortage: no policy has more servers at any tick than one that orders all it may at once, so
what is required and not there even then is unavoidable. Then least node-hours, above what is
required with the pool's reserve and what rooms keep occupied (servers leave only when empty):

* a dip is kept through where that costs less than booting again. Server by server, counted from
  the bottom, this is the least cost while the launch rate does not bind;
* the launch rate then brings forward what it cannot launch in time. Pointwise least supply under a
  ramp limit is the recursion s(t) = max(need(t), s(t + 1) - ramp); here the ramp is a token bucket.

Where the launch rate binds the two steps are not jointly least; against a linear programme on
random instances they cost 1.5 % more at most. Approximations: dips are weighed, and launches timed,
by the mean boot (each boot is paid as drawn); boots that fail or are slow in a fault cost no more
than others, though supply comes as late as they make it; booting and draining servers count
against a quota for what can be there, not for what is. A policy that holds no reserve, or kills
meetings by its releases, may cost less than this.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from scipy.ndimage import grey_closing

from autoscaler.capacity.servers import servers_for
from autoscaler.capacity.zones import with_zones_lost
from forecast.arrays import IntArray
from simulations.policy import Removal
from simulations.world.fleet import Load
from simulations.world.market import Market
from simulations.world.occupancy import occupied_path
from simulations.world.pool import PoolWorld
from simulations.world.replay import World, ordered_fleet

_WARM_UP_TICKS = 240
_NOBODY = Load(participants=0.0, rooms=0.0, occupied=0)


def least_supply(world: World) -> list[IntArray]:
    """Return the bound's ready servers by tick, pool by pool."""
    return [
        _least(pool, held, ticks=world.ticks)
        for pool, held in zip(world.pools, _with_reserve(world.pools), strict=True)
    ]


def _least(pool: PoolWorld, held: IntArray, *, ticks: int) -> IntArray:
    limits, market = pool.settings.limits, pool.market
    soonest = _soonest(pool, ticks=ticks)
    need = np.minimum(np.maximum(held, _still_occupied(pool, soonest)), soonest)
    need = before_stock_outs(need, market.shut, boot=round(pool.boots.mean_ticks))
    per_tick = limits.launch_per_minute * pool.latent.tick_seconds / 60.0
    spent = pool.boots.ticks_per_server
    boot = sum(spent) / max(len(spent), 1)
    supply = need
    for _ in range(1 + len(market.losses)):
        # what is lost has to be launched again, and how much that is depends on what was there
        lost = lost_before(supply, market)
        supply = kept_through_dips(need, initial=pool.initial, boot=boot)
        launched = bucket_envelope(supply + lost, per_tick=per_tick, burst=limits.launch_burst)
        # what comes early for the launch rate has shortened dips
        supply = kept_through_dips(launched - lost, initial=pool.initial, boot=boot)
        supply = np.minimum(supply, soonest)
    return supply


def kept_through_dips(need: IntArray, *, initial: int, boot: float) -> IntArray:
    """Return `need` with every server kept that would be gone for no longer than a boot, in ticks.

    The first dip is that of the `initial` servers; after the last need nothing is kept.
    """
    longest = int(boot)
    found, over = np.full(longest + 1, initial), np.zeros(longest + 1, dtype=np.int64)
    padded = np.concatenate([found, need, over])
    kept: IntArray = grey_closing(padded, size=(longest + 1,))[longest + 1 : -longest - 1]
    return kept


def bucket_envelope(need: IntArray, *, per_tick: float, burst: int) -> IntArray:
    """Return the least supply above `need` that the launch rate can follow.

    The bucket is refilled before each tick's launches, so that they come to `burst` in one tick and
    to `per_tick` more in each further one.
    """
    refilled = per_tick * np.arange(need.size)
    # the largest need(u) - what comes between t and u, over u > t: a running maximum from the right
    ahead = np.maximum.accumulate((need - refilled)[::-1])[::-1]
    later = np.append(ahead[1:], -np.inf) + refilled - (burst - per_tick)
    supply: IntArray = np.maximum(need, np.ceil(np.round(later, 6))).astype(np.int64)
    return supply


def before_stock_outs(need: IntArray, shut: Sequence[bool], *, boot: int) -> IntArray:
    """Return `need` with what a stock-out keeps from being launched there in time."""
    edges = np.flatnonzero(np.diff(np.array(shut, dtype=np.int64), prepend=0, append=0))
    lifted = need.copy()
    for begin, end in edges.reshape(-1, 2):
        stretch = slice(max(int(begin) + boot - 1, 0), int(end) + boot)
        lifted[stretch] = np.maximum.accumulate(lifted[stretch][::-1])[::-1]
    return lifted


def lost_before(supply: IntArray, market: Market) -> IntArray:
    """Return how many servers of this supply have been taken away up to each tick."""
    lost = np.zeros(supply.size, dtype=np.int64)
    for tick, loss in market.losses.items():
        if 0 < tick < supply.size:
            lost[tick:] += round(int(supply[tick - 1]) * loss.share)
    return lost


def _with_reserve(pools: Sequence[PoolWorld]) -> list[IntArray]:
    """Return the servers required with zones and the dearest other pool to lose, within bounds."""
    demand = {pool.name: pool.latent.scored.astype(np.float64) for pool in pools}
    held = []
    for pool in pools:
        limits, reserve = pool.settings.limits, pool.settings.reserve
        guests = np.zeros_like(demand[pool.name])
        for other in reserve.failover:
            if other.pool in demand:
                np.maximum(guests, demand[other.pool] * other.share, out=guests)
        servers = servers_for(demand[pool.name] + guests, pool.load.usable).astype(np.int64)
        servers = with_zones_lost(servers, zones=reserve.zones, zones_lost=reserve.zones_lost)
        held.append(np.clip(servers, limits.min_servers, limits.max_servers))
    return held


def _still_occupied(pool: PoolWorld, soonest: IntArray) -> IntArray:
    """Return the servers that rooms keep by tick, where all demand is served that can be."""
    latent = pool.latent
    first = max(latent.history_ticks - _WARM_UP_TICKS, 0)
    before = latent.history_ticks - first
    load = latent.participants[first:] / pool.load.usable
    load[before:] = np.minimum(load[before:], soonest)
    path = occupied_path(load, pool.mix, rooms_per_server=pool.rooms_per_server)
    return path[before:]


def _soonest(pool: PoolWorld, *, ticks: int) -> IntArray:
    """Return the most servers that can serve by each tick: all that is possible ordered at once.

    Launched into a fault or after it, whichever serves first; nothing is lost, since what is lost
    may have its successors in boot.
    """
    market = pool.market
    ready = _ordered_at_once(pool, ticks=ticks)
    trouble = np.array(market.slower) * (np.array(market.failing) + 1.0) > 1.0
    if trouble.any():
        shut = (np.array(market.shut) | trouble).tolist()
        waiting = replace(pool, market=replace(market, shut=shut))
        ready = np.maximum(ready, _ordered_at_once(waiting, ticks=ticks))
    return ready


def _ordered_at_once(pool: PoolWorld, *, ticks: int) -> IntArray:
    fleet = ordered_fleet(pool, ticks=ticks, removal=Removal.EMPTY)
    fleet.order(pool.settings.limits.max_servers, _NOBODY, 0)
    ready = np.zeros(ticks, dtype=np.int64)
    for tick in range(ticks):
        fleet.advance(tick)
        ready[tick] = fleet.ready
    return ready

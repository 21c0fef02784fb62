"""Virtual time: one policy in one world, from the first tick to the last."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from simulations.policy import Orders, Policy, PolicyView, Removal, WorldFacts
from simulations.scenario.supply import MetricsPlane
from simulations.world.draining import Draining
from simulations.world.fleet import OrderedFleet
from simulations.world.launches import Launches
from simulations.world.ledger import QUARTER_SECONDS, Ledger
from simulations.world.link import LinkWorld
from simulations.world.link_run import LinkRun
from simulations.world.pool import PoolWorld
from simulations.world.pool_run import Fleet, PoolRun

Progress = Callable[[str, float], None]
"""Told a policy's name and the share of its run that is done, 0 to 1."""
_TELL_EVERY_TICKS = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """All pools, and the facts that every policy is told."""

    facts: WorldFacts
    pools: tuple[PoolWorld, ...]
    links: tuple[LinkWorld, ...]
    metrics: MetricsPlane
    ticks: int


@dataclass(frozen=True, slots=True)
class Replayed:
    """What became of each pool and link, in the order of the world's."""

    pools: tuple[PoolRun, ...]
    links: tuple[LinkRun, ...]


def replay(
    world: World,
    policy: Policy,
    *,
    fleets: Sequence[Fleet] | None = None,
    progress: Progress | None = None,
) -> Replayed:
    """Run a policy through the world.

    `fleets` replaces servers that follow orders, for a policy that has foreseen everything; its
    links are there in time, too.
    """
    facts = world.facts
    tick_seconds = facts.tick_seconds
    made = fleets or [
        ordered_fleet(pool, ticks=world.ticks, removal=policy.removal) for pool in world.pools
    ]
    runs = tuple(
        PoolRun(pool, fleet, world.metrics, facts.start)
        for pool, fleet in zip(world.pools, made, strict=True)
    )
    links = tuple(LinkRun(link, foreseen=fleets is not None) for link in world.links)
    ledger = Ledger(facts.history, seconds=world.ticks * tick_seconds)
    policy.reset(facts)
    due, first, by_hand = facts.start, True, True
    for tick in range(world.ticks):
        now = facts.start + tick * tick_seconds
        while due < now + tick_seconds:
            grown = _write_up(ledger, runs, world, due)
            view = PolicyView(
                now=due,
                pools=tuple([run.view(due, tick) for run in runs]),
                history=ledger.history() if first or grown else None,
                links=tuple([link.view(due) for link in links]),
            )
            orders = policy.decide(view)
            by_hand = not orders.links
            _carry_out(orders, runs, links, now=due, tick=tick)
            due, first = due + policy.period_seconds, False
        most = [math.inf] * len(runs)
        for link in links:
            if by_hand:
                link.order_by_hand(now)
            link.begin(now, most)
        for run, fits in zip(runs, most, strict=True):
            run.advance(now, tick, most=fits)
        for link in links:
            link.carry([run.present for run in runs])
        if progress is not None and tick % _TELL_EVERY_TICKS == 0:
            progress(policy.name, tick / world.ticks)
    if progress is not None:
        progress(policy.name, 1.0)
    return Replayed(runs, links)


def ordered_fleet(pool: PoolWorld, *, ticks: int, removal: Removal) -> OrderedFleet:
    """Return a pool's servers as a policy finds them."""
    limits = pool.settings.limits
    return OrderedFleet(
        launches=Launches(
            boots=pool.boots,
            per_tick=limits.launch_per_minute * pool.latent.tick_seconds / 60.0,
            burst=limits.launch_burst,
            market=pool.market,
        ),
        draining=Draining(pool.mix, grace_ticks=pool.grace_ticks, ticks=ticks),
        removal=removal,
        least=limits.min_servers,
        most=limits.max_servers,
        ready=pool.initial,
    )


def _write_up(ledger: Ledger, runs: Sequence[PoolRun], world: World, now: int) -> bool:
    """Write every quarter-hour whose last sample can be read by now; say whether there was one."""
    grown = False
    while ledger.end + QUARTER_SECONDS + world.metrics.lag_seconds <= now:
        ledger.write_quarter([run.plane for run in runs], world.facts.tick_seconds)
        grown = True
    return grown


def _carry_out(
    orders: Orders, runs: Sequence[PoolRun], links: Sequence[LinkRun], *, now: int, tick: int
) -> None:
    for run, order in zip(runs, orders.pools, strict=True):
        run.order(order, now, tick)
    if orders.links:
        for link, link_order in zip(links, orders.links, strict=True):
            link.order(link_order, now)

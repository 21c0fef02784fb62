"""One pool's world before any policy runs in it: demand, limits and luck, the same for all."""

from dataclasses import dataclass, replace

import numpy as np

from autoscaler.capacity.rating import rate
from autoscaler.capacity.servers import servers_for
from autoscaler.capacity.shape import MediaMix
from autoscaler.capacity.zones import with_zones_lost
from autoscaler.planner.settings import Mode, PoolSettings
from autoscaler.resources.settings import pool_settings
from forecast.arrays import IntArray
from simulations.scenario.schema import Scenario, ScenarioPool
from simulations.scenario.supply import FaultKind, Supply
from simulations.world.admission import ServerLoad
from simulations.world.boots import BootTimes, boot_times
from simulations.world.desk import answer_times
from simulations.world.latent import Latent, latent
from simulations.world.market import Market, market
from simulations.world.meetings import Mix, kinds, mix
from simulations.world.plane import Failure

_DRAWN_BOOTS = 4096


@dataclass(frozen=True, slots=True, eq=False)
class PoolWorld:
    """What is fixed before the first tick. Arrays have one entry per tick of the scenario.

    `required` are servers that hold the latent demand under the room rule, no reserve; `reserved`
    the same with the pool's reserve, within its bounds. `latent` includes the history before the
    scenario. `doors_shut` are stretches of ticks in which no join succeeds. The n-th approval takes
    `answers[n]` seconds; a participant sends `mbps_each`.
    """

    settings: PoolSettings
    supply: Supply
    latent: Latent
    mix: Mix
    load: ServerLoad
    required: IntArray
    reserved: IntArray
    boots: BootTimes
    market: Market
    grace_ticks: int
    patience_ticks: float
    rejoin_ticks: int
    doors_shut: tuple[range, ...]
    answers: tuple[int, ...]
    mbps_each: float
    stale_after: int
    min_visible: float
    failures: tuple[Failure, ...]
    initial: int

    @property
    def rooms_per_server(self) -> float:
        """Rooms on a server that is as full as rooms let it be."""
        return self.load.usable / self.mix.mean_size

    @property
    def name(self) -> str:
        """The name by which policies and history know the pool: `namespace/name`."""
        return self.settings.name


def pool_world(pool: ScenarioPool, scenario: Scenario) -> PoolWorld:
    """Draw everything about one pool that no policy can change."""
    tick = scenario.tick_seconds
    spec = pool.resource.spec
    meetings = mix(kinds(scenario.meetings, tick_seconds=tick))
    # what the operator would have fitted from live metrics: the tail that rooms leave on a server
    measured = MediaMix(largest_room=meetings.packing_loss, egress_mbps=pool.egress_mbps)
    settings = pool_settings(pool.resource, mix=measured)
    if settings.mode is Mode.OBSERVE:
        settings = replace(settings, mode=Mode.ACT)  # what acting would do is the question
    load = ServerLoad.of(
        rate(settings.server, measured).full,
        mix=meetings,
        refuse_above=pool.supply.refuse_above_percent / 100.0,
    )
    drawn = latent(pool, scenario)
    wanted = drawn.scored.astype(np.float64)
    required = servers_for(wanted, load.usable).astype(np.int64)
    limits, reserve = settings.limits, settings.reserve
    reserved = np.clip(
        with_zones_lost(required, zones=reserve.zones, zones_lost=reserve.zones_lost),
        limits.min_servers,
        limits.max_servers,
    )
    return PoolWorld(
        settings=settings,
        supply=pool.supply,
        latent=drawn,
        mix=meetings,
        load=load,
        required=required,
        reserved=reserved,
        boots=boot_times(
            pool.supply.boot,
            pool=pool.name,
            seed=scenario.seed,
            tick_seconds=tick,
            count=_DRAWN_BOOTS,
        ),
        market=market(pool, scenario),
        grace_ticks=spec.server.termination_grace_period_seconds // tick,
        patience_ticks=scenario.clients.patience_seconds / tick,
        rejoin_ticks=max(scenario.clients.rejoin_over_seconds // tick, 1),
        doors_shut=_doors_shut(pool.name, scenario),
        answers=answer_times(scenario.answers, seed=scenario.seed, subject=pool.name),
        mbps_each=pool.egress_mbps,
        stale_after=spec.demand.stale_after_seconds,
        min_visible=spec.demand.min_targets_percent / 100.0,
        failures=_failures(pool.name, scenario),
        initial=_initial(reserved, pool.supply, tick_seconds=tick),
    )


def _initial(reserved: IntArray, supply: Supply, *, tick_seconds: int) -> int:
    """Return what holds demand until the first servers ordered in the run can serve."""
    if supply.initial_servers is not None:
        return supply.initial_servers
    return int(reserved[: supply.boot.p95_seconds // tick_seconds + 1].max())


def _failures(pool: str, scenario: Scenario) -> tuple[Failure, ...]:
    return tuple(
        Failure(
            kind=fault.kind,
            start=scenario.epoch(fault.start),
            end=scenario.epoch(fault.start) + fault.lasting_seconds,
            share=fault.share,
        )
        for fault in scenario.faults_of(pool)
        if fault.kind.of_metrics
    )


def _doors_shut(pool: str, scenario: Scenario) -> tuple[range, ...]:
    start, tick = scenario.epoch(scenario.start), scenario.tick_seconds
    begins = [
        (scenario.epoch(fault.start) - start, fault.lasting_seconds)
        for fault in scenario.faults_of(pool)
        if fault.kind is FaultKind.JOINS_FAIL
    ]
    return tuple(range(begin // tick, -(-(begin + lasts) // tick)) for begin, lasts in begins)

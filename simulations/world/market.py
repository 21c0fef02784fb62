"""What one pool's supplier sells, tick by tick: quota, stock, and the windows in which it fails."""

from collections.abc import Sequence
from dataclasses import dataclass

from simulations.scenario.schema import Scenario, ScenarioPool
from simulations.scenario.supply import FaultKind, SupplyLevel

UNLIMITED = 1 << 40


@dataclass(frozen=True, slots=True)
class Loss:
    """A share of the ready servers, told at a tick, gone `notice_ticks` later."""

    share: float
    notice_ticks: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Market:
    """Fixed before the first tick; sequences have one entry per tick of the scenario.

    `quota`: most servers at once, booting and draining ones included. `delivered`: servers that the
    supplier gets to sell at that tick (None: it always has some). `shut`: no launch succeeds.
    `slower` multiplies boot times, and `failing` percent of boots fail, of launches at that tick.
    `losses` by tick.
    """

    quota: Sequence[int]
    delivered: Sequence[int] | None
    shut: Sequence[bool]
    slower: Sequence[float]
    failing: Sequence[float]
    losses: dict[int, Loss]

    def to_sell(self) -> list[int]:
        """Return how many servers have been delivered up to each tick."""
        if self.delivered is None:
            return [UNLIMITED] * len(self.quota)
        total, sums = 0, []
        for servers in self.delivered:
            total += servers
            sums.append(total)
        return sums


def open_market(ticks: int) -> Market:
    """Return a supplier that always has what is asked for."""
    return Market(
        quota=[UNLIMITED] * ticks,
        delivered=None,
        shut=[False] * ticks,
        slower=[1.0] * ticks,
        failing=[0.0] * ticks,
        losses={},
    )


def market(pool: ScenarioPool, scenario: Scenario) -> Market:
    """Lay out what a scenario says about one pool's supplier."""
    start, tick, ticks = scenario.epoch(scenario.start), scenario.tick_seconds, scenario.ticks

    def at(moment: int) -> int:
        return max(-(-(moment - start) // tick), 0)

    quota, shut = [UNLIMITED] * ticks, [False] * ticks
    slower, failing = [1.0] * ticks, [0.0] * ticks
    losses: dict[int, Loss] = {}
    for level in _by_time(pool.supply.quota, scenario):
        begin = at(scenario.epoch(level.start))
        quota[begin:] = [level.servers] * max(ticks - begin, 0)
    delivered = [0] * ticks if pool.supply.stock else None
    for level in pool.supply.stock:
        if delivered is not None and (begin := at(scenario.epoch(level.start))) < ticks:
            delivered[begin] += level.servers
    for fault in scenario.faults_of(pool.name):
        begin = at(scenario.epoch(fault.start))
        end = min(at(scenario.epoch(fault.start) + (fault.duration_seconds or 0)), ticks)
        span = max(end - begin, 0)
        if fault.kind is FaultKind.STOCK_OUT:
            shut[begin:end] = [True] * span
        elif fault.kind is FaultKind.SLOW_BOOT:
            slower[begin:end] = [fault.factor] * span
        elif fault.kind is FaultKind.BOOT_FAILURE:
            failing[begin:end] = [100.0 * fault.share] * span
        elif fault.kind.takes_servers:
            losses[begin] = Loss(fault.share, -(-fault.lasting_seconds // tick))
    return Market(
        quota=quota,
        delivered=delivered,
        shut=shut,
        slower=slower,
        failing=failing,
        losses=losses,
    )


def _by_time(levels: Sequence[SupplyLevel], scenario: Scenario) -> list[SupplyLevel]:
    return sorted(levels, key=lambda level: scenario.epoch(level.start))

"""One tick as it happened: seen, decided, intended, done. Everything reported comes from here."""

from dataclasses import dataclass

from autoscaler.controller.act import Intent
from autoscaler.controller.calibrations import Remeasured
from autoscaler.controller.foreseen import Foreseen
from autoscaler.controller.memory import Written
from autoscaler.controller.orders import OrderIntent
from autoscaler.controller.releasing import Released
from autoscaler.controller.suppliers import Supplied
from autoscaler.engine.decision import Decision, LinkDecision, PoolDecision
from autoscaler.engine.observation import LinkObservation, Observation, PoolObservation
from autoscaler.planner.outlook import PoolOutlook
from autoscaler.ports.demand import Reading
from autoscaler.ports.fleet import FleetSnapshot, Outcome, PoolSnapshot, WriteResult
from autoscaler.resources.egresslink import EgressLink
from forecast.scorecard import StandingChange


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolTick:
    """One pool's share of a tick. `result` is None when nothing had to be written."""

    at: int
    snapshot: PoolSnapshot
    reading: Reading
    observed: PoolObservation
    decision: PoolDecision
    intent: Intent
    result: WriteResult | None
    written: Written | None
    """What stands written after this tick."""
    foreseen: Foreseen | None = None
    """None without a forecast."""
    outlook: PoolOutlook | None = None
    """What lay ahead of the pool."""
    released: Released | None = None
    """None where no server had to be looked at."""


def wrote(tick: PoolTick) -> bool:
    """Say whether the pool's target was written at this tick."""
    return tick.result is not None and tick.result.outcome is Outcome.WRITTEN


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTick:
    """One link's share of a tick. `supplied` is None where people buy."""

    resource: EgressLink
    supplied: Supplied | None
    observed: LinkObservation
    decision: LinkDecision
    intent: OrderIntent


@dataclass(frozen=True, slots=True, kw_only=True)
class Tick:
    """All pools and links at one tick."""

    now: int
    fleet: FleetSnapshot
    observation: Observation
    decision: Decision
    pools: tuple[PoolTick, ...]
    links: tuple[LinkTick, ...]
    standings: tuple[StandingChange, ...] = ()
    """Whose forecast was demoted or trusted since the tick before."""
    remeasured: tuple[Remeasured, ...] = ()
    """Whose servers were measured for the first time, or could not be."""
    seconds: float
    """From the first list to the last write."""

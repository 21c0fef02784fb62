"""What a tick decided: status, events, metrics, journal and page are derived from these values."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from autoscaler.leadtime.values import LeadTime
from autoscaler.planner.reasons import Reason
from autoscaler.planner.run_out import RunOut
from forecast.result import ForecastMode


class Action(StrEnum):
    """What happens to the floor now."""

    HOLD = "Hold"
    RAISE = "Raise"
    RELEASE = "Release"


class Step(NamedTuple):
    """A dated change of a pool's floor (servers) or a link's order (Mbit/s).

    `at` is when to order it, `ready_at` when it is expected to serve; `approve_by` is the last
    moment at which a person must have approved (None: nobody is asked).
    """

    at: int
    ready_at: int
    target: str
    from_: float
    to: float
    reasons: tuple[Reason, ...]
    approve_by: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolDecision:
    """One pool's decision at one tick, in servers.

    `need` is what demand requires within the lead time, before any guard; `floor` is the least
    capacity that must be there or on its way from now on. Only `floor` is ever written: in Act, and
    in Recommend, where it goes no further than what was approved. In Observe it is what would have
    been.
    """

    pool: str
    action: Action
    need: int
    floor: int
    previous: int
    blind: bool
    surge: bool
    lead_time: LeadTime
    forecast_mode: ForecastMode | None
    demand_at_quantile: float | None
    """The forecast participants that set `need`, at the pool's risk quantile; None without a
    forecast.
    """
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...] = ()
    approval: Step | None = None
    """What a person must approve before it is done: the floor does not count on it."""
    limits: tuple[RunOut, ...] = ()
    """What will bite as demand grows, in participants."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkDecision:
    """One link's decision at one tick, in Mbit/s."""

    link: str
    need_mbps: float
    order_mbps: float
    previous_mbps: float
    reasons: tuple[Reason, ...]
    steps: tuple[Step, ...] = ()
    approval: Step | None = None
    limits: tuple[RunOut, ...] = ()
    """What will bite as traffic grows, in Mbit/s."""
    free_burst_minutes_left: float | None = None
    """Minutes above the commit that cost nothing this month (None: not billed like that)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Decision:
    """One tick's decisions, in the observation's order."""

    at: int
    pools: tuple[PoolDecision, ...]
    links: tuple[LinkDecision, ...] = ()

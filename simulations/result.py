"""What a run leaves behind: numbers for programs, timelines for the report."""

import json
import math
from dataclasses import asdict, dataclass, field, fields

from autoscaler.planner.reasons import Reason
from forecast.arrays import BoolArray, FloatArray, IntArray
from simulations.measures.elasticity import Elasticity

_DECIMALS = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyResult:
    """One policy's numbers, pools and ticks summed.

    `blocked_joins_pct`: percent of joins (a participant's first attempt) that no ready,
    non-draining server may take at that moment. `degraded_participant_minutes`: on servers above
    their rating. Shortage: required minus ready servers, where positive; idle the reverse; required
    are servers that hold latent demand under the room rule, without reserve.
    `unavoidable_shortage_node_minutes` is the clairvoyant bound's shortage, `avoidable` what is
    above it; `longest_shortage_minutes` are without a break, in one pool. `lead_margin_p5_seconds`:
    for how long enough servers had been ready when required ones rose, at the 5th percentile of
    rises (negative: too late; None: nothing rose). `node_hours`: from
    launch to termination, boot and drain included; `node_hours_vs_bound` their ratio to the bound's
    (None: those are 0). `releases_while_blind`: servers released while the world gave their pool no
    valid metrics. `meetings_killed`: meetings ended by a release; `meetings_lost`: by a fault.
    `cost`: money at the scenario's prices, `link_cost` of it for links.
    `thinned_participant_minutes`: with less video than asked for, because a link was full.
    `approvals` were asked for, and took `approval_wait_hours` together.
    `elasticity`: the metrics of the SPEC Research Group.
    """

    blocked_joins_pct: float
    degraded_participant_minutes: float
    shortage_node_minutes: float
    unavoidable_shortage_node_minutes: float
    avoidable_shortage_node_minutes: float
    longest_shortage_minutes: float
    lead_margin_p5_seconds: float | None
    idle_node_hours: float
    node_hours: float
    node_hours_vs_bound: float | None
    peak_nodes: int
    releases_while_blind: int
    meetings_killed: int
    cost: float
    elasticity: Elasticity
    meetings_lost: int = 0
    link_cost: float = 0.0
    thinned_participant_minutes: float = 0.0
    approvals: int = 0
    approval_wait_hours: float = 0.0


METRICS = tuple(each.name for each in fields(PolicyResult) if each.name != "elasticity")
"""The plain numbers."""


@dataclass(frozen=True, slots=True)
class Approval:
    """Somebody was asked for a total, and said yes; times are epoch seconds."""

    up_to: float
    asked: int
    answered: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Timeline:
    """One pool under one policy; arrays have one entry per tick, taken at the tick's end.

    `demand` is latent, participants; `joins` and `blocked` are first attempts within the tick.
    `required`, `ready`, `pending`, `draining`, `floor` (what the policy asked for) are servers.
    `forecast` are participants at the policy's quantile one lead time ahead, NaN where it has none.
    `blind` and `surge` are the policy's beliefs, `no_data` the world's truth about its metrics.
    `reasons` are those of the policy's last order (empty: it gives none).
    `approvals` are what somebody was asked for, in servers.
    """

    demand: FloatArray
    present: FloatArray
    joins: FloatArray
    blocked: FloatArray
    required: IntArray
    ready: IntArray
    pending: IntArray
    draining: IntArray
    floor: IntArray
    forecast: FloatArray
    blind: BoolArray
    surge: BoolArray
    no_data: BoolArray
    reasons: tuple[tuple[Reason, ...], ...] = ()
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkTimeline:
    """One link under one policy, Mbit/s by tick.

    `wanted` is latent traffic, `carried` what went through. `bought` is delivered, `ordered` counts
    what is on its way too; `most` could be carried, never more than the port. `reasons` are those
    of the policy's last order (empty: it gives none, or people order by hand). `approvals` are what
    somebody was asked for.
    """

    wanted: FloatArray
    carried: FloatArray
    bought: FloatArray
    ordered: FloatArray
    most: FloatArray
    port_mbps: float
    reasons: tuple[tuple[Reason, ...], ...] = ()
    approvals: tuple[Approval, ...] = ()


@dataclass(frozen=True, slots=True)
class AssertionResult:
    """A sentence of the scenario about what a good controller does, and whether it held."""

    text: str
    passed: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """Something to draw on the time axis: a fault or a surge on [start, end), epoch seconds."""

    kind: str
    label: str
    start: int
    end: int
    pool: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ScenarioResult:
    """One scenario, one seed, several policies.

    `timelines[policy]` has one entry per pool, in the order of `pools`, and
    `link_timelines[policy]` one per link, in that of `links`; tick i ends at
    `start + (i + 1) * tick_seconds`. `regions` are the pools', `link_users` which pools (by index)
    share each link. `to_json` leaves out what only the report draws.
    """

    scenario: str
    title: str
    seed: int
    start: int
    tick_seconds: int
    simulated_seconds: int
    wall_seconds: float
    currency: str
    pools: tuple[str, ...]
    regions: tuple[str, ...]
    assertions: tuple[AssertionResult, ...]
    policies: dict[str, PolicyResult]
    timelines: dict[str, tuple[Timeline, ...]] = field(repr=False)
    links: tuple[str, ...] = ()
    link_users: tuple[tuple[int, ...], ...] = ()
    link_timelines: dict[str, tuple[LinkTimeline, ...]] = field(default_factory=dict, repr=False)
    marks: tuple[Mark, ...] = ()
    provenance: tuple[str, ...] = ()
    derived: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether every assertion held."""
        return all(assertion.passed for assertion in self.assertions)

    def to_json(self) -> str:
        """Return JSON: keys sorted, floats rounded, no NaN; stable but for wall time."""
        document = {
            "scenario": self.scenario,
            "seed": self.seed,
            "simulated_seconds": self.simulated_seconds,
            "wall_seconds": _rounded(self.wall_seconds),
            "assertions": [asdict(assertion) for assertion in self.assertions],
            "policies": {name: _numbers(result) for name, result in self.policies.items()},
        }
        return json.dumps(document, sort_keys=True, indent=2, allow_nan=False)


def _numbers(result: PolicyResult) -> dict[str, object]:
    numbers: dict[str, object] = {name: _rounded(getattr(result, name)) for name in METRICS}
    spec = asdict(result.elasticity)
    return {**numbers, "elasticity": {name: _rounded(value) for name, value in spec.items()}}


def _rounded(value: float | int | None) -> float | int | None:
    """Four decimals; what is not finite is nothing, because JSON has no word for it."""
    if value is None or isinstance(value, int):
        return value
    return round(value, _DECIMALS) if math.isfinite(value) else None

"""A made-up result: demand grows tenfold in an hour, one policy keeps up and others do not."""

from dataclasses import replace

import numpy as np

from autoscaler.planner.reasons import Reason, ReasonCode
from forecast.arrays import FloatArray, IntArray
from simulations.measures.elasticity import Elasticity
from simulations.result import (
    Approval,
    AssertionResult,
    LinkTimeline,
    Mark,
    PolicyResult,
    ScenarioResult,
    Timeline,
)

START = 1_584_921_600  # Mon 23 Mar 2020 00:00 UTC
TICK = 60
PER_SERVER = 100


def tenfold(ticks: int) -> FloatArray:
    """Participants: 500, growing to 5000 between the middle and a sixth later, with waves."""
    at = np.arange(ticks) / ticks
    growth = 500 + 4500 * np.clip((at - 0.5) * 6, 0, 1)
    return np.round(growth * (1 + 0.05 * np.sin(at * 60)), 1)


def timeline(demand: FloatArray, *, lag: int, forecasts: bool = False) -> Timeline:
    """A policy that serves what was required `lag` ticks ago."""
    required = np.ceil(demand / PER_SERVER).astype(np.int64)
    ready: IntArray = np.concatenate([np.full(lag, required[0]), required[: len(demand) - lag]])
    floor: IntArray = np.concatenate(
        [np.full(lag // 2, required[0]), required[: len(demand) - lag // 2]]
    )
    short = np.maximum(required - ready, 0)
    nothing = np.zeros(len(demand), dtype=np.bool_)
    silent = nothing.copy()
    silent[len(demand) // 4 : len(demand) // 3] = True
    forecast = np.roll(demand, -5) * 1.1 if forecasts else np.full(len(demand), np.nan)
    grown = Reason(ReasonCode.FORECAST_NEED, 10, 14)
    return Timeline(
        demand=demand,
        present=np.minimum(demand, ready * PER_SERVER),
        joins=np.full(len(demand), 100.0),
        blocked=np.where(short > 0, 40.0, 0.0),
        required=required,
        ready=ready,
        pending=np.maximum(floor - ready, 0),
        draining=np.zeros(len(demand), dtype=np.int64),
        floor=floor,
        forecast=forecast,
        blind=silent if forecasts else nothing,
        surge=(demand > 2500) if forecasts else nothing,
        no_data=silent,
        reasons=((grown,),) * len(demand) if forecasts else (),
    )


ELASTICITY = Elasticity(
    under_pct=0.1,
    over_pct=24.0,
    under_time_pct=0.5,
    over_time_pct=90.0,
    instability_pct=30.0,
    jitter_per_hour=-1.0,
    deviation_pct=91.0,
    speedup=3.2,
)


def numbers(
    *, blocked: float, shortage: float, ratio: float | None = 1.2, killed: int = 0
) -> PolicyResult:
    """A policy's numbers."""
    return PolicyResult(
        blocked_joins_pct=blocked,
        degraded_participant_minutes=1234.5,
        shortage_node_minutes=shortage,
        unavoidable_shortage_node_minutes=10.0,
        avoidable_shortage_node_minutes=max(0.0, shortage - 10.0),
        longest_shortage_minutes=7.0,
        lead_margin_p5_seconds=-60.0,
        idle_node_hours=20.25,
        node_hours=321.0 * (ratio or 1.0),
        node_hours_vs_bound=ratio,
        peak_nodes=61,
        releases_while_blind=0,
        meetings_killed=killed,
        cost=512.4,
        elasticity=ELASTICITY,
    )


def scenario_result(
    *, ticks: int = 720, pools: tuple[str, ...] = ("eu-west",), passed: bool = True
) -> ScenarioResult:
    """Four policies over `ticks` minutes."""
    demand = tenfold(ticks)
    lags = {"meetscale": 0, "hpa": 12, "hpa-cpu": 40, "clairvoyant": 0}
    return ScenarioResult(
        scenario="overnight-10x",
        title="Ten times the meetings overnight",
        seed=7,
        start=START,
        tick_seconds=TICK,
        simulated_seconds=ticks * TICK,
        wall_seconds=1.25,
        currency="USD",
        pools=pools,
        regions=pools,
        assertions=(
            AssertionResult("blocked joins at most 0.1 %", passed),
            AssertionResult("no server is released while blind", True),
        ),
        policies={
            "meetscale": numbers(blocked=0.004, shortage=12.0),
            "hpa": numbers(blocked=7.31, shortage=840.0, ratio=1.05, killed=3),
            "hpa-cpu": numbers(blocked=31.9, shortage=4120.0, ratio=0.8),
            "clairvoyant": numbers(blocked=0.0, shortage=10.0, ratio=1.0),
        },
        timelines={
            name: tuple(
                timeline(demand * (1 + index), lag=lag, forecasts=name == "meetscale")
                for index in range(len(pools))
            )
            for name, lag in lags.items()
        },
        marks=(
            Mark(
                kind="surge",
                label="schools close",
                start=START + ticks * 30,
                end=START + ticks * 40,
            ),
        ),
        provenance=("Tencent Meeting grew by 15,000 hosts a day in early 2020.",),
        derived=("pools.eu-west.demand.growth.factor", "meetings.0.participants.p95"),
    )


def with_links(result: ScenarioResult) -> ScenarioResult:
    """The same with a link of the first pool's own and, where there are more, one of all pools.

    For the last third of the run 3 Gbit/s are wanted of what carries 2; 2.5 were asked for.
    """
    ticks = result.simulated_seconds // result.tick_seconds
    wanted = np.where(np.arange(ticks) < ticks * 2 // 3, 1000.0, 3000.0)
    had = np.full(ticks, 2000.0)
    asked = Approval(2500.0, result.start + 600, result.start + 2400)
    link = LinkTimeline(
        wanted=wanted,
        carried=np.minimum(wanted, had),
        bought=had,
        ordered=had + 500.0,
        most=had,
        port_mbps=5000.0,
        reasons=((Reason(ReasonCode.LINK_STEP, 2000.0, 2500.0),),) * ticks,
        approvals=(asked,),
    )
    everybody = tuple(range(len(result.pools)))
    users = ((0,), everybody) if len(everybody) > 1 else ((0,),)
    return replace(
        result,
        links=("own", "shared")[: len(users)],
        link_users=users,
        link_timelines={
            name: (link if name == "meetscale" else replace(link, reasons=()),) * len(users)
            for name in result.policies
        },
        policies={
            name: replace(
                each,
                link_cost=12.0,
                approvals=1,
                approval_wait_hours=0.5,
                thinned_participant_minutes=9.0,
            )
            for name, each in result.policies.items()
        },
    )

"""Pools and views for the policies' tests."""

import numpy as np

from autoscaler.capacity.shape import MediaMix, ServerShape
from autoscaler.engine.observation import Demand, DemandState
from autoscaler.planner.settings import (
    Limits,
    Mode,
    PoolSettings,
    ReleaseSettings,
    Reserve,
    Semantics,
)
from forecast.history import History, PointState
from simulations.policy import PolicyView, PoolView, WorldFacts

START = 1_700_000_000 - 1_700_000_000 % 900
STEP = 900


def pool(
    name: str = "eu", *, participants: float = 100.0, least: int = 1, most: int = 1000
) -> PoolSettings:
    """A pool of servers that hold `participants` each."""
    return PoolSettings(
        name=name,
        region=name,
        mode=Mode.ACT,
        semantics=Semantics.FLOOR,
        quantile=0.95,
        server=ServerShape(
            participants=participants, egress_mbps=0.0, packets_per_second=0.0, hourly_cost=1.0
        ),
        mix=MediaMix(),
        limits=Limits(
            min_servers=least, max_servers=most, launch_per_minute=60.0, launch_burst=100
        ),
        release=ReleaseSettings(),
        reserve=Reserve(),
        lead_time_seconds=240.0,
        review_seconds=15.0,
    )


def history(**series: list[float]) -> History:
    """Four quarter-hours or more of demand up to START, all observed."""
    values = np.array(list(series.values()), dtype=np.float64)
    return History(
        series_ids=tuple(series),
        start=START - values.shape[1] * STEP,
        step_seconds=STEP,
        values=values,
        states=np.full(values.shape, PointState.OBSERVED, dtype=np.uint8),
    )


def facts(*pools: PoolSettings, past: History | None = None, size: int = 10) -> WorldFacts:
    """What a policy knows before the first tick."""
    return WorldFacts(
        start=START,
        tick_seconds=60,
        pools=pools,
        initial_sizes=(size,) * len(pools),
        history=past or history(**{each.name: [0.0] * 4 for each in pools}),
        seed=1,
    )


def seen(
    demand: float | None,
    *,
    ready: int = 10,
    pending: int = 0,
    reporting: int | None = None,
    cpu: float | None = None,
) -> PoolView:
    """One pool whose participants are all on its reporting servers."""
    heard = ready if reporting is None else reporting
    state = DemandState.OBSERVED if demand is not None else DemandState.EMPTY
    return PoolView(
        demand=Demand(state=state, participants=demand, sample_time=START),
        participants=demand / heard if demand is not None and heard else None,
        cpu=cpu,
        reporting=heard,
        ready=ready,
        pending=pending,
        draining=0,
        occupied=ready,
        size=ready + pending,
    )


def at(now: int, *pools: PoolView) -> PolicyView:
    """One moment."""
    return PolicyView(now=now, pools=pools)

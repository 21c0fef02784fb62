"""One pool that is easy to compute by hand, and what is seen of it."""

from collections.abc import Sequence

import numpy as np

from autoscaler.capacity.shape import MediaMix, ServerShape
from autoscaler.engine.observation import Demand, DemandState, Observation, PoolObservation
from autoscaler.planner.inventory import Controls, Inventory
from autoscaler.planner.settings import (
    Limits,
    Mode,
    PoolSettings,
    ReleasePolicy,
    ReleaseSettings,
    Reserve,
    Semantics,
    SupplyLimit,
)
from forecast.result import Forecast, ForecastMode

MIDNIGHT = 1_795_392_000
"""2026-11-23 00:00 UTC, a Monday."""
QUARTER = 900


def limits(**changes: object) -> Limits:
    """2 to 100 servers, 60 launched a minute, 60 at once; `quota` is a limit of supply."""
    values = {"min_servers": 2, "max_servers": 100, "launch_per_minute": 60.0, "launch_burst": 60}
    quota = changes.pop("quota", None)
    if isinstance(quota, int):
        changes["supply"] = (SupplyLimit("quota", quota),)
    return Limits(**(values | changes))  # type: ignore[arg-type]


def pool(name: str = "media/eu", **changes: object) -> PoolSettings:
    """Return 100 participants a server at 1.00 an hour, P95 lead time 300 s, never released."""
    values: dict[str, object] = {
        "name": name,
        "region": "eu",
        "mode": Mode.ACT,
        "semantics": Semantics.SIZE,
        "quantile": 0.95,
        "server": ServerShape(
            participants=100.0, egress_mbps=1000.0, packets_per_second=1e6, hourly_cost=1.0
        ),
        "mix": MediaMix(),
        "limits": limits(),
        "release": ReleaseSettings(),
        "reserve": Reserve(),
        "lead_time_seconds": 200.0,
        "review_seconds": 60.0,
    }
    return PoolSettings(**(values | changes))  # type: ignore[arg-type]


def releasing(**changes: object) -> ReleaseSettings:
    """Floors may fall."""
    values: dict[str, object] = {"policy": ReleasePolicy.WHEN_EMPTY}
    return ReleaseSettings(**(values | changes))  # type: ignore[arg-type]


def servers(
    ready: int, *, floor: int | None = None, pending: int = 0, occupied: int | None = None
) -> Inventory:
    """Return `ready` servers, all occupied and all asked for unless said otherwise."""
    return Inventory(
        floor=ready + pending if floor is None else floor,
        ready=ready,
        pending=pending,
        draining=0,
        occupied=ready if occupied is None else occupied,
    )


def demand(
    participants: float | None, state: DemandState = DemandState.OBSERVED, *, refused: float = 0.0
) -> Demand:
    """Return demand as seen now."""
    return Demand(state=state, participants=participants, sample_time=None, refused=refused)


def seen(
    settings: PoolSettings,
    inventory: Inventory,
    *,
    participants: float | None,
    state: DemandState = DemandState.OBSERVED,
    refused: float = 0.0,
    controls: Controls | None = None,
) -> PoolObservation:
    """Return one pool's observation."""
    return PoolObservation(
        settings=settings,
        demand=demand(participants, state, refused=refused),
        inventory=inventory,
        controls=controls or Controls(),
    )


def tick(now: int, *pools: PoolObservation) -> Observation:
    """Return an observation of these pools."""
    return Observation(now=now, pools=pools)


def forecast(
    paths: dict[str, Sequence[float]],
    *,
    start: int = MIDNIGHT,
    mode: ForecastMode = ForecastMode.NORMAL,
    step_seconds: int = QUARTER,
    spread: float = 0.0,
) -> Forecast:
    """Return a forecast of these median paths; each upper quantile is `spread` of them higher."""
    median = np.array(list(paths.values()), dtype=np.float64)
    quantiles = (0.5, 0.9, 0.95, 0.99)
    values = np.stack([median * (1.0 + spread * i) for i in range(4)], axis=-1)
    count = len(paths)
    return Forecast(
        series_ids=tuple(paths),
        issued_at=start,
        start=start,
        step_seconds=step_seconds,
        quantiles=quantiles,
        values=values,
        modes=(mode,) * count,
        models=("example",) * count,
        reasons=((),) * count,
    )

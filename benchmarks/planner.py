"""What deciding costs: `make bench-planner`.

One tick of all pools, a look ahead when a forecast comes, and a day of require() for one pool. The
forecast is given: how long making one takes is in docs/benchmarks/forecast.md.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from statistics import median
from typing import Annotated

import numpy as np
import typer
from rich.console import Console

from autoscaler.capacity.shape import MediaMix, ServerShape
from autoscaler.engine.observation import Demand, DemandState, Observation, PoolObservation
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.planner.growth import Growth
from autoscaler.planner.inventory import Inventory
from autoscaler.planner.outlook import look_ahead
from autoscaler.planner.require import Sight, require
from autoscaler.planner.settings import (
    Limits,
    Mode,
    PoolSettings,
    ReleasePolicy,
    ReleaseSettings,
    Reserve,
    Semantics,
)
from benchmarks.machine import describe_machine
from benchmarks.report import Table, replace_generated, to_markdown, to_rich
from forecast.result import Forecast, ForecastMode

_PAGE = Path("docs/benchmarks/planner.md")
_BEGIN = 1_795_392_000
"""Monday, 23 November 2026, 00:00 UTC."""
_DAY, _MINUTE, _QUARTER = 86_400, 60, 900
_HORIZON = 192
_QUANTILES = (0.5, 0.9, 0.95, 0.99)


def main(
    pools: Annotated[int, typer.Option(min=1)] = 1000,
    page: Annotated[Path, typer.Option(help="Where the table goes.")] = _PAGE,
) -> None:
    """Measure, print the table and write it into the page."""
    tick, renewed = _ticks(pools, ticks=15), _ticks(pools, ticks=9, renew=True)
    ahead = _looks_ahead(pools, times=9)
    needs = [each / (_DAY // _MINUTE) for each in _requires(times=15)]
    rows = [
        _row(f"{pools:,} pools, one tick, nothing new", tick, "ms", 200.0),
        _row(f"{pools:,} pools, one tick with a new forecast", renewed, "ms", None),
        _row(f"{pools:,} pools, what a new forecast asks of them (look_ahead)", ahead, "ms", None),
        _row("one pool, require(), a tick of a day", needs, "µs", 50.0),
        _row("one pool, a whole tick", _ticks(1, ticks=1440), "µs", None),
    ]
    table = Table(
        "Deciding",
        ("what is done", "least", "median", "unit", "goal"),
        rows,
        "Seconds of one processor: waiting for other processes on the machine is not counted, "
        "though they slow what runs. A day's wave with 2 % noise, 48 h of forecast, one of three "
        "zones in reserve, releases on, a look each minute.",
    )
    Console().print(to_rich(table))
    head = f"{datetime.now(UTC):%Y-%m-%d}, {describe_machine()}."
    before = page.read_text(encoding="utf-8") if page.exists() else "# The planner's speed\n"
    generated = f"{head}\n\n{to_markdown(table)}"
    page.write_text(replace_generated(before, generated), encoding="utf-8")


def _row(what: str, seconds: Sequence[float], unit: str, goal: float | None) -> tuple[str, ...]:
    scale = 1e3 if unit == "ms" else 1e6
    least, middle = (f"{each * scale:.0f}" for each in (min(seconds), median(seconds)))
    return what, least, middle, unit, "–" if goal is None else f"<= {goal:g}"


def _timed(work: Callable[[], object]) -> float:
    begun = time.process_time()
    work()
    return time.process_time() - begun


def _ticks(pools: int, *, ticks: int, renew: bool = False) -> list[float]:
    """Return the seconds of each tick past the first; `renew` gives each a forecast of its own."""
    settings = _settings(pools)
    state = replace(State.empty(), forecast=_forecast(settings))
    rng, floors, spent = np.random.default_rng(7), [60] * pools, []
    for minute in range(ticks + 1):
        noise = 1.0 + 0.02 * rng.standard_normal(pools)
        observation = _observed(
            settings, (_wave(minute * _MINUTE) * noise).tolist(), floors, minute
        )
        if renew:
            state = replace(state, forecast=_forecast(settings))
        begun = time.process_time()
        decision, state = step(observation, state)
        spent.append(time.process_time() - begun)
        floors = [decided.floor for decided in decision.pools]
    return spent[1:]


def _looks_ahead(pools: int, *, times: int) -> list[float]:
    settings = _settings(pools)
    forecast = _forecast(settings)
    return [
        _timed(lambda: look_ahead(settings, forecast=forecast, events=())) for _ in range(times)
    ]


def _requires(*, times: int) -> list[float]:
    """Return the seconds of each day of require(), a minute a tick."""
    settings = _settings(1)
    (outlook,) = look_ahead(settings, forecast=_forecast(settings), events=()).values()
    growth = Growth(_BEGIN, 4000.0, 3950.0, 3800.0)
    sights = [
        Sight(participants=_wave(seconds), censored=False, refused=0.0, relieved=False)
        for seconds in range(0, _DAY, _MINUTE)
    ]

    def day() -> None:
        for minute, sight in enumerate(sights):
            require(
                outlook,
                sight=sight,
                growth=growth,
                now=_BEGIN + minute * _MINUTE,
                lead_seconds=360.0,
                approval_seconds=1800.0,
            )

    return [_timed(day) for _ in range(times)]


def _wave(seconds: float) -> float:
    return float(4000.0 + 3000.0 * np.sin(seconds / _DAY * 2.0 * np.pi))


def _settings(pools: int) -> tuple[PoolSettings, ...]:
    shape = ServerShape(
        participants=100.0, egress_mbps=1000.0, packets_per_second=1e6, hourly_cost=1.0
    )
    limits = Limits(min_servers=2, max_servers=600, launch_per_minute=60.0, launch_burst=120)
    return tuple(
        PoolSettings(
            name=f"media/pool-{index}",
            region="eu",
            mode=Mode.ACT,
            semantics=Semantics.SIZE,
            quantile=0.95,
            server=shape,
            mix=MediaMix(),
            limits=limits,
            release=ReleaseSettings(policy=ReleasePolicy.WHEN_EMPTY),
            reserve=Reserve(zones=3, zones_lost=1),
            lead_time_seconds=200.0,
            review_seconds=60.0,
        )
        for index in range(pools)
    )


def _forecast(settings: Sequence[PoolSettings]) -> Forecast:
    median_path = np.array([_wave(index * _QUARTER) for index in range(_HORIZON)])
    one = np.stack([median_path * (1.0 + 0.05 * each) for each in range(4)], axis=-1)
    count = len(settings)
    return Forecast(
        series_ids=tuple(each.name for each in settings),
        issued_at=_BEGIN,
        start=_BEGIN,
        step_seconds=_QUARTER,
        quantiles=_QUANTILES,
        values=np.repeat(one[None], count, axis=0),
        modes=(ForecastMode.NORMAL,) * count,
        models=("example",) * count,
        reasons=((),) * count,
    )


def _observed(
    settings: Sequence[PoolSettings], demand: list[float], floors: list[int], minute: int
) -> Observation:
    pools = tuple(
        PoolObservation(
            settings=each,
            demand=Demand(state=DemandState.OBSERVED, participants=present, sample_time=None),
            inventory=Inventory(
                floor=floor, ready=floor, pending=0, draining=0, occupied=floor // 2
            ),
        )
        for each, present, floor in zip(settings, demand, floors, strict=True)
    )
    return Observation(now=_BEGIN + minute * _MINUTE, pools=pools)


if __name__ == "__main__":
    typer.run(main)

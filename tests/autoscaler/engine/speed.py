"""What a tick costs: `python -m tests.autoscaler.engine.speed`. Prints medians; asserts nothing."""

import time
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from autoscaler.engine.observation import Observation
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.planner.settings import Reserve
from tests.autoscaler.planner.examples import (
    MIDNIGHT,
    forecast,
    limits,
    pool,
    releasing,
    seen,
    servers,
)


def measure(pools: int, *, ticks: int) -> Sequence[float]:
    """Return the seconds of each tick: a day's wave with 2 % noise, a minute apart, releases on."""
    names = [f"media/pool-{i}" for i in range(pools)]
    wave = 4000.0 + 3000.0 * np.sin(np.arange(192) / 96.0 * 2.0 * np.pi)
    settings = tuple(
        pool(
            name,
            limits=limits(max_servers=600, launch_burst=120),
            release=releasing(),
            reserve=Reserve(zones=3, zones_lost=1),
        )
        for name in names
    )
    state = replace(
        State.empty(), forecast=forecast(dict.fromkeys(names, wave.tolist()), spread=0.05)
    )
    rng, floors, spent = np.random.default_rng(7), [60] * pools, []
    for minute in range(ticks):
        demand = 4000.0 + 3000.0 * np.sin(minute / 1440.0 * 2.0 * np.pi)
        noisy = (demand * (1.0 + 0.02 * rng.standard_normal(pools))).tolist()
        observation = Observation(
            now=MIDNIGHT + 60 * minute,
            pools=tuple(
                seen(each, servers(floor, occupied=floor // 2), participants=present)
                for each, present, floor in zip(settings, noisy, floors, strict=True)
            ),
        )
        begun = time.perf_counter()
        decision, state = step(observation, state)
        spent.append(time.perf_counter() - begun)
        floors = [decided.floor for decided in decision.pools]
    return spent


def main() -> None:
    """Print the median tick, and the first one, which looks ahead."""
    for pools, ticks in ((1, 1440), (4, 1440), (100, 100), (1000, 15)):
        spent = measure(pools, ticks=ticks)
        median = float(np.median(spent[1:]))
        print(
            f"{pools:5d} pools: {median * 1e6:10.0f} us a tick,"
            f" {median / pools * 1e6:6.1f} us a pool; first tick {spent[0] * 1e3:7.1f} ms"
        )


if __name__ == "__main__":
    main()

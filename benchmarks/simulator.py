"""How fast scenarios are replayed, and where the time goes: `python -m benchmarks.simulator`."""

import argparse
import time
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from rich.console import Console

from autoscaler.engine.config import Refreshes
from benchmarks.machine import describe_machine
from benchmarks.report import Table, cell, to_markdown
from forecast.fitted import Fitted
from forecast.history import History
from forecast.result import Forecast
from simulations.policies.hpa import hpa
from simulations.policies.meetscale import Meetscale
from simulations.policy import Orders, Policy, PolicyView, Removal, WorldFacts
from simulations.scenario import source
from simulations.scenario.load import check
from simulations.scenario.schema import Scenario
from simulations.world.build import build
from simulations.world.forecasts import Forecasts
from simulations.world.replay import replay
from simulations.world.score import timeline

ROUNDS = 3


@dataclass(slots=True)
class Stopwatch:
    """Seconds of processor time that this process spent between `start` and `stop`."""

    seconds: float = 0.0
    _since: float = 0.0

    def start(self) -> None:
        """Begin to count."""
        self._since = time.process_time()

    def stop(self) -> None:
        """Add what passed."""
        self.seconds += time.process_time() - self._since


@dataclass(frozen=True, slots=True)
class TimedForecaster:
    """Whoever answers a policy, and how long it took."""

    inner: Refreshes
    watch: Stopwatch

    def refresh(self, history: History, **asked: Any) -> tuple[Forecast, Fitted]:
        """Forecast as ever."""
        self.watch.start()
        try:
            return self.inner.refresh(history, **asked)
        finally:
            self.watch.stop()


@dataclass(slots=True, kw_only=True)
class TimedForecasts(Forecasts):
    """A world's forecasts, and how long they took."""

    watch: Stopwatch = field(default_factory=Stopwatch)

    def by(self, forecaster: Refreshes) -> Refreshes:
        """Return the forecaster as ever."""
        return TimedForecaster(Forecasts.by(self, forecaster), self.watch)


@dataclass(slots=True)
class TimedPolicy:
    """A policy, and how long its decisions took."""

    inner: Policy
    watch: Stopwatch = field(default_factory=Stopwatch)

    @property
    def name(self) -> str:
        """The policy's."""
        return self.inner.name

    @property
    def period_seconds(self) -> int:
        """The policy's."""
        return self.inner.period_seconds

    @property
    def removal(self) -> Removal:
        """The policy's."""
        return self.inner.removal

    def reset(self, facts: WorldFacts) -> None:
        """Begin a run."""
        self.inner.reset(facts)

    def decide(self, view: PolicyView) -> Orders:
        """Decide as ever."""
        self.watch.start()
        orders = self.inner.decide(view)
        self.watch.stop()
        return orders


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """One policy's run of one scenario, seconds of processor time; `engine` has no forecasts."""

    scenario: str
    policy: str
    pools: int
    simulated: int
    built: float
    world: float
    forecast: float
    engine: float
    score: float

    @property
    def seconds(self) -> float:
        """The whole run, the drawing of its world included."""
        return self.built + self.world + self.forecast + self.engine + self.score


def measure(scenario: Scenario, *, policy: str, rounds: int = ROUNDS) -> Measured:
    """Return the quickest of some runs."""
    return min((_once(scenario, policy) for _ in range(rounds)), key=lambda each: each.seconds)


def _once(scenario: Scenario, policy: str) -> Measured:
    chosen: Policy = Meetscale() if policy == "meetscale" else hpa()
    timed, whole = TimedPolicy(chosen), Stopwatch()
    built, scored = Stopwatch(), Stopwatch()
    built.start()
    world = build(scenario)
    built.stop()
    forecasts = TimedForecasts(foreseen=world.facts.forecasts.foreseen)
    world = replace(world, facts=replace(world.facts, forecasts=forecasts))
    whole.start()
    replayed = replay(world, timed)
    whole.stop()
    scored.start()
    for pool in replayed.pools:
        timeline(pool)
    scored.stop()
    return Measured(
        scenario=scenario.name,
        policy=policy,
        pools=len(world.pools),
        simulated=scenario.duration_seconds,
        built=built.seconds,
        world=whole.seconds - timed.watch.seconds,
        forecast=forecasts.watch.seconds,
        engine=timed.watch.seconds - forecasts.watch.seconds,
        score=scored.seconds,
    )


def summed(rows: Sequence[Measured]) -> Measured:
    """Return one policy's runs as if they were one: what a suite of them costs."""
    return Measured(
        scenario=f"all {len(rows)}",
        policy=rows[0].policy,
        pools=sum(row.pools for row in rows),
        simulated=sum(row.simulated for row in rows),
        built=sum(row.built for row in rows),
        world=sum(row.world for row in rows),
        forecast=sum(row.forecast for row in rows),
        engine=sum(row.engine for row in rows),
        score=sum(row.score for row in rows),
    )


def table(rows: Sequence[Measured]) -> Table:
    """Return the runs, the slowest in simulated over real time first, and their sums."""
    ordered = sorted(rows, key=lambda row: row.simulated / row.seconds)
    for policy in sorted({row.policy for row in rows}):
        ordered.append(summed([row for row in rows if row.policy == policy]))
    return Table(
        "Simulator speed",
        (
            "scenario",
            "policy",
            "pools",
            "days",
            "seconds",
            "times real time",
            "draw",
            "world",
            "forecast",
            "engine",
            "score",
        ),
        [
            (
                row.scenario,
                row.policy,
                str(row.pools),
                f"{row.simulated / 86_400:.1f}",
                cell(row.seconds),
                f"{row.simulated / row.seconds:,.0f}",
                cell(row.built),
                cell(row.world),
                cell(row.forecast),
                cell(row.engine),
                cell(row.score),
            )
            for row in ordered
        ],
        "Seconds of one process's processor time. `draw` is what no policy can change, `engine` a "
        "tick's decision without its forecast.",
    )


def main() -> None:
    """Measure the scenarios that are named, or all, and print Markdown."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("scenarios", nargs="*", help="by name; all that are shipped without any")
    parser.add_argument("--rounds", type=int, default=ROUNDS, help="runs, of which one counts")
    said = parser.parse_args()
    names = said.scenarios or sorted(source.shipped())
    rows = []
    for name in names:
        scenario = check(source.parse(source.shipped()[name], name=name))
        rows += [
            measure(scenario, policy=policy, rounds=said.rounds) for policy in ("meetscale", "hpa")
        ]
    console = Console(soft_wrap=True, markup=False)
    console.print(f"{datetime.now(UTC):%Y-%m-%d}, {describe_machine()}.\n")
    console.print(to_markdown(table(rows)))
    console.print(f"The quickest of {said.rounds} runs each.")


if __name__ == "__main__":
    main()

"""One task of a sweep: a scenario as changed, one seed, some policies; and what comes of it."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import asdict, dataclass
from typing import TypeAlias

from simulations.result import METRICS, PolicyResult
from simulations.run import run
from simulations.scenario.load import load
from simulations.scenario.schema import Scenario
from simulations.sweep.axes import Settings

Row: TypeAlias = dict[str, str | int | float | None]
"""One policy's numbers in one run, beside what was varied."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A scenario with `settings` applied, to be run with one seed.

    `key` is of everything that the rows depend on, so that a run that was done need not be again.
    """

    scenario: Scenario
    settings: Settings
    seed: int
    policies: tuple[str, ...]

    @property
    def key(self) -> str:
        """Return a digest of scenario, seed and policies."""
        told = f"{self.scenario.model_dump_json()} {self.seed} {' '.join(self.policies)}"
        return hashlib.sha256(told.encode()).hexdigest()[:16]


def tasks(
    scenarios: Iterable[str],
    settings: Sequence[Settings],
    *,
    assignments: Sequence[str],
    seeds: int,
    policies: tuple[str, ...],
    first_seed: int | None = None,
) -> Iterator[Task]:
    """Return a task for each scenario (name or file), setting and seed.

    Seeds count up from `first_seed`, or from the scenario's own. Raises SpecError for a setting
    that a scenario refuses.
    """
    for name in scenarios:
        for chosen in settings:
            varied = [f"{path}={value}" for path, value in chosen]
            scenario = load(name, assignments=[*assignments, *varied])
            first = scenario.seed if first_seed is None else first_seed
            for seed in range(first, first + seeds):
                yield Task(scenario=scenario, settings=chosen, seed=seed, policies=policies)


def solve(task: Task) -> list[Row]:
    """Run a task; the same rows whoever runs it. Wall time is in none of them."""
    result = run(task.scenario, clock=_no_clock, names=task.policies, seed=task.seed)
    return [
        {
            "scenario": task.scenario.name,
            "seed": task.seed,
            "policy": name,
            "key": task.key,
            **dict(task.settings),
            **_numbers(numbers),
        }
        for name, numbers in result.policies.items()
    ]


def _numbers(result: PolicyResult) -> Row:
    spec = {f"spec_{name}": value for name, value in asdict(result.elasticity).items()}
    return {**{name: getattr(result, name) for name in METRICS}, **spec}


def _no_clock() -> float:
    return 0.0

"""One task of a sweep: a scenario as changed, one seed, some policies; and what comes of it."""

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from typing import TypeAlias

from autoscaler.errors import SpecError
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
    that a scenario refuses, and for two files whose scenarios are called the same.
    """
    files: dict[str, str] = {}
    for name in dict.fromkeys(scenarios):
        for chosen in settings:
            varied = {f"{path}={value}": f"--vary {path}={value}" for path, value in chosen}
            with said_as(varied):
                scenario = load(name, assignments=[*assignments, *varied])
            if files.setdefault(scenario.name, name) != name:
                raise SpecError(
                    f"{name}: name is {scenario.name!r}, which {files[scenario.name]} is called,"
                    " too: results of both could not be told apart"
                )
            first = scenario.seed if first_seed is None else first_seed
            for seed in range(first, first + seeds):
                yield Task(scenario=scenario, settings=chosen, seed=seed, policies=policies)


@contextmanager
def said_as(options: Mapping[str, str]) -> Iterator[None]:
    """Call assignments in a refusal by the options that they were made of."""
    try:
        yield
    except SpecError as error:
        sentence = str(error)
        for assignment, option in options.items():
            for shown in (assignment, repr(assignment)):
                sentence = sentence.replace(f"--set {shown}:", f"{option}:")
        raise SpecError(sentence) from error


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

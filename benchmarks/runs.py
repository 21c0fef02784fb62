"""Many policies in many worlds, in several processes, with a progress bar."""

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from rich.console import Console
from rich.progress import Progress

from simulations.scenario.schema import Scenario
from simulations.sweep.carry_out import carry_out
from simulations.sweep.task import Row, Task


def run_all(
    worlds: Sequence[Scenario],
    labels: Mapping[str, set[str]],
    *,
    first_seed: int,
    seeds: int,
    jobs: int,
) -> list[Row]:
    """Run each world, on `seeds` seeds from the first on, under the labels for its name."""
    tasks = [
        Task(scenario=world, settings=(), seed=seed, policies=tuple(sorted(labels[world.name])))
        for world in worlds
        for seed in range(first_seed, first_seed + seeds)
    ]
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    found: list[Row] = []
    with (
        ProcessPoolExecutor(max_workers=jobs, mp_context=get_context("spawn")) as processes,
        Progress(console=Console(stderr=True), transient=True) as bars,
    ):
        bar = bars.add_task("runs", total=len(tasks))
        for rows in carry_out(tasks, processes):
            bars.update(bar, advance=1)
            found += rows
    return found

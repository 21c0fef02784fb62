"""Every shipped scenario, several seeds: what Meetscale fails of its assertions, and who else does.

`python -m benchmarks.suite [SEEDS] [SCENARIO...]`, in as many processes as there are processors.
Exits 1 where a scenario is one that every policy masters: it would show nothing.
"""

import sys
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import dataclass
from multiprocessing import get_context

from simulations.run import run
from simulations.scenario.assertion import JUDGED, parse, refuted_by
from simulations.scenario.catalog import catalog
from simulations.scenario.load import load

SEEDS = 1
ALWAYS = ("hpa", "hpa-cpu", "static-peak")
"""What runs beside Meetscale and the policies that assertions name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """One scenario and seed: the sentences Meetscale failed, and the other policies that fail."""

    scenario: str
    seed: int
    failed: tuple[str, ...]
    refuted_by: tuple[str, ...]
    seconds: float


def verdict(name: str, offset: int) -> Verdict:
    """Run a scenario with its own seed plus `offset`, against every policy that it names."""
    scenario = load(name)
    named = [parse(each.that).policies for each in scenario.assertions]
    names = frozenset({JUDGED, *ALWAYS}).union(*named)
    result = run(scenario, clock=time.perf_counter, names=names, seed=scenario.seed + offset)
    refuted = refuted_by(scenario.assertions, result.policies)
    return Verdict(
        scenario=name,
        seed=result.seed,
        failed=tuple(each.text for each in result.assertions if not each.passed),
        refuted_by=tuple(each for each in refuted if each not in (JUDGED, "clairvoyant")),
        seconds=result.wall_seconds,
    )


def verdicts(names: Sequence[str], *, seeds: int) -> Iterator[Verdict]:
    """Yield verdicts as they come."""
    with ProcessPoolExecutor(mp_context=get_context("spawn")) as processes:
        waiting = [
            processes.submit(verdict, name, offset) for name in names for offset in range(seeds)
        ]
        for done in as_completed(waiting):
            yield done.result()


def main(arguments: Sequence[str]) -> int:
    """Print a line a verdict; return 1 if a scenario was failed by nobody."""
    seeds = int(arguments[0]) if arguments else SEEDS
    names = arguments[1:] or [entry.name for entry in catalog()]
    began, refuted = time.perf_counter(), set()
    for each in verdicts(names, seeds=seeds):
        if each.refuted_by:
            refuted.add(each.scenario)
        others = ", ".join(each.refuted_by) or "nobody"
        print(f"{each.scenario}, seed {each.seed}, {each.seconds:.1f} s: also fail: {others}")
        for sentence in each.failed:
            print(f"  meetscale fails: {sentence}")
    print(f"{len(names)} scenarios, {seeds} seeds: {time.perf_counter() - began:.0f} s")
    for name in sorted(set(names) - refuted):
        print(f"{name}: every policy masters it, so it shows nothing")
    return 0 if refuted == set(names) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""One scenario, one seed, several policies: the simulator's front door."""

from collections.abc import Callable, Iterable

from simulations.marks import marks
from simulations.policies import clairvoyant
from simulations.policies.registry import USUAL, policies
from simulations.policy import Policy
from simulations.result import ScenarioResult
from simulations.scenario.assertion import judge
from simulations.scenario.schema import Scenario
from simulations.story import derived_numbers
from simulations.world.build import build
from simulations.world.replay import Progress, Replayed, World, replay
from simulations.world.score import (
    Bound,
    link_timeline,
    node_hours,
    score,
    shortage_node_minutes,
    timeline,
)


def run(
    scenario: Scenario,
    *,
    clock: Callable[[], float],
    names: Iterable[str] = USUAL,
    seed: int | None = None,
    progress: Progress | None = None,
) -> ScenarioResult:
    """Replay a scenario against policies by name; the clairvoyant bound always runs.

    `seed` replaces the scenario's own. `clock` gives seconds and is only read for `wall_seconds`.
    Raises SpecError for an unknown policy.
    """
    return run_policies(scenario, policies(names), clock=clock, seed=seed, progress=progress)


def run_policies(
    scenario: Scenario,
    chosen: Iterable[Policy],
    *,
    clock: Callable[[], float],
    seed: int | None = None,
    progress: Progress | None = None,
) -> ScenarioResult:
    """Replay a scenario against policies that are already made, the bound among them."""
    began = clock()
    if seed is not None:
        scenario = scenario.model_copy(update={"seed": seed})
    world = build(scenario)
    runs = {policy.name: _replay(world, policy, progress) for policy in chosen}
    tick_seconds = scenario.tick_seconds
    foreseen = runs[clairvoyant.NAME]
    bound = Bound(
        shortage_node_minutes=shortage_node_minutes(foreseen.pools, tick_seconds),
        node_hours=node_hours(foreseen.pools, tick_seconds),
    )
    results = {name: score(each, bound, tick_seconds=tick_seconds) for name, each in runs.items()}
    return ScenarioResult(
        scenario=scenario.name,
        title=scenario.title,
        seed=scenario.seed,
        start=world.facts.start,
        tick_seconds=tick_seconds,
        simulated_seconds=scenario.duration_seconds,
        wall_seconds=clock() - began,
        currency=_currency(scenario),
        pools=tuple(pool.name for pool in scenario.pools),
        regions=tuple(pool.settings.region for pool in world.pools),
        assertions=judge(scenario.assertions, results),
        policies=results,
        timelines={name: tuple(map(timeline, each.pools)) for name, each in runs.items()},
        links=tuple(link.name for link in scenario.links),
        link_users=tuple(tuple(user.pool for user in link.users) for link in world.links),
        link_timelines={name: tuple(map(link_timeline, each.links)) for name, each in runs.items()},
        marks=marks(scenario, world.facts.events),
        provenance=scenario.provenance,
        derived=derived_numbers(scenario),
    )


def _replay(world: World, policy: Policy, progress: Progress | None) -> Replayed:
    fleets = None
    if policy.name == clairvoyant.NAME:
        fleets = clairvoyant.foreseen_fleets(world)
    return replay(world, policy, fleets=fleets, progress=progress)


def _currency(scenario: Scenario) -> str:
    costs = [pool.resource.spec.cost for pool in scenario.pools]
    return next((cost.currency for cost in costs if cost is not None), "")

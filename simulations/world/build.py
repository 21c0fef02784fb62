"""From a scenario to its world."""

from autoscaler.resources.occurrences import occurrences
from forecast.calendar import DAY, Event
from simulations.policy import WorldFacts
from simulations.scenario.schema import Scenario
from simulations.world.forecasts import Forecasts
from simulations.world.foreseen import Foreseen
from simulations.world.ledger import prior, undisturbed
from simulations.world.link import link_world
from simulations.world.pool import pool_world
from simulations.world.replay import World


def build(scenario: Scenario) -> World:
    """Draw everything that no policy can change: the same for the same scenario and seed."""
    pools = tuple(pool_world(pool, scenario) for pool in scenario.pools)
    links = tuple(link_world(link, pools, scenario) for link in scenario.links)
    latents = [(pool.name, pool.latent) for pool in pools]
    seen = undisturbed(latents, scrape_seconds=scenario.metrics.scrape_seconds)
    facts = WorldFacts(
        start=scenario.epoch(scenario.start),
        tick_seconds=scenario.tick_seconds,
        pools=tuple(pool.settings for pool in pools),
        initial_sizes=tuple(pool.initial for pool in pools),
        history=prior(latents),
        seed=scenario.seed,
        links=tuple(link.settings for link in links),
        events=_announced(scenario),
        forecasts=Forecasts(Foreseen(seen)),
    )
    return World(
        facts=facts, pools=pools, links=links, metrics=scenario.metrics, ticks=scenario.ticks
    )


def _announced(scenario: Scenario) -> tuple[Event, ...]:
    """Return what stands in the calendar from the start of history on."""
    start = scenario.epoch(scenario.start)
    return occurrences(
        scenario.events,
        pools=[pool.resource for pool in scenario.pools],
        start=start - scenario.history_days * DAY,
        end=start + scenario.duration_seconds + DAY,
    )

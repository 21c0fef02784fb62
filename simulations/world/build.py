"""From a scenario to its world."""

from simulations.policy import WorldFacts
from simulations.scenario.schema import Scenario
from simulations.world.ledger import prior
from simulations.world.link import link_world
from simulations.world.pool import pool_world
from simulations.world.replay import World


def build(scenario: Scenario) -> World:
    """Draw everything that no policy can change: the same for the same scenario and seed."""
    pools = tuple(pool_world(pool, scenario) for pool in scenario.pools)
    links = tuple(link_world(link, pools, scenario) for link in scenario.links)
    facts = WorldFacts(
        start=scenario.epoch(scenario.start),
        tick_seconds=scenario.tick_seconds,
        pools=tuple(pool.settings for pool in pools),
        initial_sizes=tuple(pool.initial for pool in pools),
        history=prior([(pool.name, pool.latent) for pool in pools]),
        seed=scenario.seed,
        links=tuple(link.settings for link in links),
    )
    return World(
        facts=facts, pools=pools, links=links, metrics=scenario.metrics, ticks=scenario.ticks
    )

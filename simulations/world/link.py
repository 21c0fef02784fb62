"""One link's world before any policy runs in it: what is wanted of it, and how long things take."""

from dataclasses import dataclass

import numpy as np

from autoscaler.planner.settings import BillingModel, LinkSettings, Tier
from autoscaler.resources.settings import link_settings
from forecast.arrays import FloatArray
from simulations.scenario.links import ByHand, ScenarioLink
from simulations.scenario.schema import Scenario
from simulations.world.desk import answer_times
from simulations.world.lognormal import Lognormal
from simulations.world.pool import PoolWorld
from simulations.world.streams import stream

_DRAWN = 256


@dataclass(frozen=True, slots=True)
class LinkUser:
    """A pool of a link: its index, Mbit/s a participant, latent participants by tick."""

    pool: int
    mbps: float
    participants: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class LinkWorld:
    """What is fixed before the first tick.

    `wanted` is latent traffic by tick, Mbit/s; `thinnest` the share of it below which nobody is let
    in. The n-th order takes `delivery[n]` times what its tier promises, the n-th question
    `answers[n]` seconds.
    """

    settings: LinkSettings
    users: tuple[LinkUser, ...]
    wanted: FloatArray
    thinnest: float
    delivery: tuple[float, ...]
    answers: tuple[int, ...]
    by_hand: ByHand | None
    tick_seconds: int

    @property
    def bursts(self) -> bool:
        """Whether traffic may exceed what was bought, as far as the port goes."""
        billing = self.settings.billing
        return billing is not None and billing.model is BillingModel.PERCENTILE95

    def tier(self, total: float) -> Tier:
        """Return what it takes to have so much in total."""
        tiers = self.settings.tiers
        return next((tier for tier in tiers if total <= tier.up_to_mbps), tiers[-1])

    def bought_for(self, traffic: FloatArray) -> FloatArray:
        """Return the totals, in whole steps above the commit, that carry this traffic."""
        settings = self.settings
        missing = np.maximum(traffic - settings.committed_mbps, 0.0)
        steps = np.ceil(np.round(missing / settings.step_mbps, 6))
        return np.minimum(settings.committed_mbps + steps * settings.step_mbps, settings.max_mbps)


def link_world(link: ScenarioLink, pools: tuple[PoolWorld, ...], scenario: Scenario) -> LinkWorld:
    """Draw everything about one link that no policy can change."""
    settings = link_settings(link.resource)
    users = tuple(
        LinkUser(index, pool.mbps_each, tuple(pool.latent.scored.tolist()))
        for index, pool in enumerate(pools)
        if settings.name in pool.settings.links
    )
    wanted = np.zeros(scenario.ticks)
    for user in users:
        wanted += user.mbps * np.array(user.participants)
    rng = stream(scenario.seed, "deliveries", link.name)
    share = Lognormal(link.delivery.p50_percent / 100.0, link.delivery.p95_percent / 100.0)
    return LinkWorld(
        settings=settings,
        users=users,
        wanted=wanted,
        thinnest=link.thinnest_percent / 100.0,
        delivery=tuple(np.round(share.draw(rng, _DRAWN), 4).tolist()),
        answers=answer_times(
            link.answers or scenario.answers, seed=scenario.seed, subject=link.name
        ),
        by_hand=link.by_hand,
        tick_seconds=scenario.tick_seconds,
    )

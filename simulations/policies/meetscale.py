"""Meetscale itself: the operator's own tick, by import."""

import math
from dataclasses import dataclass, field, replace

from autoscaler.engine.config import EngineConfig
from autoscaler.engine.decision import LinkDecision, PoolDecision
from autoscaler.engine.observation import LinkObservation, Observation, PoolObservation
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.planner.inventory import Allowance, Controls, Inventory
from autoscaler.planner.settings import LinkSettings, PoolSettings
from forecast.calendar import Event
from simulations.policy import (
    LinkOrder,
    LinkView,
    Orders,
    PolicyView,
    PoolOrder,
    PoolView,
    Removal,
    WorldFacts,
)

_NOTHING_SAID = Controls()


@dataclass(slots=True)
class Meetscale:
    """`engine.step` between the world's metrics and its servers.

    The floor is the size: where the target is somebody's floor instead, that somebody may only add.
    What it asks for is approved after the scenario's while.
    `quantile` is the risk quantile of all pools, None for each pool's own.
    """

    quantile: float | None = None
    config: EngineConfig = field(default_factory=EngineConfig)
    name: str = "meetscale"
    period_seconds: int = 60
    removal: Removal = Removal.EMPTY
    _pools: tuple[PoolSettings, ...] = field(default=(), init=False)
    _links: tuple[LinkSettings, ...] = field(default=(), init=False)
    _events: tuple[Event, ...] = field(default=(), init=False)
    _state: State = field(default_factory=State.empty, init=False)
    _asked: EngineConfig = field(default_factory=EngineConfig, init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Start like an operator installed just now: with history, without memory."""
        self._pools, self._links, self._events = facts.pools, facts.links, facts.events
        if self.quantile is not None:
            self._pools = tuple(replace(pool, quantile=self.quantile) for pool in facts.pools)
        self._state = State.empty()
        self._asked = replace(self.config, forecaster=facts.forecasts.by(self.config.forecaster))

    def decide(self, view: PolicyView) -> Orders:
        """Take one tick."""
        observed = tuple(
            [_observed(pool, seen) for pool, seen in zip(self._pools, view.pools, strict=True)]
        )
        links = tuple(
            [_observed_link(link, seen) for link, seen in zip(self._links, view.links, strict=True)]
        )
        observation = Observation(
            now=view.now, pools=observed, links=links, events=self._events, history=view.history
        )
        decision, self._state = step(observation, self._state, config=self._asked)
        return Orders(
            tuple([_order(pool) for pool in decision.pools]),
            tuple([_link_order(link) for link in decision.links]),
        )


def _observed(pool: PoolSettings, seen: PoolView) -> PoolObservation:
    inventory = Inventory(
        floor=seen.size,
        ready=seen.ready,
        pending=seen.pending,
        draining=seen.draining,
        occupied=seen.occupied,
    )
    return PoolObservation(
        settings=pool,
        demand=seen.demand,
        inventory=inventory,
        controls=_controls(seen.allowance),
    )


def _observed_link(link: LinkSettings, seen: LinkView) -> LinkObservation:
    return LinkObservation(
        settings=link,
        used_mbps=seen.used_mbps,
        ordered_mbps=seen.ordered_mbps,
        delivered_mbps=seen.delivered_mbps,
        controls=_controls(seen.allowance),
    )


def _controls(allowance: Allowance | None) -> Controls:
    return _NOTHING_SAID if allowance is None else Controls(allowance=allowance)


def _order(decision: PoolDecision) -> PoolOrder:
    return PoolOrder(
        size=decision.floor,
        ask=0 if decision.approval is None else math.ceil(decision.approval.to),
        forecast=decision.demand_at_quantile,
        blind=decision.blind,
        surge=decision.surge,
        reasons=decision.reasons,
    )


def _link_order(decision: LinkDecision) -> LinkOrder:
    return LinkOrder(
        mbps=decision.order_mbps,
        ask_mbps=0.0 if decision.approval is None else decision.approval.to,
        reasons=decision.reasons,
    )

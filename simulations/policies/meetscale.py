"""Meetscale itself: the operator's own tick, by import."""

from dataclasses import dataclass, field

from autoscaler.engine.config import EngineConfig
from autoscaler.engine.decision import PoolDecision
from autoscaler.engine.observation import Observation, PoolObservation
from autoscaler.engine.state import State
from autoscaler.engine.step import step
from autoscaler.planner.inventory import Inventory
from autoscaler.planner.settings import PoolSettings
from simulations.policy import Orders, PolicyView, PoolOrder, PoolView, Removal, WorldFacts


@dataclass(slots=True)
class Meetscale:
    """`engine.step` between the world's metrics and its servers.

    The floor is the size: where the target is somebody's floor instead, that somebody may only add.
    Nobody approves anything here, so a pool with `approval.aboveReplicas` stays below it.
    """

    config: EngineConfig = field(default_factory=EngineConfig)
    name: str = "meetscale"
    period_seconds: int = 60
    removal: Removal = Removal.EMPTY
    _pools: tuple[PoolSettings, ...] = field(default=(), init=False)
    _state: State = field(default_factory=State.empty, init=False)

    def reset(self, facts: WorldFacts) -> None:
        """Start like an operator installed just now: with history, without memory."""
        self._pools = facts.pools
        self._state = State.empty()

    def decide(self, view: PolicyView) -> Orders:
        """Take one tick."""
        observed = tuple(
            [_observed(pool, seen) for pool, seen in zip(self._pools, view.pools, strict=True)]
        )
        observation = Observation(now=view.now, pools=observed, history=view.history)
        decision, self._state = step(observation, self._state, config=self.config)
        return Orders(tuple([_order(pool) for pool in decision.pools]))


def _observed(pool: PoolSettings, seen: PoolView) -> PoolObservation:
    inventory = Inventory(
        floor=seen.size,
        ready=seen.ready,
        pending=seen.pending,
        draining=seen.draining,
        occupied=seen.occupied,
    )
    return PoolObservation(settings=pool, demand=seen.demand, inventory=inventory)


def _order(decision: PoolDecision) -> PoolOrder:
    return PoolOrder(
        size=decision.floor,
        forecast=decision.demand_at_quantile,
        blind=decision.blind,
        surge=decision.surge,
        reasons=decision.reasons,
    )

"""The answer to a what-if: what each pool and link would order when, and what it costs."""

import math
from dataclasses import dataclass

from autoscaler.engine.decision import Decision, LinkDecision, PoolDecision, Step
from autoscaler.engine.observation import LinkObservation, Observation, PoolObservation
from autoscaler.engine.state import State
from autoscaler.planner.comparison import Comparison


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolAnswer:
    """One pool as it was seen, decided and priced. `notes` say what was assumed or lost."""

    name: str
    observed: PoolObservation
    decision: PoolDecision
    steps: tuple[Step, ...]
    cost: Comparison | None
    currency: str | None
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LinkAnswer:
    """One link, Mbit/s. `quantile` is the highest of the pools that share it (None: no pool)."""

    name: str
    observed: LinkObservation
    decision: LinkDecision
    steps: tuple[Step, ...]
    cost: Comparison | None
    currency: str | None
    quantile: float | None
    lead_seconds: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """The plan at `now`. `engine.step` of `observation` and `before` gives `decision` again."""

    now: int
    observation: Observation
    before: State
    decision: Decision
    pools: tuple[PoolAnswer, ...]
    links: tuple[LinkAnswer, ...]


def pool_steps(decision: PoolDecision, *, now: int) -> tuple[Step, ...]:
    """Return what is ordered now, what waits for a person, and the dated rises, each going on.

    The engine dates its rises from the floor; where an approval is due now they go on from what it
    would give.
    """
    found: list[Step] = []
    if decision.floor != decision.previous:
        found.append(
            Step(
                at=now,
                ready_at=now + math.ceil(decision.lead_time.p95_seconds),
                target=decision.pool,
                from_=float(decision.previous),
                to=float(decision.floor),
                reasons=decision.reasons,
            )
        )
    approval, level = decision.approval, float(decision.floor)
    if approval is not None and (approval.at <= now or not _asks(decision.steps)):
        found.append(approval)
        level = approval.to
    goes_on: float | None = float(decision.floor)
    for step in decision.steps:
        # Rises that go on from each other begin at the floor; one after a fall begins anew.
        goes_on = step.to if step.from_ == goes_on else None
        if goes_on is None:
            found.append(step)
        elif step.to > level or step.to == step.from_:
            found.append(step._replace(from_=min(max(step.from_, level), step.to)))
    return tuple(sorted(found, key=lambda step: step.at))


def link_steps(decision: LinkDecision, *, now: int, lead_seconds: int) -> tuple[Step, ...]:
    """Return what is ordered now, what waits for a person, and the dated orders."""
    later = (*(() if decision.approval is None else (decision.approval,)), *decision.steps)
    if decision.order_mbps <= decision.previous_mbps:
        return later
    ordered = Step(
        at=now,
        ready_at=now + lead_seconds,
        target=decision.link,
        from_=decision.previous_mbps,
        to=decision.order_mbps,
        reasons=decision.reasons,
    )
    return (ordered, *later)


def _asks(steps: tuple[Step, ...]) -> bool:
    return any(step.approve_by is not None for step in steps)

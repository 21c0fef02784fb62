"""Plans that wait for a person: when a new one is needed, and what it says. Pure."""

import hashlib
import json
from collections.abc import Iterable, Sequence
from decimal import Decimal
from math import ceil

from autoscaler.controller.sentences import chain
from autoscaler.controller.times import moment, seconds
from autoscaler.engine.decision import PoolDecision, Step
from autoscaler.planner.comparison import Comparison, Rise, compare_pool
from autoscaler.planner.outlook import PoolOutlook
from autoscaler.resources.capacityplan import (
    ApprovalDecision,
    CapacityPlan,
    CapacityPlanSpec,
    PlanAllowance,
    PlanCost,
    PlanStep,
    PlanUnit,
    Subject,
)
from autoscaler.resources.common import Expiry, ExpiryPolicy, ObjectMeta
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.settings import servers_per_replica
from autoscaler.resources.sfupool import SFUPool

COVERED_PERCENT = 110
"""An approval covers a tenth more than was asked for: a forecast that moves does not ask again."""
ALLOWANCE_SECONDS = 8 * 3600
"""From serving on: an evening with its peak. What is needed longer is asked for again."""
MINUTE = 60


def covering(
    plans: Iterable[CapacityPlan], subject: SFUPool | EgressLink, *, amount: float, now: int
) -> CapacityPlan | None:
    """Return the newest plan that already asks for `amount` (replicas or Mbit/s), or settles it.

    That is one that waits, one whose allowance holds, and one that was denied: until it expires,
    the same question is not asked again.
    """
    found = [
        plan
        for plan in plans
        if _concerns(plan, subject)
        and plan.spec.allowance.up_to >= amount
        and (_unsettled(plan, now=now) or _in_force(plan, now=now))
    ]
    return max(found, key=lambda plan: plan.spec.issue_time, default=None)


def _concerns(plan: CapacityPlan, subject: SFUPool | EgressLink) -> bool:
    """Say whether the plan is this very object's: one deleted and made again starts anew."""
    about = plan.spec.subject
    return plan.metadata.namespace == subject.metadata.namespace and (
        (about.resource, about.uid) == (subject.names.plural, subject.metadata.uid)
    )


def _in_force(plan: CapacityPlan, *, now: int) -> bool:
    approval = plan.spec.approval
    approved = approval is not None and approval.decision is ApprovalDecision.APPROVED
    silent = approval is None and plan.spec.on_expiry is Expiry.PROCEED
    return (approved or silent) and now < seconds(plan.spec.allowance.until)


def _unsettled(plan: CapacityPlan, *, now: int) -> bool:
    approval = plan.spec.approval
    waits = approval is None or approval.decision is ApprovalDecision.DENIED
    return waits and now < seconds(plan.spec.expire_time)


def pool_plan(
    pool: SFUPool, step: Step, *, now: int, cost: Comparison | None = None
) -> CapacityPlan:
    """Return the plan that asks for a step above what the pool may do by itself.

    `cost` prices it until its allowance ends (`allowance_ends`), where there is a price.
    """
    each, price = servers_per_replica(pool), pool.spec.server.hourly_cost
    most = max(pool.spec.max_replicas * each, ceil(step.to))
    up_to = min(ceil(step.to * COVERED_PERCENT / 100), most)
    return _plan(
        pool,
        Subject(
            resource="sfupools",
            name=pool.metadata.name,
            uid=pool.metadata.uid,
            generation=pool.metadata.generation,
        ),
        step,
        unit=PlanUnit.REPLICAS,
        divisor=each,
        up_to=up_to,
        policy=pool.spec.approval,
        max_hourly_cost=None if price is None else price * up_to,
        cost=_money(pool, cost),
        now=now,
    )


def allowance_ends(step: Step) -> int:
    """Return until when what a step's approval allows would hold."""
    return step.ready_at - step.ready_at % MINUTE + ALLOWANCE_SECONDS


def plan_cost(
    outlook: PoolOutlook, decision: PoolDecision, step: Step, *, now: int
) -> Comparison | None:
    """Price a decision whose `step` is approved, until its allowance ends; None without a price."""
    return compare_pool(
        outlook,
        floor=decision.floor,
        previous=decision.previous,
        rises=[Rise(each.ready_at, each.to) for each in (step, *decision.steps)],
        now=now - now % MINUTE,
        until=allowance_ends(step),
    )


def _money(pool: SFUPool, cost: Comparison | None) -> PlanCost | None:
    """Return the comparison in the pool's currency; None where nobody said which."""
    if cost is None or pool.spec.cost is None:
        return None
    return PlanCost.model_validate(
        {
            "currency": pool.spec.cost.currency,
            "planned": f"{cost.planned:.2f}",
            "reactive_only": f"{cost.reactive_only:.2f}",
        }
    )


def link_plan(link: EgressLink, step: Step, *, now: int) -> CapacityPlan:
    """Return the plan that asks for an order on a link: exactly that, as it is bought in steps."""
    tiers = sorted(link.spec.tiers, key=lambda tier: tier.up_to_mbps)
    approver = next((tier.approver for tier in tiers if step.to <= tier.up_to_mbps), "")
    return _plan(
        link,
        Subject(
            resource="egresslinks",
            name=link.metadata.name,
            uid=link.metadata.uid,
            generation=link.metadata.generation,
        ),
        step,
        unit=PlanUnit.MBPS,
        divisor=1,
        up_to=ceil(step.to),
        policy=link.spec.approval,
        approver=approver,
        now=now,
    )


def _plan(
    subject: SFUPool | EgressLink,
    about: Subject,
    step: Step,
    *,
    unit: PlanUnit,
    divisor: int,
    up_to: int,
    policy: ExpiryPolicy,
    now: int,
    approver: str = "",
    max_hourly_cost: Decimal | None = None,
    cost: PlanCost | None = None,
) -> CapacityPlan:
    issued = now - now % MINUTE
    spec = CapacityPlanSpec(
        subject=about,
        digest="0" * 8,
        issue_time=moment(issued),
        expire_time=moment(issued + policy.expire_after_seconds),
        on_expiry=policy.on_expiry,
        unit=unit,
        steps=(
            PlanStep(
                time=moment(step.at - step.at % MINUTE),
                ready_time=moment(step.ready_at - step.ready_at % MINUTE),
                from_=ceil(step.from_ / divisor),
                to=ceil(step.to / divisor),
                reason=_cause(step),
                message=chain(step.reasons)[:1024],
                approver=approver,
            ),
        ),
        allowance=PlanAllowance.model_validate(
            {
                "up_to": ceil(up_to / divisor),
                "max_hourly_cost": None if max_hourly_cost is None else str(max_hourly_cost),
                "until": moment(allowance_ends(step)),
            }
        ),
        cost=cost,
    )
    digest = _digest(spec)
    return CapacityPlan(
        metadata=ObjectMeta(
            name=f"{subject.metadata.name}-{digest}", namespace=subject.metadata.namespace
        ),
        spec=spec.model_copy(update={"digest": digest}),
    )


def _cause(step: Step) -> str:
    """Return what asked for it: the last reason that raised the number."""
    raising: Sequence[str] = [r.code for r in step.reasons if r.after > r.before]
    return raising[-1] if raising else "ApprovalNeeded"


def _digest(spec: CapacityPlanSpec) -> str:
    """Return the plan's name: its times are whole minutes, so two leaders make one object of it."""
    body = spec.model_dump(mode="json", by_alias=True, exclude={"digest", "approval"})
    return hashlib.sha256(json.dumps(body, sort_keys=True).encode()).hexdigest()[:8]

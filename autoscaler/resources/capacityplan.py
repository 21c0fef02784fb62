"""`CapacityPlan`: dated steps that wait for a person. The operator writes it, people approve."""

from enum import StrEnum
from typing import Annotated, ClassVar, Literal

from pydantic import Field

from autoscaler.resources.bounds import Text
from autoscaler.resources.common import Column, Expiry, Names, Part, Resource, ResourceStatus
from autoscaler.resources.rules import Rule, rule, unchanged
from autoscaler.resources.scalars import (
    Approver,
    CamelCase,
    Currency,
    Generation,
    Money,
    Sentence,
    ShortText,
    SubjectName,
    Timestamp,
    Uid,
)

Digest = Annotated[str, Text(r"^[0-9a-f]{8}$", 8, "must be eight hexadecimal digits")]
Amount = Annotated[int, Field(strict=True, ge=0, le=1_000_000_000)]


class Subject(Part):
    """The pool or link that the plan is for, as it was when the plan was made."""

    resource: Literal["sfupools", "egresslinks"]
    """Plural resource name."""
    name: SubjectName
    """Name of the object."""
    uid: Uid
    """UID of the object."""
    generation: Generation
    """The metadata.generation that the plan was made from."""


class PlanUnit(StrEnum):
    """What the numbers of a plan count."""

    REPLICAS = "replicas"
    MBPS = "Mbps"


class PlanStep(Part):
    """One dated change."""

    time: Timestamp
    """When it is ordered."""
    ready_time: Timestamp
    """When it is expected to serve."""
    from_: Annotated[Amount, Field(alias="from")]
    """The number before."""
    to: Amount
    """The number after."""
    reason: CamelCase
    """Why, as one word."""
    message: Sentence = ""
    """Why, as a sentence."""
    approver: Approver = ""
    """Who has to approve; empty: whoever may."""


class PlanAllowance(Part):
    """What an approval covers: later steps inside it ask nobody again."""

    up_to: Amount
    """The largest number covered."""
    max_hourly_cost: Money | None = None
    """Most that it may cost an hour."""
    until: Timestamp
    """Until when."""


class PlanCost(Part):
    """What the plan costs, and what doing nothing ahead would."""

    currency: Currency
    """ISO 4217 code."""
    planned: Money
    """Cost of the steps until the allowance ends."""
    reactive_only: Money
    """Cost of only following demand."""


class ApprovalDecision(StrEnum):
    """What a person decided."""

    APPROVED = "Approved"
    DENIED = "Denied"


class PlanApproval(Part):
    """Who decided, and how."""

    decision: ApprovalDecision
    """Approved or Denied; the first may become the second, never back."""
    user: Annotated[str, Field(strict=True, min_length=1, max_length=256)]
    """Who decided: an admission policy compares it with the authenticated user."""
    comment: ShortText = ""
    """Why, for whoever looks next."""
    time: Timestamp
    """When."""


class CapacityPlanSpec(Part):
    """Steps, what they cost, and what an approval of them would cover."""

    subject: Subject
    """The pool or link that the plan is for."""
    digest: Digest
    """Of everything above approval: the same plan from two leaders is one object."""
    issue_time: Timestamp
    """When the plan was made."""
    expire_time: Timestamp
    """Until when it waits for approval."""
    on_expiry: Expiry = Expiry.HOLD
    """What happens when nobody approved in time: Hold (nothing) or Proceed (do it)."""
    unit: PlanUnit
    """What the numbers count: replicas or Mbps."""
    steps: Annotated[tuple[PlanStep, ...], Field(min_length=1, max_length=64)]
    """Dated changes, in order."""
    allowance: PlanAllowance
    """What an approval covers."""
    cost: PlanCost | None = None
    """What the plan costs; absent where no price is known."""
    approval: PlanApproval | None = None
    """What a person decided. The operator never writes it."""

    @rule(
        "self.issueTime < self.expireTime",
        message="issueTime must be before expireTime",
        field="expireTime",
    )
    def _waits_for_somebody(self) -> bool:
        return self.issue_time < self.expire_time

    _nothing_else_changes = Rule(
        cel="self.subject == oldSelf.subject && self.digest == oldSelf.digest"
        " && self.issueTime == oldSelf.issueTime && self.expireTime == oldSelf.expireTime"
        " && self.onExpiry == oldSelf.onExpiry && self.unit == oldSelf.unit"
        " && self.steps == oldSelf.steps && self.allowance == oldSelf.allowance"
        f" && {unchanged('cost')}",
        message="a plan is immutable except for its approval",
        reason="FieldValueForbidden",
    )
    _approval_only_withdrawn = Rule(
        cel=f"!has(oldSelf.approval) || {unchanged('approval')}"
        " || (has(self.approval) && oldSelf.approval.decision == 'Approved'"
        " && self.approval.decision == 'Denied')",
        message="an approval may only be withdrawn: Approved to Denied, never back",
        field="approval",
        reason="FieldValueForbidden",
    )


class CapacityPlanStatus(ResourceStatus):
    """What became of the plan."""


class CapacityPlan(Resource):
    """Dated steps that wait for a person, each with its reason."""

    names: ClassVar[Names] = Names(
        plural="capacityplans",
        singular="capacityplan",
        short="cplan",
        columns=(
            Column("Subject", ".spec.subject.name"),
            Column("Up To", ".spec.allowance.upTo", "integer"),
            Column("Unit", ".spec.unit"),
            Column("Expires", ".spec.expireTime"),
            Column("Decision", ".spec.approval.decision"),
            Column("By", ".spec.approval.user"),
            Column("Reason", ".spec.steps[0].reason", priority=1),
            Column("Age", ".metadata.creationTimestamp", "date"),
        ),
    )

    kind: Literal["CapacityPlan"] = "CapacityPlan"
    spec: CapacityPlanSpec
    status: CapacityPlanStatus = CapacityPlanStatus()

    @rule(
        "self.metadata.name == self.spec.subject.name + '-' + self.spec.digest",
        message="a plan is named after its subject and digest",
        field="metadata.name",
    )
    def _is_named_after_its_subject(self) -> bool:
        return self.metadata.name == f"{self.spec.subject.name}-{self.spec.digest}"

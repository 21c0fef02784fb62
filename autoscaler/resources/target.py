"""Where a pool's number is written, and what it means there."""

from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Field

from autoscaler.planner.settings import Semantics
from autoscaler.resources.common import ObjectReference
from autoscaler.resources.rules import Rule, rule
from autoscaler.resources.scalars import FieldPath


class Adopt(StrEnum):
    """What to do with a field that another manager owns."""

    IF_UNOWNED = "IfUnowned"
    FORCE = "Force"


class OnDelete(StrEnum):
    """What becomes of the number when the pool is deleted."""

    KEEP = "Keep"
    RESTORE = "Restore"


def _only(group: str, resource: str, path: str, *semantics: Semantics, message: str) -> Rule:
    """Return the rule that this kind of target is written at `path`, meaning one of these."""
    allowed = [str(each) for each in semantics]

    def holds(target: "Target") -> bool:
        concerned = (target.group, target.resource) == (group, resource)
        return not concerned or (target.field_path == path and target.semantics in semantics)

    return Rule(
        cel=f"!has(self.group) || self.group != '{group}' || self.resource != '{resource}'"
        f" || (has(self.fieldPath) && self.fieldPath == '{path}' && self.semantics in {allowed})",
        message=message,
        field="semantics",
        holds=holds,
    )


class Target(ObjectReference):
    """The object and field that is written, and what the number there means."""

    semantics: Semantics
    """What the number means: Floor (least size; its own autoscaler may go above), Size (the size)
    or Headroom (floor minus the servers that exist). No default: the wrong one is an outage."""
    field_path: FieldPath | None = None
    """JSON pointer to the field, below /spec or /metadata/annotations, through maps only."""
    subresource: Literal["scale"] | None = None
    """Write through this subresource instead of a field."""
    servers_per_replica: Annotated[int, Field(strict=True, ge=1, le=1000)] = 1
    """SFU servers that one replica of the target brings."""
    adopt: Adopt = Adopt.IF_UNOWNED
    """IfUnowned refuses a field that another manager owns; Force takes it over once, and a later
    change by somebody else is reported and never fought."""
    on_delete: OnDelete = OnDelete.KEEP
    """When the pool is deleted: Keep the number, or Restore the one found at adoption."""

    @rule(
        "has(self.fieldPath) != has(self.subresource)",
        message="exactly one of fieldPath and subresource must be set",
        reason="FieldValueRequired",
        field="fieldPath",
    )
    def _names_one_place(self) -> bool:
        return (self.field_path is None) != (self.subresource is None)

    @rule(
        "!has(self.subresource) || self.semantics == 'Size'",
        message="a scale subresource is a size: semantics must be Size",
        field="semantics",
    )
    def _scale_is_a_size(self) -> bool:
        return self.subresource is None or self.semantics is Semantics.SIZE

    @rule(
        "!has(self.fieldPath) || !self.fieldPath.matches('/([0-9]+|-)(/|$)')",
        message="fieldPath must not index a list",
        field="fieldPath",
    )
    def _path_goes_through_maps(self) -> bool:
        steps = (self.field_path or "").split("/")
        return not any(step == "-" or step.isdigit() for step in steps)

    _hpa = _only(
        "autoscaling",
        "horizontalpodautoscalers",
        "/spec/minReplicas",
        Semantics.FLOOR,
        message="a HorizontalPodAutoscaler takes Floor at /spec/minReplicas",
    )
    _scaled_object = _only(
        "keda.sh",
        "scaledobjects",
        "/spec/minReplicaCount",
        Semantics.FLOOR,
        message="a ScaledObject takes Floor at /spec/minReplicaCount",
    )
    _capacity_buffer = _only(
        "autoscaling.x-k8s.io",
        "capacitybuffers",
        "/spec/replicas",
        Semantics.FLOOR,
        Semantics.HEADROOM,
        message="a CapacityBuffer takes Floor (one-per-node chunk) or Headroom (server-shaped"
        " chunk) at /spec/replicas",
    )

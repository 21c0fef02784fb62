"""What people are told on the cluster itself: status, events and plans that wait for them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.common import API_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The object that something is said about; `resource` is its plural."""

    resource: str
    kind: str
    namespace: str
    name: str
    uid: str
    generation: int
    api_version: str = API_VERSION

    @property
    def key(self) -> str:
        """`namespace/name`."""
        return f"{self.namespace}/{self.name}"


@dataclass(frozen=True, slots=True)
class StatusReport:
    """A whole status, as JSON values: fields that it lacks are taken away."""

    subject: Subject
    status: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One event: CamelCase `reason`, `action` done or tried, and a sentence as `note`."""

    subject: Subject
    reason: str
    action: str
    note: str
    warning: bool = False


class Reports(Protocol):
    """Every method raises KubernetesError; the caller tries again later with what is true then."""

    def write_status(self, report: StatusReport) -> None:
        """Write a status."""
        ...

    def post(self, notice: Notice, *, now: int) -> None:
        """Post an event, or count one more of the same."""
        ...

    def propose(self, plan: CapacityPlan, *, owner: Subject) -> None:
        """Create the plan unless it exists; it goes when its owner goes."""
        ...

    def discard(self, plan: CapacityPlan) -> None:
        """Delete the plan if it is still there."""
        ...

"""The pools and their targets: what is read of them and how a number is written."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from autoscaler.ports.reports import Subject
from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.common import Condition
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.egresslink import EgressLink
from autoscaler.resources.sfupool import SFUPool


class RefusalCode(StrEnum):
    """Why nothing is written to a target. Stands in conditions and events as it is."""

    TARGET_NOT_FOUND = "TargetNotFound"
    TARGET_CONTESTED = "TargetContested"
    """Somebody else sizes the target, or another pool already does."""
    FIELD_CONTESTED = "FieldContested"
    """The field belongs to another manager, or was taken back after we adopted it."""
    TARGET_PAUSED = "TargetPaused"
    IDLE_BELOW_FLOOR = "IdleReplicasBelowFloor"
    TARGET_AT_ZERO = "TargetAtZero"
    FIELD_NOT_A_NUMBER = "FieldNotANumber"
    RESTORE_UNSUPPORTED = "RestoreUnsupported"
    """Restoring a number needs a finalizer, which the operator has no right to set."""
    WORKLOAD_UNKNOWN = "WorkloadUnknown"
    """What counts the pool's servers does not exist, or does not count them."""
    ROLLOUT_IN_PROGRESS = "RolloutInProgress"
    """The workload replaces its servers: it would choose other victims than ours."""
    GRACE_PERIOD_TOO_SHORT = "GracePeriodTooShort"
    """A pod or its node is ended before the longest meeting is over."""
    STATIC_NODES_UNGUARDED = "StaticNodesUnguarded"
    """A static NodePool begins to delete occupied nodes, irrevocably, unless the guard is on."""
    UNREADABLE = "Unreadable"
    """The API server would not list the target or the workload now."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Nothing may be written to this pool's target: why, and a sentence that says what to do."""

    code: RefusalCode
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TargetSnapshot:
    """A target as listed. `value` and `maximum` are in the target's own replicas.

    `value` is the number there now (None: the field is absent), `maximum` the most the target
    itself allows (None: no such limit), `ours` whether we own the field, and `shared` whether those
    who had it before still do. `revision` is opaque: a write carries it, so that it fails when
    anything changed since.
    """

    uid: str
    revision: str
    value: int | None
    maximum: int | None
    ours: bool
    shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ServerCounts:
    """What the workload says of its servers.

    `desired` of it, `existing` (terminating ones not counted), `ready` among those, and
    `terminating`.
    """

    desired: int
    existing: int
    ready: int
    terminating: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PoolSnapshot:
    """One pool at one tick: the resource, its target and its servers.

    `counts` are None when they could not be read: not the same as none. `refusal` says why nothing
    may be written, `unsafe` why nothing may be released, `caution` what else may end a meeting.
    """

    key: str
    """`namespace/name`, the pool's name everywhere in the engine."""
    resource: SFUPool
    target: TargetSnapshot | None
    counts: ServerCounts | None
    refusal: Refusal | None = None
    unsafe: Refusal | None = None
    caution: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InvalidResource:
    """A resource of ours that makes no sense: reported on itself, otherwise as if not there."""

    subject: Subject
    message: str
    conditions: tuple[Condition, ...] = ()
    """Those that are on it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetSnapshot:
    """Everything listed at one tick, each in the order of its `namespace/name`."""

    pools: tuple[PoolSnapshot, ...]
    links: tuple[EgressLink, ...] = ()
    events: tuple[DemandEvent, ...] = ()
    plans: tuple[CapacityPlan, ...] = ()
    invalid: tuple[InvalidResource, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    """One number for one target, in its own replicas, and what must still be true then."""

    pool: PoolSnapshot
    target: TargetSnapshot
    number: int
    adopting: bool
    """First write to this target: the one at which `adopt: Force` may take the field over."""


class Outcome(StrEnum):
    """How a write ended."""

    WRITTEN = "Written"
    CHANGED = "Changed"
    """Pool or target changed since it was read, or leadership was lost: decided anew next time."""
    REFUSED = "Refused"
    """Another manager owns the field."""
    FAILED = "Failed"


@dataclass(frozen=True, slots=True)
class WriteResult:
    """What became of a write; `message` says why it was not done (empty when it was)."""

    write: Write
    outcome: Outcome
    message: str = ""


class Fleet(Protocol):
    """The truth about pools and targets, listed anew at every tick."""

    def observe(self, *, now: int) -> FleetSnapshot:
        """List everything. Raises KubernetesError without a list: then there is no tick."""
        ...

    def write(
        self, writes: Sequence[Write], *, may_write: Callable[[], bool]
    ) -> Sequence[WriteResult]:
        """Write each number, unless its pool or target changed since it was read.

        `may_write` is asked right before each; once it says no, nothing more is written. Never
        raises: one target's trouble is not another's.
        """
        ...

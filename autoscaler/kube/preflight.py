"""Whether a target may be written at all: refused rather than fought over. Pure.

Each refusal says what to do. The order is from the plainest to the subtlest: no target, another
pool, another controller, a pause, a field that belongs to somebody else.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from autoscaler.kube.fields import MANAGER, Object, Owner, as_number, owners, read
from autoscaler.planner.settings import Mode, Semantics
from autoscaler.ports.fleet import Refusal, RefusalCode
from autoscaler.resources.sfupool import SFUPool
from autoscaler.resources.target import Adopt, OnDelete, Target

REPLICAS = "/spec/replicas"
"""Where a scale subresource keeps its number, in every kind that we know of."""
KEDA_PAUSES = (
    "autoscaling.keda.sh/paused",
    "autoscaling.keda.sh/paused-replicas",
    "autoscaling.keda.sh/paused-scale-in",
    "autoscaling.keda.sh/paused-scale-out",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sight:
    """What was listed around one pool's target.

    `object` is the target, `scalers` the HPAs that size it, `scaled` what it scales if it is an
    HPA, `rival` an older pool with the same target.
    """

    object: Object
    scalers: tuple[str, ...] = ()
    scaled: Object | None = None
    rival: str | None = None


def field_of(target: Target) -> str:
    """Return the path of the number in the target object."""
    return target.field_path or REPLICAS


def preflight(pool: SFUPool, target: Target, sight: Sight) -> Refusal | None:
    """Return why the target must not be written, None when it may be."""
    return (
        _promised(target)
        or _rival(sight)
        or _controlled(target, sight)
        or _keda(target, sight)
        or _at_zero(target, sight)
        or _field(pool, target, sight)
    )


def rivals(pools: Iterable[tuple[str, str, SFUPool]]) -> Mapping[str, str]:
    """Return, for each pool that must give way, the pool that has its target.

    Each pool comes with the path of its target and its creationTimestamp. One that only observes
    gives way to one that writes; among equals the older has it.
    """
    first: dict[str, str] = {}
    losers: dict[str, str] = {}
    for target, _, pool in sorted(pools, key=_seniority):
        holder = first.setdefault(target, pool.key)
        if holder != pool.key:
            losers[pool.key] = holder
    return losers


def _seniority(entry: tuple[str, str, SFUPool]) -> tuple[bool, str, str]:
    _, created, pool = entry
    return pool.spec.mode is Mode.OBSERVE, created, pool.key


def _promised(target: Target) -> Refusal | None:
    """Refuse what is not done yet, rather than accept it and not do it."""
    if target.on_delete is not OnDelete.RESTORE:
        return None
    message = "target.onDelete is Restore, which is not supported yet: use Keep"
    return Refusal(RefusalCode.RESTORE_UNSUPPORTED, message)


def _rival(sight: Sight) -> Refusal | None:
    if sight.rival is None:
        return None
    message = f"SFUPool {sight.rival} has the same target and is older: give this one its own"
    return Refusal(RefusalCode.TARGET_CONTESTED, message)


def _controlled(target: Target, sight: Sight) -> Refusal | None:
    for owner in sight.object.get("metadata", {}).get("ownerReferences", ()):
        if owner.get("kind") == "ScaledObject":
            message = (
                f"{target.resource}/{target.name} belongs to ScaledObject {owner.get('name')}, "
                "which resets it: target its /spec/minReplicaCount instead"
            )
            return Refusal(RefusalCode.TARGET_CONTESTED, message)
        if owner.get("controller"):
            message = (
                f"{target.resource}/{target.name} is controlled by {owner.get('kind')} "
                f"{owner.get('name')}, which resets it: target that instead"
            )
            return Refusal(RefusalCode.TARGET_CONTESTED, message)
    if target.semantics is Semantics.SIZE and sight.scalers:
        message = (
            f"HorizontalPodAutoscaler {', '.join(sight.scalers)} sizes {target.resource}/"
            f"{target.name} too and would undo it: target its /spec/minReplicas as a Floor instead"
        )
        return Refusal(RefusalCode.TARGET_CONTESTED, message)
    return None


def _keda(target: Target, sight: Sight) -> Refusal | None:
    if (target.group, target.resource) != ("keda.sh", "scaledobjects"):
        return None
    annotations = sight.object.get("metadata", {}).get("annotations") or {}
    for pause in KEDA_PAUSES:
        if pause in annotations:
            message = (
                f"ScaledObject {target.name} is paused by {pause}: remove it, or use mode Observe"
            )
            return Refusal(RefusalCode.TARGET_PAUSED, message)
    idle = read(sight.object, "/spec/idleReplicaCount")
    if idle is not None:
        message = (
            f"ScaledObject {target.name} has idleReplicaCount {idle}, which goes below any floor "
            "while its triggers are inactive: remove it"
        )
        return Refusal(RefusalCode.IDLE_BELOW_FLOOR, message)
    return None


def _at_zero(target: Target, sight: Sight) -> Refusal | None:
    is_hpa = (target.group, target.resource) == ("autoscaling", "horizontalpodautoscalers")
    if not is_hpa or sight.scaled is None or as_number(read(sight.scaled, REPLICAS)) != 0:
        return None
    name = sight.scaled.get("metadata", {}).get("name")
    message = f"{name} is at 0 replicas, where an HPA leaves it: scale it to 1 first"
    return Refusal(RefusalCode.TARGET_AT_ZERO, message)


def _field(pool: SFUPool, target: Target, sight: Sight) -> Refusal | None:
    path = field_of(target)
    value = read(sight.object, path)
    if value is not None and as_number(value) is None:
        message = f"{target.resource}/{target.name} {path} is {value!r}: must be a whole number"
        return Refusal(RefusalCode.FIELD_NOT_A_NUMBER, message)
    holders = owners(sight.object, path)
    if Owner(MANAGER, declares=True) in holders or not holders:
        return None
    return _owned(pool, target, sight, holders)


def _owned(
    pool: SFUPool, target: Target, sight: Sight, holders: tuple[Owner, ...]
) -> Refusal | None:
    adopted = pool.status.target is not None and (
        pool.status.target.uid == sight.object.get("metadata", {}).get("uid")
    )
    names = ", ".join(sorted({owner.manager for owner in holders}))
    field = f"{target.resource}/{target.name} {field_of(target)}"
    if adopted:
        message = (
            f"{field} was taken back by {names} after it had been adopted: leave the field out "
            "there (a GitOps apply resets it at each sync), then set mode to Observe and back"
        )
        return Refusal(RefusalCode.FIELD_CONTESTED, message)
    if target.adopt is Adopt.FORCE:
        return None
    if any(owner.declares for owner in holders):
        message = (
            f"{field} is applied by {names}, which will apply it again: leave the field out there, "
            "or set target.adopt to Force to take it over once"
        )
        return Refusal(RefusalCode.TARGET_CONTESTED, message)
    message = f"{field} belongs to {names}: set target.adopt to Force to take it over once"
    return Refusal(RefusalCode.FIELD_CONTESTED, message)

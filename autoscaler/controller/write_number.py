"""From a floor in servers to the number written to a target, in its own replicas. Pure."""

from dataclasses import dataclass

from autoscaler.planner.settings import Semantics


@dataclass(frozen=True, slots=True, kw_only=True)
class WriteNumber:
    """What to write.

    `needed_maximum` is what the target's own maximum would have to be (None: it holds). `kept` says
    that a lower number was asked for without a release and the present one stays.
    """

    number: int
    needed_maximum: int | None = None
    kept: bool = False


def write_number(
    *,
    semantics: Semantics,
    floor: int,
    servers_per_replica: int,
    existing: int,
    current: int | None,
    maximum: int | None,
    releasing: bool,
) -> WriteNumber:
    """Return the number a target must hold for `floor` servers to be there or on their way.

    `existing` are the servers there are, draining ones not counted; only Headroom subtracts them.
    `current` and `maximum` are the target's own. Floor and Size never fall unless `releasing`:
    lowering either lets somebody else choose a victim. Headroom falls by itself, as servers land on
    the warm nodes.
    """
    if semantics is Semantics.HEADROOM:
        return _clamped(_replicas(max(0, floor - existing), servers_per_replica), maximum)
    wanted = _clamped(_replicas(floor, servers_per_replica), maximum)
    if current is not None and wanted.number < current and not releasing:
        return WriteNumber(number=current, needed_maximum=wanted.needed_maximum, kept=True)
    return wanted


def _replicas(servers: int, servers_per_replica: int) -> int:
    return -(-servers // servers_per_replica)


def _clamped(replicas: int, maximum: int | None) -> WriteNumber:
    if maximum is not None and replicas > maximum:
        return WriteNumber(number=maximum, needed_maximum=replicas)
    return WriteNumber(number=replicas)

"""What the operator remembers of its own writes; after a restart, from each pool's status."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from autoscaler.controller.act import Intent
from autoscaler.controller.times import seconds
from autoscaler.planner.settings import Mode, Semantics
from autoscaler.ports.fleet import Outcome, PoolSnapshot, WriteResult
from autoscaler.resources.sfupool import SFUPool


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What was written to one target.

    `floor` is in servers (None: not known), `adopted_value` in the target's own replicas,
    `last_write` epoch seconds.
    """

    target_uid: str
    floor: int | None
    adopted_value: int | None
    last_write: int


def restore(pool: SFUPool) -> Written | None:
    """Return what an earlier operator reported of its writes; None: nothing."""
    target, spec = pool.status.target, pool.spec.target
    if target is None or target.uid is None or spec is None:
        return None
    capacity = pool.status.capacity
    written = None if capacity is None else capacity.written
    return Written(
        target_uid=target.uid,
        floor=None if written is None else written * spec.servers_per_replica,
        adopted_value=target.adopted_value,
        last_write=seconds(target.last_write_time),
    )


class Memory:
    """Written, by pool. What was seen to be written counts more than a status that says it late."""

    def __init__(self) -> None:
        self._written: dict[str, Written] = {}

    def recall(self, pool: PoolSnapshot) -> Written | None:
        """Return what was written to the pool's present target; None once it is another object.

        A field that was taken back is forgotten in Observe: from there it may be adopted again.
        """
        written = self._written.get(pool.key) or restore(pool.resource)
        if written is None or pool.target is None or written.target_uid != pool.target.uid:
            return None
        if pool.resource.spec.mode is Mode.OBSERVE and not pool.target.ours:
            self._written.pop(pool.key, None)
            return None
        return written

    def record(
        self,
        pool: PoolSnapshot,
        intent: Intent,
        result: WriteResult | None,
        *,
        floor: int,
        now: int,
    ) -> None:
        """Remember what the target holds after this tick: written now, or found to hold it already.

        `floor` is what was decided, in servers. Under Headroom it stands nowhere else; a Floor or a
        Size may hold less (its own maximum) or more (what is not released).
        """
        target, wanted = pool.target, pool.resource.spec.target
        if target is None or wanted is None or intent.number is None or intent.hold is not None:
            return
        done = result is not None and result.outcome is Outcome.WRITTEN
        if not done and intent.write is not None:
            return
        before = self.recall(pool)
        if before is None or (intent.write is not None and intent.write.adopting):
            adopted = target.value if done else None
            before = Written(target_uid=target.uid, floor=None, adopted_value=adopted, last_write=0)
        held = (
            floor
            if wanted.semantics is Semantics.HEADROOM
            else intent.number.number * wanted.servers_per_replica
        )
        self._written[pool.key] = replace(
            before, floor=held, last_write=now if done else before.last_write
        )

    def keep_only(self, pools: Iterable[str]) -> None:
        """Forget pools that are gone."""
        for key in self._written.keys() - set(pools):
            del self._written[key]

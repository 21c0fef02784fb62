"""From a decision to the one number that is written, or to the reason why nothing is. Pure."""

from dataclasses import dataclass

from autoscaler.controller.inventory import NOTHING
from autoscaler.controller.write_number import WriteNumber, write_number
from autoscaler.engine.decision import Action, PoolDecision
from autoscaler.planner.inventory import Controls, Freeze
from autoscaler.planner.settings import Mode
from autoscaler.ports.fleet import PoolSnapshot, Write


@dataclass(frozen=True, slots=True)
class Hold:
    """Nothing is written: CamelCase reason and a sentence."""

    reason: str
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """What a decision comes to at the target.

    `number` is None where there is no target. `write` is None when the target already holds the
    number, and when a `hold` forbids it.
    """

    number: WriteNumber | None
    hold: Hold | None
    write: Write | None


def intend(
    pool: PoolSnapshot,
    decision: PoolDecision,
    *,
    controls: Controls,
    trusted: bool,
    now: int,
) -> Intent:
    """Return what to write.

    `trusted` says whether the pool's demand could ever be trusted, before or after a
    restart: an operator that starts blind and without state knows nothing that would justify a
    number.
    """
    target, wanted = pool.target, pool.resource.spec.target
    hold = _hold(pool, decision, controls=controls, trusted=trusted, now=now)
    if target is None or wanted is None:
        return Intent(number=None, hold=hold, write=None)
    number = write_number(
        semantics=wanted.semantics,
        floor=decision.floor,
        servers_per_replica=wanted.servers_per_replica,
        existing=(pool.counts or NOTHING).existing,
        current=target.value,
        maximum=target.maximum,
        # Recommend does nothing unasked, and nobody is asked to approve less.
        releasing=decision.action is Action.RELEASE and pool.resource.spec.mode is Mode.ACT,
    )
    if hold is not None or (target.ours and target.value == number.number):
        return Intent(number=number, hold=hold, write=None)
    write = Write(pool=pool, target=target, number=number.number, adopting=not target.ours)
    return Intent(number=number, hold=None, write=write)


def _hold(
    pool: PoolSnapshot, decision: PoolDecision, *, controls: Controls, trusted: bool, now: int
) -> Hold | None:
    if pool.refusal is not None:
        return Hold(pool.refusal.code, pool.refusal.message)
    if pool.resource.metadata.deletion_timestamp is not None:
        return Hold("Deleting", "the pool is being deleted: nothing is written any more")
    mode = pool.resource.spec.mode
    if mode is Mode.OBSERVE:
        return Hold("ModeObserve", "mode is Observe: nothing is written")
    if mode is Mode.RECOMMEND and not _approved(decision, controls, now=now):
        return Hold("ModeRecommend", "mode is Recommend: nothing is written without an approval")
    if controls.freeze is Freeze.ALL and now < controls.freeze_until:
        return Hold("Frozen", "override.freeze is All: nothing is written until it ends")
    if not trusted:
        message = "started without state and without demand that can be trusted: nothing is written"
        return Hold("BlindWithoutState", message)
    return None


def _approved(decision: PoolDecision, controls: Controls, *, now: int) -> bool:
    allowance = controls.allowance
    return allowance is not None and now < allowance.until and decision.floor <= allowance.up_to

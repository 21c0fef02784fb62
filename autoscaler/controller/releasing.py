"""Servers that go, by name: told first, counted off afterwards, and nobody else.

Pods are listed only while some of them are to go, or were told to. What is remembered from tick to
tick is a hint where to look; who was told stands on the pods themselves.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from autoscaler.controller.act import Intent
from autoscaler.controller.occupied import servers_of
from autoscaler.controller.write_number import WriteNumber
from autoscaler.engine.decision import PoolDecision
from autoscaler.engine.observation import DemandState, PoolObservation
from autoscaler.errors import KubernetesError
from autoscaler.planner.emptying import Wait, wait_for_empty
from autoscaler.planner.inventory import Freeze
from autoscaler.planner.settings import Mode, ReleasePolicy, Semantics
from autoscaler.planner.victims import Verdict, Victims, choose
from autoscaler.ports.fleet import PoolSnapshot
from autoscaler.ports.servers import Mark, Occupancy, OccupancySource, Pod, Servers
from autoscaler.resources.policy import DrainBy, Guard
from autoscaler.resources.sfupool import SFUPool


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One pool at one tick, before anything is written."""

    now: int
    snapshot: PoolSnapshot
    observed: PoolObservation
    decision: PoolDecision
    intent: Intent

    @property
    def pool(self) -> SFUPool:
        """The resource."""
        return self.snapshot.resource


@dataclass(frozen=True, slots=True, kw_only=True)
class Released:
    """What became of a pool's servers at a tick.

    `surplus` are those there are above what must be there. `told` and `withdrawn` are the pods
    changed now, `trouble` says why something was not done (empty: all was), and `wait` how long it
    takes until as many more servers were empty as still have to go (None: unknown, or none have).
    """

    surplus: int = 0
    victims: Victims = field(default_factory=Victims)
    told: tuple[str, ...] = ()
    withdrawn: tuple[str, ...] = ()
    trouble: str = ""
    wait: Wait | None = None


class Releasing:
    """Chooses and tells servers, and lets no number fall below what that covers."""

    def __init__(
        self, servers: Servers, occupancy: OccupancySource, *, is_leader: Callable[[], bool]
    ) -> None:
        self._servers = servers
        self._occupancy = occupancy
        self._is_leader = is_leader
        self._told: dict[str, int] = {}

    def told(self, pool: str) -> int:
        """Return how many servers of a pool were told at the last look, and are still there."""
        return self._told.get(pool, 0)

    def settle(
        self, cases: Sequence[Case], *, now: int
    ) -> tuple[Mapping[str, Intent], Mapping[str, Released]]:
        """Return the intents that are safe to carry out, and what became of the servers.

        Both by pool; a pool of which no single server matters keeps its intent.
        """
        if not self._is_leader():
            return {}, {}
        pools = [case.pool for case in cases]
        unprotected = self._servers.protect(pools, now=now, may_write=self._is_leader)
        for gone in self._told.keys() - {pool.key for pool in pools}:
            del self._told[gone]
        looked = [case for case in cases if self._matters(case)]
        if not looked:
            return {}, {}
        seen = self._occupancy.occupancy([case.pool for case in looked], now=now)
        intents: dict[str, Intent] = {}
        released: dict[str, Released] = {}
        for case in looked:
            key = case.snapshot.key
            try:
                done = self._release(
                    case, seen.get(key, Occupancy()), trouble=unprotected.get(key, ""), now=now
                )
            except KubernetesError as error:
                done = Released(trouble=str(error))
            released[key] = done
            intents[key] = covered(case, done)
        return intents, released

    def _matters(self, case: Case) -> bool:
        """Say whether anybody is to go, was told to, or might have been before we started."""
        if case.intent.hold is not None or not by_name(case.pool):
            return False
        counts = case.snapshot.counts
        existing = 0 if counts is None else counts.existing
        return existing > wanted(case) or self._told.get(case.snapshot.key, 1) > 0

    def _release(self, case: Case, seen: Occupancy, *, trouble: str, now: int) -> Released:
        pods = self._servers.list(case.pool)
        guarded = is_guarded(case.pool)
        drains = case.pool.spec.release.drain_by is DrainBy.LABEL
        trouble = trouble or (_strangers(pods, case.pool) if guarded else "")
        surplus = sum(not pod.leaving for pod in pods) - wanted(case)
        servers = servers_of(pods, seen.seats, namespace=case.pool.metadata.namespace)
        victims = choose(
            servers,
            surplus=0 if trouble or _forbidden(case) else surplus,
            drains=drains,
            guarded=guarded,
        )
        marks = _marks(pods, victims, now=now)
        failed = self._servers.mark(case.pool, marks, may_write=self._is_leader) if marks else {}
        done = [mark for mark in marks if not failed.get(mark.pod.name)]
        self._told[case.snapshot.key] = len(victims.told)
        occupied = sum(verdict is Verdict.OCCUPIED for _, verdict in victims.kept)
        missing = min(occupied, surplus - len(victims.told))
        return Released(
            surplus=max(0, surplus),
            victims=victims,
            told=tuple(mark.pod.name for mark in done if mark.at is not None),
            withdrawn=tuple(mark.pod.name for mark in done if mark.at is None),
            trouble=trouble or next((why for why in failed.values() if why), ""),
            wait=wait_for_empty(seen.spells, occupied=occupied, wanted=missing),
        )


def is_guarded(pool: SFUPool) -> bool:
    """Say whether the pool's servers can only go when they were told."""
    return pool.spec.release.guard is Guard.DENY_UNLESS_RELEASED


def by_name(pool: SFUPool) -> bool:
    """Say whether anybody heeds which servers are chosen.

    With the guard everybody must. Without it only a ReplicaSet does, and only of a size that we
    write ourselves: another autoscaler removes its servers before they could be chosen.
    """
    target = pool.spec.target
    if pool.spec.server.selector is None or target is None or pool.spec.mode is not Mode.ACT:
        return False
    if is_guarded(pool):
        return True
    deployment = (target.group, target.resource) == ("apps", "deployments")
    return deployment and pool.spec.release.policy is not ReleasePolicy.NEVER


def wanted(case: Case) -> int:
    """Return how many servers must be there: those above may go.

    A Size is ours, and falls after its servers were told. Others fall by themselves: there, what
    another autoscaler wants counts as well.
    """
    target, counts = case.pool.spec.target, case.snapshot.counts
    least = max(case.decision.floor, case.decision.need)
    if target is None or counts is None or target.semantics is Semantics.SIZE:
        return least
    return max(least, counts.desired)


def covered(case: Case, done: Released) -> Intent:
    """Return the intent with its number no lower than what the servers that go account for."""
    write, target = case.intent.write, case.pool.spec.target
    if write is None or target is None or write.target.value is None:
        return case.intent
    if target.semantics is not Semantics.SIZE or write.number >= write.target.value:
        return case.intent
    counts = case.snapshot.counts
    existing = 0 if counts is None else counts.existing
    servers = existing - len(done.victims.going)
    number = min(max(write.number, -(-servers // target.servers_per_replica)), write.target.value)
    if number == write.target.value and write.target.ours:
        kept = WriteNumber(number=number, kept=True)
        return replace(case.intent, write=None, number=kept)
    return replace(
        case.intent, write=replace(write, number=number), number=WriteNumber(number=number)
    )


def _forbidden(case: Case) -> bool:
    """Say whether nobody may be told now, whoever asks for fewer servers."""
    controls, decision = case.observed.controls, case.decision
    return (
        case.pool.spec.release.policy is ReleasePolicy.NEVER
        or case.snapshot.unsafe is not None
        or decision.blind
        or decision.surge
        or case.observed.demand.state is DemandState.CENSORED
        or (controls.freeze is Freeze.RELEASE and case.now < controls.freeze_until)
    )


def _strangers(pods: Sequence[Pod], pool: SFUPool) -> str:
    """Return why the guard does not hold: pods that it does not know (empty: it knows all)."""
    names = sorted(pod.name for pod in pods if not pod.guardable)
    if not names:
        return ""
    return (
        f"the guard does not see {names[0]} and {len(names) - 1} more: label the pods "
        f"meetscale.io/pool={pool.metadata.name} in their template"
    )


def _marks(pods: Sequence[Pod], victims: Victims, *, now: int) -> list[Mark]:
    told, withdrawn = dict(victims.told), dict(victims.withdrawn)
    return [
        Mark(pod=pod, at=now if pod.name in told else None)
        for pod in pods
        if (pod.name in told and pod.told_at is None) or pod.name in withdrawn
    ]

"""What is told of a tick: statuses, events, plans; from the one value, outside the tick."""

import logging
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from functools import partial

from autoscaler.controller.bulletin import Bulletin, Compose
from autoscaler.controller.conditions import Finding
from autoscaler.controller.findings import pool_findings, unknown_findings
from autoscaler.controller.notices import (
    condition_notices,
    measured_notice,
    order_notices,
    plan_notice,
    release_notices,
    standing_notice,
    write_notices,
)
from autoscaler.controller.outbox import Outbox
from autoscaler.controller.planbook import PlanBook
from autoscaler.controller.plans import covering, link_plan, plan_cost, pool_plan
from autoscaler.controller.retention import outdated
from autoscaler.controller.secondary import (
    LearnedByPool,
    event_findings,
    event_report,
    link_findings,
    link_report,
)
from autoscaler.controller.status import pool_report, report, subject
from autoscaler.controller.tick import LinkTick, PoolTick, Tick, wrote
from autoscaler.planner.settings import Mode
from autoscaler.ports.fleet import InvalidResource
from autoscaler.ports.reports import Notice, Reports, StatusReport, Subject
from autoscaler.resources.capacityplan import CapacityPlan
from autoscaler.resources.common import Condition, ResourceStatus
from autoscaler.resources.demandevent import DemandEvent
from autoscaler.resources.settings import servers_per_replica
from autoscaler.resources.sfupool import SFUPool

LOG = logging.getLogger(__name__)
DISCARD_PERIOD = 600
"""Seconds between two looks for plans to delete: a list of them may be half a minute old."""


class Reporter:
    """Turns ticks into messages. Called by the leader only."""

    def __init__(self, reports: Reports, outbox: Outbox, plans: PlanBook) -> None:
        self._reports = reports
        self._outbox = outbox
        self._plans = plans
        self._bulletin = Bulletin()
        self._discarded_at = 0

    def announce(self, notice: Notice, *, now: int) -> None:
        """Tell of the operator itself: that it leads now."""
        self._post(notice, now=now)

    def publish(self, tick: Tick, *, refused_events: Mapping[str, str]) -> None:
        """Tell what is new. `refused_events` says why an event never takes place, by key."""
        plans = self._plans.merged(tick.fleet.plans, now=tick.now)
        resources = [pool.resource for pool in tick.fleet.pools]
        for pool in tick.pools:
            with _alone(pool.snapshot.key):
                self._pool(pool, plans, now=tick.now)
        about = {pool.snapshot.key: subject(pool.snapshot.resource) for pool in tick.pools}
        for change in tick.standings:
            if change.series_id in about:
                self._post(standing_notice(about[change.series_id], change), now=tick.now)
        for news in tick.remeasured:
            if news.pool in about:
                self._post(measured_notice(about[news.pool], news), now=tick.now)
        for invalid in tick.fleet.invalid:
            with _alone(invalid.subject.key):
                self._invalid(invalid, now=tick.now)
        for link in tick.links:
            with _alone(link.resource.key):
                self._link(link, plans, now=tick.now)
        learned = {
            pool.snapshot.key: pool.foreseen.learned
            for pool in tick.pools
            if pool.foreseen is not None and pool.foreseen.learned
        }
        for event in tick.fleet.events:
            refused = refused_events.get(event.key, "")
            with _alone(event.key):
                self._event(event, resources, refused, learned, now=tick.now)
        self._discard(tick.fleet.plans, now=tick.now)
        self._bulletin.keep_only(set(_names(tick)))

    def _pool(self, tick: PoolTick, plans: Sequence[CapacityPlan], *, now: int) -> None:
        resource = tick.snapshot.resource
        about, plan = subject(resource), self._pool_plan(tick, plans, now=now)
        findings = pool_findings(tick)
        self._tell(
            about,
            findings,
            listed=resource.status.conditions,
            compose=partial(pool_report, tick, plan=plan),
            urgent=wrote(tick) or plan != resource.status.plan,
            now=now,
        )
        for notice in (*release_notices(tick), *write_notices(tick)):
            self._post(notice, now=now)

    def _pool_plan(self, tick: PoolTick, plans: Sequence[CapacityPlan], *, now: int) -> str | None:
        step, resource = tick.decision.approval, tick.snapshot.resource
        asks = resource.spec.mode is not Mode.OBSERVE and tick.snapshot.refusal is None
        if step is None or not asks:
            current = covering(plans, resource, amount=0, now=now)
            return None if current is None else current.metadata.name
        amount = step.to / servers_per_replica(resource)
        plan = covering(plans, resource, amount=amount, now=now)
        if plan is None:
            ahead = tick.outlook
            cost = None if ahead is None else plan_cost(ahead, tick.decision, step, now=now)
            plan = pool_plan(resource, step, now=now, cost=cost)
            self._propose(plan, subject(resource), now=now)
        return plan.metadata.name

    def _invalid(self, invalid: InvalidResource, *, now: int) -> None:
        findings = unknown_findings("InvalidSpec", invalid.message)
        if invalid.subject.kind != SFUPool.__name__:
            findings = findings[:1]
        self._tell(
            invalid.subject,
            findings,
            listed=invalid.conditions,
            compose=partial(_conditions_only, invalid.subject),
            now=now,
        )

    def _link(self, tick: LinkTick, plans: Sequence[CapacityPlan], *, now: int) -> None:
        link, step = tick.resource, tick.decision.approval
        about, supplied = subject(link), tick.supplied
        known = supplied is None or supplied.blocked is None
        if step is not None and known and link.spec.mode is not Mode.OBSERVE:
            plan = covering(plans, link, amount=step.to, now=now)
            if plan is None:
                self._propose(link_plan(link, step, now=now), about, now=now)
        self._tell(
            about,
            link_findings(tick),
            listed=link.status.conditions,
            compose=partial(link_report, tick),
            urgent=_newly_owned(tick),
            now=now,
        )
        for notice in order_notices(tick):
            self._post(notice, now=now)

    def _event(
        self,
        event: DemandEvent,
        pools: Sequence[SFUPool],
        refused: str,
        learned: LearnedByPool,
        *,
        now: int,
    ) -> None:
        self._tell(
            subject(event),
            event_findings(event, pools, refused),
            listed=event.status.conditions,
            compose=partial(event_report, event, pools, refused=refused, learned=learned, now=now),
            now=now,
        )

    def _tell(
        self,
        about: Subject,
        findings: Sequence[Finding],
        *,
        listed: Sequence[Condition],
        compose: Compose,
        urgent: bool = False,
        now: int,
    ) -> None:
        edition = self._bulletin.edition(
            about, findings, listed=listed, compose=compose, urgent=urgent, now=now
        )
        if edition.report is not None:
            send = partial(self._reports.write_status, edition.report)
            self._outbox.put(f"status/{about.resource}/{about.key}", send)
        for notice in condition_notices(about, edition.news, first=edition.first):
            self._post(notice, now=now)

    def _propose(self, plan: CapacityPlan, owner: Subject, *, now: int) -> None:
        self._plans.propose(plan)
        send = partial(self._reports.propose, plan, owner=owner)
        self._outbox.put(f"plan/{plan.key}", send)
        self._post(plan_notice(owner, plan), now=now)

    def _discard(self, plans: Sequence[CapacityPlan], *, now: int) -> None:
        """Delete what was kept long enough; of listed plans only, which say what people said."""
        if now - self._discarded_at < DISCARD_PERIOD:
            return
        self._discarded_at = now
        for plan in outdated(plans, now=now):
            LOG.info("CapacityPlan %s: deleted, it was kept long enough", plan.key)
            self._outbox.put(f"plan/{plan.key}", partial(self._reports.discard, plan))

    def _post(self, notice: Notice, *, now: int) -> None:
        about = notice.subject
        level = logging.WARNING if notice.warning else logging.INFO
        LOG.log(level, "%s %s: %s: %s", about.kind, about.key, notice.reason, notice.note)
        key = f"event/{about.resource}/{about.key}/{notice.reason}"
        self._outbox.put(key, partial(self._reports.post, notice, now=now))


@contextmanager
def _alone(key: str) -> Iterator[None]:
    """Keep what cannot be told of one object from silencing all others."""
    try:
        yield
    except Exception:
        LOG.exception("cannot tell of %s", key)


def _newly_owned(tick: LinkTick) -> bool:
    """Say whether a field was taken over that the status does not know of: a restart must."""
    supply = None if tick.supplied is None else tick.supplied.supply
    before = tick.resource.status.provider
    owned = "" if supply is None else supply.owned
    return owned != "" and (before is None or before.uid != owned)


def _conditions_only(about: Subject, conditions: Sequence[Condition]) -> StatusReport:
    status = ResourceStatus(observed_generation=about.generation, conditions=tuple(conditions))
    return report(about, status)


def _names(tick: Tick) -> Iterator[str]:
    for resource in (
        *(p.resource for p in tick.fleet.pools),
        *tick.fleet.links,
        *tick.fleet.events,
    ):
        yield f"{resource.names.plural}/{resource.key}"
    for invalid in tick.fleet.invalid:
        yield f"{invalid.subject.resource}/{invalid.subject.key}"

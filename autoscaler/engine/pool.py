"""One pool's tick: take in what is seen, say what is needed, guard it, and remember."""

from collections.abc import Mapping
from typing import NamedTuple

from autoscaler.engine.dated import Memo, approval_step, dated_steps
from autoscaler.engine.decision import Action, PoolDecision
from autoscaler.engine.intake import explained, floor_in_force, take_in
from autoscaler.engine.observation import PoolObservation
from autoscaler.engine.sight import hangs, sight
from autoscaler.leadtime.estimate import prior
from autoscaler.planner.case import Case, Draft
from autoscaler.planner.guards import Guard, guard
from autoscaler.planner.guards.approvals import covered
from autoscaler.planner.guards.launch_rate import launches
from autoscaler.planner.guards.release import stabilization_seconds
from autoscaler.planner.outlook import PoolOutlook
from autoscaler.planner.reasons import Inputs, Reason, ReasonCode
from autoscaler.planner.require import Requirement, Sight, require
from autoscaler.planner.run_out import RunOut
from autoscaler.planner.settings import Mode, OnExceeded, PoolSettings, ReleasePolicy
from autoscaler.planner.state import PoolState


class Prepared(NamedTuple):
    """A pool between what it needs and what may be done: links are shared, so all come here first.

    `state` has this tick's observation taken in, `before` has not; both are None until demand was
    trusted once, and then there is no requirement either.
    """

    observed: PoolObservation
    outlook: PoolOutlook
    sight: Sight | None
    before: PoolState | None
    state: PoolState | None
    requirement: Requirement | None
    now: int


def prepare(
    observed: PoolObservation,
    outlook: PoolOutlook,
    states: Mapping[str, PoolState],
    *,
    seen: Mapping[str, float | None],
    now: int,
) -> Prepared:
    """Take in what is seen of a pool, and say what it needs. `seen`: every pool's participants."""
    before = states.get(observed.settings.name)
    trusted = sight(observed, seen, full=outlook.rating.full)
    state = take_in(observed, before, sight=trusted, outlook=outlook, now=now)
    requirement = None
    if state is not None:
        requirement = _required(observed, outlook, state, sight=trusted, now=now)
    return Prepared(
        observed=observed,
        outlook=outlook,
        sight=trusted,
        before=before,
        state=state,
        requirement=requirement,
        now=now,
    )


def _required(
    observed: PoolObservation,
    outlook: PoolOutlook,
    state: PoolState,
    *,
    sight: Sight | None,
    now: int,
) -> Requirement:
    """Ask what is needed within the lead time of the batch that this orders.

    A larger batch takes longer and has to look further ahead. So the most that can be ordered is
    tried first, then what it found, until a batch is found within its own lead time.
    """
    settings, lead_time = observed.settings, state.lead.lead_time
    ready, most = observed.inventory.ready, settings.limits.max_servers
    batch = max(1, most - ready) if lead_time.per_server > 0.0 else 1
    while True:
        lead_seconds = lead_time.p95_for(batch)
        requirement = require(
            outlook,
            sight=sight,
            growth=state.growth,
            now=now,
            lead_seconds=lead_seconds + settings.review_seconds,
            approval_seconds=state.approvals.seconds if _asks_people(settings) else 0.0,
        )
        batch = min(batch, max(1, min(requirement.wanted, most) - ready))
        if lead_time.p95_for(batch) >= lead_seconds:
            return requirement


def _asks_people(settings: PoolSettings) -> bool:
    limits = settings.limits
    return (
        settings.mode is Mode.RECOMMEND
        or limits.approval_above is not None
        or (limits.on_exceeded is OnExceeded.ASK and limits.has_ceiling)
    )


class Fed(NamedTuple):
    """What a pool's tightest link can feed: its servers, and the participants that they serve."""

    servers: int
    participants: float
    link: str


def finish(
    prepared: Prepared,
    *,
    fed: Mapping[str, Fed],
    steps: Memo,
    guards: tuple[Guard, ...],
) -> tuple[PoolDecision, PoolState | None]:
    """Decide, and return what to remember. `fed`: by pool, where its links limit it."""
    observed, state = prepared.observed, prepared.state
    requirement = prepared.requirement
    if state is None or requirement is None:
        return _untouched(prepared), None
    feeds = fed.get(observed.settings.name)
    previous = floor_in_force(observed, prepared.before)
    case = Case(
        now=prepared.now,
        settings=observed.settings,
        inventory=observed.inventory,
        controls=observed.controls,
        requirement=requirement,
        state=state,
        previous=previous,
        blind=prepared.sight is None,
        censored=prepared.sight is not None and prepared.sight.censored,
        hangs=hangs(observed, prepared.before, prepared.outlook.path, now=prepared.now),
        demand_state=observed.demand.state.value,
        peaks=_peaks(state, observed.settings, requirement.ahead),
        link_servers=None if feeds is None else feeds.servers,
        link="" if feeds is None else feeds.link,
        link_participants=0.0 if feeds is None else feeds.participants,
        limits=_limits(prepared, state),
    )
    draft = guard(case, guards=guards)
    dated = dated_steps(case, draft, prepared.outlook, memo=steps)
    path = prepared.outlook.path
    approval = approval_step(case, draft, dated)
    decision = PoolDecision(
        pool=observed.settings.name,
        action=_action(draft.number, previous),
        need=requirement.wanted,
        floor=draft.number,
        previous=previous,
        blind=case.blind,
        surge=case.surge,
        lead_time=state.lead.lead_time,
        forecast_mode=path.mode if path is not None else None,
        demand_at_quantile=requirement.forecast,
        reasons=(*requirement.reasons, *draft.reasons, *_surge_news(prepared, draft)),
        steps=dated,
        approval=approval,
        limits=case.limits,
    )
    return decision, _remembered(case, draft, asked=approval is not None)


def _limits(prepared: Prepared, state: PoolState) -> tuple[RunOut, ...]:
    """Return what will bite as demand grows, and when the month's money will be spent."""
    settings, limits = prepared.observed.settings, prepared.outlook.limits
    most, price = settings.limits.max_monthly_cost, settings.server.hourly_cost
    if most is None or price <= 0.0:
        return limits
    reserve = settings.reserve
    usable = 1.0 - reserve.zones_lost / reserve.zones
    each = prepared.outlook.rating.per_server * usable / price
    month = state.spend.run_out(most, participants_per_money=each, now=prepared.now)
    return (*limits, month)


def _action(floor: int, previous: int) -> Action:
    if floor == previous:
        return Action.HOLD
    return Action.RAISE if floor > previous else Action.RELEASE


def _untouched(prepared: Prepared) -> PoolDecision:
    """Decide nothing: demand was never trusted and nobody remembers a floor."""
    observed, path = prepared.observed, prepared.outlook.path
    floor = floor_in_force(observed, None)
    inputs: Inputs = {"state": observed.demand.state.value}
    return PoolDecision(
        pool=observed.settings.name,
        action=Action.HOLD,
        need=floor,
        floor=floor,
        previous=floor,
        blind=True,
        surge=False,
        lead_time=prior(observed.settings.lead_time_seconds),
        forecast_mode=path.mode if path is not None else None,
        demand_at_quantile=None,
        reasons=(Reason(ReasonCode.BLIND_HOLD, floor, floor, inputs),),
    )


def _peaks(state: PoolState, settings: PoolSettings, need: int) -> tuple[tuple[int, int], ...]:
    """Return the highest needs of the stabilization window, where a floor may fall at all.

    What would be asked for again while an approval takes its time counts: it is not given back.
    """
    if settings.release.policy is ReleasePolicy.NEVER:
        return ()
    oldest = state.at - stabilization_seconds(settings)
    kept = [peak for peak in state.peaks if peak[0] > oldest and peak[1] > need]
    return (*kept, (state.at, need))


def _remembered(case: Case, draft: Draft, *, asked: bool) -> PoolState:
    state, inventory = case.state, case.inventory
    lead = state.lead
    if inventory.known:
        existing = inventory.ready + inventory.pending
        total = existing if case.settings.mode is Mode.OBSERVE else max(draft.number, existing)
        lead = lead.asked(missing=max(0, total - inventory.ready), now=case.now)
    return PoolState(
        at=case.now,
        floor=draft.number,
        demand=state.demand,
        demand_at=state.demand_at,
        blind_since=state.blind_since,
        sighted_at=state.sighted_at,
        surge=state.surge,
        growth=state.growth,
        lead=lead,
        tokens=max(0.0, state.tokens - launches(case, draft.number)),
        peaks=case.peaks,
        released_at=case.now if draft.number < case.previous else state.released_at,
        approvals=state.approvals.asking(now=case.now)
        if asked
        else state.approvals.settled(approved=covered(case) > 0, now=case.now),
        spend=state.spend,
        recovered_at=state.recovered_at,
        refusals=state.refusals,
        still=state.still,
    )


def _surge_news(prepared: Prepared, draft: Draft) -> tuple[Reason, ...]:
    """Say that a surge was entered or left, with the evidence."""
    before, state, seen = prepared.before, prepared.state, prepared.sight
    if before is None or state is None or seen is None or before.surge.since == state.surge.since:
        return ()
    entered = state.surge.since is not None
    code = ReasonCode.SURGE_ENTERED if entered else ReasonCode.SURGE_LEFT
    upper = explained(prepared.outlook, now=prepared.now)
    inputs: Inputs = {
        "participants": seen.participants,
        "looksAbove": state.surge.above,
        **({} if upper is None else {"explained": upper}),
    }
    return (Reason(code, draft.number, draft.number, inputs),)

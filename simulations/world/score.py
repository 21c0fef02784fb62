"""From runs to numbers, as `PolicyResult` defines them."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from forecast.arrays import IntArray
from simulations.measures.elasticity import elasticity
from simulations.measures.margin import longest_shortage_seconds, margins
from simulations.result import LinkTimeline, PolicyResult, Timeline
from simulations.world.link_run import LinkRun
from simulations.world.pool_run import PoolRun
from simulations.world.replay import Replayed

_MINUTE = 60.0
_HOUR = 3600.0


@dataclass(frozen=True, slots=True)
class Bound:
    """What the clairvoyant bound needed: node-minutes short, and node-hours."""

    shortage_node_minutes: float
    node_hours: float


def shortage_node_minutes(runs: Sequence[PoolRun], tick_seconds: int) -> float:
    """Return the sum of (required - ready)+ over pools and ticks, in node-minutes."""
    short = sum(int(np.maximum(_missing(run), 0).sum()) for run in runs)
    return short * tick_seconds / _MINUTE


def node_hours(runs: Sequence[PoolRun], tick_seconds: int) -> float:
    """Return paid server-hours, boot and drain included."""
    return sum(sum(run.columns.paid) for run in runs) * tick_seconds / _HOUR


def score(replayed: Replayed, bound: Bound, *, tick_seconds: int) -> PolicyResult:
    """Return one policy's numbers, pools and links summed."""
    runs, links = replayed.pools, replayed.links
    desks = [*(run.desk for run in runs), *(link.desk for link in links)]
    link_cost = sum(link.money() for link in links)
    hours = node_hours(runs, tick_seconds)
    attempted = sum(run.admission.sums.attempted for run in runs)
    blocked = sum(run.admission.sums.blocked for run in runs)
    idle = sum(int(np.maximum(-_missing(run), 0).sum()) for run in runs)
    paid = np.sum([run.columns.paid for run in runs], axis=0)
    cost = sum(
        sum(run.columns.paid) * run.world.settings.server.hourly_cost * tick_seconds / _HOUR
        for run in runs
    )
    short = shortage_node_minutes(runs, tick_seconds)
    blocked_pct = 100.0 * blocked / attempted if attempted else 0.0
    required = [run.world.required for run in runs]
    ready = [np.array(run.columns.ready) for run in runs]
    pairs = list(zip(required, ready, strict=True))
    early = np.concatenate([margins(*pair, tick_seconds=tick_seconds) for pair in pairs])
    longest = max(longest_shortage_seconds(*pair, tick_seconds=tick_seconds) for pair in pairs)
    return PolicyResult(
        blocked_joins_pct=blocked_pct,
        degraded_participant_minutes=sum(sum(run.columns.degraded) for run in runs)
        * tick_seconds
        / _MINUTE,
        shortage_node_minutes=short,
        unavoidable_shortage_node_minutes=bound.shortage_node_minutes,
        avoidable_shortage_node_minutes=max(0.0, short - bound.shortage_node_minutes),
        longest_shortage_minutes=longest / _MINUTE,
        lead_margin_p5_seconds=float(np.quantile(early, 0.05)) if early.size else None,
        idle_node_hours=idle * tick_seconds / _HOUR,
        node_hours=hours,
        node_hours_vs_bound=hours / bound.node_hours if bound.node_hours else None,
        peak_nodes=int(paid.max()),
        releases_while_blind=sum(run.releases_while_blind for run in runs),
        meetings_killed=round(sum(run.meetings_killed for run in runs)),
        meetings_lost=round(sum(run.meetings_lost for run in runs)),
        cost=cost + link_cost,
        link_cost=link_cost,
        thinned_participant_minutes=sum(link.thinned for link in links) * tick_seconds / _MINUTE,
        approvals=sum(desk.asked for desk in desks),
        approval_wait_hours=sum(desk.waited_seconds for desk in desks) / _HOUR,
        elasticity=elasticity(
            required,
            ready,
            tick_seconds=tick_seconds,
            initial=[run.world.initial for run in runs],
            blocked_joins_pct=blocked_pct,
        ),
    )


def timeline(run: PoolRun) -> Timeline:
    """Return one pool's run as arrays."""
    columns, latent = run.columns, run.world.latent
    scored = slice(latent.history_ticks, None)
    return Timeline(
        demand=latent.participants[scored].astype(np.float64),
        present=np.array(columns.present),
        joins=latent.joins[scored].astype(np.float64),
        blocked=np.array(columns.blocked),
        required=run.world.required,
        ready=np.array(columns.ready, dtype=np.int64),
        pending=np.array(columns.pending, dtype=np.int64),
        draining=np.array(columns.draining, dtype=np.int64),
        floor=np.array(columns.floor, dtype=np.int64),
        forecast=np.array(columns.forecast),
        blind=np.array(columns.blind, dtype=np.bool_),
        surge=np.array(columns.surge, dtype=np.bool_),
        no_data=np.array(columns.no_data, dtype=np.bool_),
        reasons=tuple(columns.reasons),
        approvals=tuple(run.desk.answers),
    )


def link_timeline(run: LinkRun) -> LinkTimeline:
    """Return one link's run as arrays."""
    return LinkTimeline(
        wanted=run.world.wanted,
        carried=np.array(run.carried),
        bought=np.array(run.bought),
        ordered=np.array(run.on_order),
        most=np.array(run.could),
        port_mbps=run.world.settings.port_mbps,
        reasons=tuple(run.reasons),
        approvals=tuple(run.desk.answers),
    )


def _missing(run: PoolRun) -> IntArray:
    missing: IntArray = run.world.required - np.array(run.columns.ready)
    return missing

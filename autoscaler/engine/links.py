"""The tick's links: what they must carry, what is ordered, and how many servers they can feed."""

from collections.abc import Sequence

import numpy as np

from autoscaler.capacity.servers import servers_for_one
from autoscaler.capacity.zones import with_zones_lost
from autoscaler.engine.decision import LinkDecision, Step
from autoscaler.engine.observation import LinkObservation
from autoscaler.engine.pool import Prepared
from autoscaler.planner.links import LinkOrder, Traffic, plan_link
from autoscaler.planner.outlook import Path
from autoscaler.planner.settings import Mode
from forecast.result import ForecastMode


def servers_fed(
    links: Sequence[LinkObservation], pools: Sequence[Prepared]
) -> dict[str, tuple[int, str]]:
    """Return, for each pool whose links cannot carry what is wanted, the servers they can feed.

    Pools share a link in proportion to what they want of it. The tightest link of a pool is named.
    """
    fed: dict[str, tuple[int, str]] = {}
    for link in links:
        users = _users(link, pools)
        each = _mbps_each(link, users)
        wanted = {
            pool.observed.settings.name: pool.requirement.participants * each[i]
            for i, pool in enumerate(users)
            if pool.requirement is not None
        }
        total = sum(wanted.values())
        carried = min(link.settings.port_mbps, max(link.ordered_mbps, link.delivered_mbps))
        if total <= carried:
            continue
        for pool in users:
            if pool.requirement is None or wanted[pool.observed.settings.name] <= 0.0:
                continue
            servers = _servers(pool, pool.requirement.participants * carried / total)
            name = pool.observed.settings.name
            if name not in fed or servers < fed[name][0]:
                fed[name] = (servers, link.settings.name)
    return fed


def decide_links(
    links: Sequence[LinkObservation], pools: Sequence[Prepared], *, now: int
) -> tuple[LinkDecision, ...]:
    """Decide every link's order."""
    return tuple(_decide(link, _users(link, pools), now=now) for link in links)


def _decide(link: LinkObservation, users: Sequence[Prepared], *, now: int) -> LinkDecision:
    plan = plan_link(
        link.settings,
        _traffic(link, users, now=now),
        ordered=link.ordered_mbps,
        controls=link.controls,
        now=now,
    )
    return LinkDecision(
        link=link.settings.name,
        need_mbps=plan.need,
        order_mbps=plan.order,
        previous_mbps=link.ordered_mbps,
        reasons=plan.reasons,
        steps=tuple(_step(link, order) for order in plan.steps),
        approval=_step(link, plan.approval) if plan.approval is not None else None,
    )


def _step(link: LinkObservation, order: LinkOrder) -> Step:
    asked = bool(order.approver) or link.settings.mode is Mode.RECOMMEND
    return Step(
        at=order.at,
        ready_at=order.ready_at,
        target=link.settings.name,
        from_=order.from_,
        to=order.to,
        reasons=order.reasons,
        approve_by=order.at if asked else None,
    )


def _users(link: LinkObservation, pools: Sequence[Prepared]) -> list[Prepared]:
    return [pool for pool in pools if link.settings.name in pool.observed.settings.links]


def _servers(pool: Prepared, participants: float) -> int:
    reserve = pool.observed.settings.reserve
    servers = servers_for_one(participants, pool.outlook.rating.per_server)
    return with_zones_lost(servers, zones=reserve.zones, zones_lost=reserve.zones_lost)


def _mbps_each(link: LinkObservation, users: Sequence[Prepared]) -> list[float]:
    """Return Mbit/s per participant of each pool: its media mix, or else what the link measures."""
    measured = 0.0
    present = sum(pool.sight.participants for pool in users if pool.sight is not None)
    if link.used_mbps is not None and present > 0.0 and all(pool.sight for pool in users):
        measured = link.used_mbps / present
    return [pool.observed.settings.mix.egress_mbps or measured for pool in users]


def _traffic(link: LinkObservation, users: Sequence[Prepared], *, now: int) -> Traffic:
    """Sum what the pools will send, each at its own risk quantile: the sum is on the safe side."""
    each = list(zip(users, _mbps_each(link, users), strict=True))
    used = link.used_mbps
    if used is None and (seen := [(pool.sight, mbps) for pool, mbps in each if pool.sight]):
        used = sum(sight.participants * mbps for sight, mbps in seen)
    # Every path comes from the one forecast: they share a grid.
    paths = [(path, mbps) for pool, mbps in each if (path := _trusted_path(pool)) is not None]
    if not paths:
        return Traffic(now=used, start=now, step_seconds=1, path=())
    grid = paths[0][0]
    total = np.sum([np.asarray(path.demand) * mbps for path, mbps in paths], axis=0)
    return Traffic(now=used, start=grid.start, step_seconds=grid.step_seconds, path=total.tolist())


def _trusted_path(pool: Prepared) -> Path | None:
    path = pool.outlook.path
    return None if path is None or path.mode is ForecastMode.COLD_START else path

"""The numbers by which policies are compared: what each means, and how it is written."""

from collections.abc import Callable
from dataclasses import dataclass

from simulations.measures.margin import HORIZON_SECONDS
from simulations.report.axes import duration_text
from simulations.result import PolicyResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """One number: its head, the group it belongs to, what it means, and how it is written.

    `text` takes a policy's numbers and the currency, and leaves out the `unit` where there is one.
    `brief` ones fit a terminal. `optional` ones are left out of a page on which no policy has any;
    `bar` ones are drawn, too.
    """

    head: str
    group: str
    meaning: str
    text: Callable[[PolicyResult, str], str]
    unit: str = ""
    brief: bool = False
    optional: Callable[[PolicyResult], float] | None = None
    bar: Callable[[PolicyResult], float] | None = None


SERVICE, SHORTAGE, HARM, MONEY, PEOPLE, SPEC = (
    "Service",
    "Shortage",
    "Harm done",
    "Money",
    "Approvals",
    "Elasticity (SPEC)",
)
COLUMNS = (
    Column(
        head="Blocked joins",
        group=SERVICE,
        meaning="first attempts that found no server, percent of all",
        text=lambda each, _: percent(each.blocked_joins_pct),
        brief=True,
        bar=lambda each: each.blocked_joins_pct,
    ),
    Column(
        head="Degraded",
        group=SERVICE,
        meaning="people on servers loaded above their rating",
        text=lambda each, _: count(each.degraded_participant_minutes),
        unit="participant-min",
    ),
    Column(
        head="Less video",
        group=SERVICE,
        meaning="people with less video than asked for, because a link was full",
        text=lambda each, _: count(each.thinned_participant_minutes),
        unit="participant-min",
        optional=lambda each: each.thinned_participant_minutes,
    ),
    Column(
        head="Shortage",
        group=SHORTAGE,
        meaning="servers missing times minutes",
        text=lambda each, _: count(each.shortage_node_minutes),
        unit="node-min",
        brief=True,
        bar=lambda each: each.shortage_node_minutes,
    ),
    Column(
        head="Avoidable",
        group=SHORTAGE,
        meaning="shortage above the clairvoyant bound's",
        text=lambda each, _: count(each.avoidable_shortage_node_minutes),
        unit="node-min",
    ),
    Column(
        head="Unavoidable",
        group=SHORTAGE,
        meaning="the clairvoyant bound's own",
        text=lambda each, _: count(each.unavoidable_shortage_node_minutes),
        unit="node-min",
        optional=lambda each: each.unavoidable_shortage_node_minutes,
    ),
    Column(
        head="Lead margin",
        group=SHORTAGE,
        meaning="how long enough had been ready when demand rose (minus: too late), 5th percentile",
        text=lambda each, _: _margin(each.lead_margin_p5_seconds),
    ),
    Column(
        head="Longest shortage",
        group=SHORTAGE,
        meaning="without a break, in one pool",
        text=lambda each, _: f"{each.longest_shortage_minutes:,.0f} min",
    ),
    Column(
        head="Released blind",
        group=HARM,
        meaning="servers removed while there were no valid metrics",
        text=lambda each, _: f"{each.releases_while_blind:,}",
        brief=True,
    ),
    Column(
        head="Killed",
        group=HARM,
        meaning="meetings ended by a release",
        text=lambda each, _: f"{each.meetings_killed:,}",
        brief=True,
    ),
    Column(
        head="Lost",
        group=HARM,
        meaning="meetings ended by a fault",
        text=lambda each, _: f"{each.meetings_lost:,}",
        optional=lambda each: each.meetings_lost,
    ),
    Column(
        head="Node hours",
        group=MONEY,
        meaning="from launch to termination",
        text=lambda each, _: count(each.node_hours),
        brief=True,
        bar=lambda each: each.node_hours,
    ),
    Column(
        head="To the bound",
        group=MONEY,
        meaning="node-hours as a multiple of the clairvoyant bound's",
        text=lambda each, _: _times(each.node_hours_vs_bound, decimals=2),
        brief=True,
    ),
    Column(
        head="Idle",
        group=MONEY,
        meaning="ready servers beyond the required ones",
        text=lambda each, _: count(each.idle_node_hours),
        unit="node-h",
    ),
    Column(
        head="Peak",
        group=MONEY,
        meaning="most servers at once",
        text=lambda each, _: f"{each.peak_nodes:,}",
        unit="nodes",
        brief=True,
    ),
    Column(
        head="Cost",
        group=MONEY,
        meaning="servers and links, at the scenario's prices",
        text=lambda each, currency: f"{count(each.cost)} {currency}",
        brief=True,
    ),
    Column(
        head="of it servers",
        group=MONEY,
        meaning="from launch to termination",
        text=lambda each, currency: f"{count(each.cost - each.link_cost)} {currency}",
        optional=lambda each: each.link_cost,
    ),
    Column(
        head="of it links",
        group=MONEY,
        meaning="the run's share of a month, as each link is billed",
        text=lambda each, currency: f"{count(each.link_cost)} {currency}",
        optional=lambda each: each.link_cost,
    ),
    Column(
        head="Asked for",
        group=PEOPLE,
        meaning="questions to the people who approve",
        text=lambda each, _: f"{each.approvals:,}",
        optional=lambda each: each.approvals,
    ),
    Column(
        head="Waited for",
        group=PEOPLE,
        meaning="until their answers, all together",
        text=lambda each, _: f"{each.approval_wait_hours:,.1f} h",
        optional=lambda each: each.approvals,
    ),
    Column(
        head="Under / over",
        group=SPEC,
        meaning="servers missing and too many, percent of the required",
        text=lambda each, _: f"{each.elasticity.under_pct:.1f} / {each.elasticity.over_pct:,.0f} %",
    ),
    Column(
        head="Time under / over",
        group=SPEC,
        meaning="time with servers missing and with too many",
        text=lambda each, _: (
            f"{each.elasticity.under_time_pct:.1f} / {each.elasticity.over_time_pct:.0f} %"
        ),
    ),
    Column(
        head="Instability",
        group=SPEC,
        meaning="time in which supply and demand moved apart",
        text=lambda each, _: f"{each.elasticity.instability_pct:.0f} %",
    ),
    Column(
        head="Jitter",
        group=SPEC,
        meaning="changes of supply less those of demand",
        text=lambda each, _: f"{each.elasticity.jitter_per_hour:+.1f}",
        unit="per h",
    ),
    Column(
        head="Deviation",
        group=SPEC,
        meaning="distance of the percentages above, and of the blocked joins, to the ideal 0",
        text=lambda each, _: f"{each.elasticity.deviation_pct:,.0f} %",
    ),
    Column(
        head="Speedup",
        group=SPEC,
        meaning="over standing still, geometric mean of four ratios",
        text=lambda each, _: _times(each.elasticity.speedup, decimals=1),
    ),
)


def percent(value: float) -> str:
    """Return percent with as many decimals as a small number needs: `0 %`, `0.04 %`, `12.3 %`."""
    if value == 0:
        return "0 %"
    if value < 0.01:
        return "< 0.01 %"
    return f"{value:.2f} %" if value < 1 else f"{value:.1f} %"


def count(value: float) -> str:
    """Return a whole number as people take it in: `123,689`, and `7.96 M` from a million on."""
    return f"{value:,.0f}" if value < 1e6 else f"{value / 1e6:,.2f} M"


def _margin(seconds: float | None) -> str:
    if seconds is None:
        return "–"
    sign = "+" if seconds > 0 else "-" if seconds < 0 else ""
    over = " or more" if abs(seconds) >= HORIZON_SECONDS else ""
    return f"{sign}{duration_text(abs(seconds))}{over}"


def _times(ratio: float | None, *, decimals: int) -> str:
    return "–" if ratio is None else f"{ratio:.{decimals}f}×"

"""The policies' numbers as people compare them."""

from dataclasses import dataclass

from simulations.result import PolicyResult, ScenarioResult

OWN = "meetscale"
BOUND = "clairvoyant"


@dataclass(frozen=True, slots=True)
class Column:
    """A column: its head, what stands under it, and whether a terminal has room for it."""

    head: str
    meaning: str
    brief: bool = True


@dataclass(frozen=True, slots=True)
class Cell:
    """A number as text; `share` of the column's largest, 0 to 1, draws its bar (None: no bar)."""

    text: str
    share: float | None = None


@dataclass(frozen=True, slots=True)
class Row:
    """One policy."""

    policy: str
    kind: str
    cells: tuple[Cell, ...]


COLUMNS = (
    Column("Blocked joins", "first attempts that found no server, percent of all"),
    Column("Shortage", "servers missing times minutes; what nobody could avoid in brackets"),
    Column("Lead margin", "how early enough was ready as demand rose, 5th percentile", False),
    Column("Longest shortage", "without a break, in one pool", False),
    Column("Degraded", "participant-minutes on servers loaded above their rating", False),
    Column("Node hours", "from launch to termination"),
    Column("To the bound", "node-hours as a multiple of the clairvoyant bound's"),
    Column("Idle", "node-hours of ready servers beyond the required ones", False),
    Column("Peak", "most servers at once"),
    Column("Released blind", "servers removed while there were no valid metrics"),
    Column("Killed", "meetings ended by a release"),
    Column("Cost", "at the scenario's prices"),
    Column("Under / over", "servers missing and too many, percent of the required (SPEC)", False),
    Column("Instability", "time in which supply and demand moved apart (SPEC)", False),
    Column("Speedup", "over standing still, geometric mean of four ratios (SPEC)", False),
)


def rows(result: ScenarioResult) -> tuple[Row, ...]:
    """Return one row per policy, in the order they ran."""
    most_blocked = max((each.blocked_joins_pct for each in result.policies.values()), default=0.0)
    most_hours = max((each.node_hours for each in result.policies.values()), default=0.0)
    return tuple(
        Row(
            policy=name,
            kind="own" if name == OWN else "bound" if name == BOUND else "other",
            cells=_cells(each, most_blocked, most_hours, result.currency),
        )
        for name, each in result.policies.items()
    )


def _cells(
    each: PolicyResult, most_blocked: float, most_hours: float, currency: str
) -> tuple[Cell, ...]:
    ratio = each.node_hours_vs_bound
    unavoidable = each.unavoidable_shortage_node_minutes
    early, spec = each.lead_margin_p5_seconds, each.elasticity
    of_that = f" ({unavoidable:,.0f})" if unavoidable else ""
    return (
        Cell(percent(each.blocked_joins_pct), _share(each.blocked_joins_pct, most_blocked)),
        Cell(f"{each.shortage_node_minutes:,.0f} min{of_that}"),
        Cell("–" if early is None else f"{early:+,.0f} s"),
        Cell(f"{each.longest_shortage_minutes:,.0f} min"),
        Cell(f"{each.degraded_participant_minutes:,.0f}"),
        Cell(f"{each.node_hours:,.0f}", _share(each.node_hours, most_hours)),
        Cell("–" if ratio is None else f"{ratio:.2f}×"),
        Cell(f"{each.idle_node_hours:,.0f}"),
        Cell(f"{each.peak_nodes:,}"),
        Cell(f"{each.releases_while_blind:,}"),
        Cell(f"{each.meetings_killed:,}"),
        Cell(f"{each.cost:,.0f} {currency}"),
        Cell(f"{spec.under_pct:.1f} / {spec.over_pct:.0f} %"),
        Cell(f"{spec.instability_pct:.0f} %"),
        Cell(f"{spec.speedup:.1f}×"),
    )


def percent(value: float) -> str:
    """Return percent with as many decimals as a small number needs: `0 %`, `0.04 %`, `12.3 %`."""
    if value == 0:
        return "0 %"
    if value < 0.01:
        return "< 0.01 %"
    return f"{value:.2f} %" if value < 1 else f"{value:.1f} %"


def _share(value: float, most: float) -> float:
    return round(value / most, 3) if most > 0 else 0.0

"""The runs of one scenario as points: what each policy cost, and what it blocked."""

import math
from dataclasses import dataclass

from simulations.report.axes import Scale, Tick, round_steps
from simulations.report.columns import percent
from simulations.report.table import BOUND, OWN
from simulations.result import PolicyResult, ScenarioResult

WIDTH, HEIGHT = 1000, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 960, 18, 252
_SMALLEST_PCT = 0.01
"""Percent below which the scale is straight and above which it is logarithmic."""
_CHARACTER, _LINE = 9.5, 18.0
"""Pixels of a label where it is drawn largest, on a narrow screen."""
_BESIDE = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """One policy; `best` where no other blocks less for as little."""

    policy: str
    kind: str
    best: bool
    x: float
    y: float
    label_x: float
    label_y: float
    anchor: str
    title: str


@dataclass(frozen=True, slots=True)
class FrontierChart:
    """Spots and scales; `front` is the line through the best, which the bound is not one of."""

    spots: tuple[Spot, ...]
    front: str
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]


def height_of(blocked_pct: float) -> float:
    """Return where a share stands on a scale that keeps zero and spreads small shares."""
    share = blocked_pct / _SMALLEST_PCT
    return share if share <= 1.0 else 1.0 + math.log10(share)


def points_of(result: ScenarioResult) -> dict[str, tuple[float, float]]:
    """Return what each policy cost over the bound and blocked, percent, where a bound is known."""
    return {
        name: (each.node_hours_vs_bound, each.blocked_joins_pct)
        for name, each in result.policies.items()
        if each.node_hours_vs_bound is not None
    }


def best(points: dict[str, tuple[float, float]]) -> tuple[str, ...]:
    """Return the names of the points (cost, blocked) beaten by no other, cheapest first.

    The bound is none of them: nobody can run it.
    """
    found: list[str] = []
    lowest = math.inf
    for name, (_, blocked) in sorted(points.items(), key=lambda item: item[1]):
        if name != BOUND and blocked < lowest:
            found.append(name)
            lowest = blocked
    return tuple(found)


def frontier_chart(result: ScenarioResult) -> FrontierChart | None:
    """Draw every policy that has a cost over the bound's; None where fewer than two have."""
    points = points_of(result)
    if len(points) < 2:
        return None
    costs = [cost for cost, _ in points.values()]
    margin = 0.06 * max(max(costs) - min(costs), 0.1)
    x = Scale(min(costs) - margin, max(costs) + margin, LEFT, RIGHT)
    most = max(1.0, *(blocked for _, blocked in points.values()))
    y = Scale(0.0, height_of(most) * 1.04, BOTTOM, TOP)
    leading = best(points)
    return FrontierChart(
        spots=_spots(result.policies, points, leading, x, y),
        front=_front([points[name] for name in leading], x, y),
        x_ticks=tuple(
            Tick(x(value), f"{value:.3g}×", strong=value == 1.0)
            for value in round_steps(x.high, most=12)
            if value >= x.low
        ),
        y_ticks=tuple(
            Tick(y(height_of(value)), f"{value:g} %")
            for value in (0.0, 0.01, 0.1, 1.0, 10.0, 100.0)
            if value <= most
        ),
    )


def _spots(
    policies: dict[str, PolicyResult],
    points: dict[str, tuple[float, float]],
    leading: tuple[str, ...],
    x: Scale,
    y: Scale,
) -> tuple[Spot, ...]:
    spots: list[Spot] = []
    taken: list[tuple[float, float, float]] = []
    for name, (cost, blocked) in sorted(points.items(), key=lambda item: -item[1][1]):
        at, height = x(cost), y(height_of(blocked))
        begin, label = _room(at, height + 4, len(name) * _CHARACTER, taken)
        taken.append((begin, begin + len(name) * _CHARACTER, label))
        left = begin < at
        spots.append(
            Spot(
                policy=name,
                kind="own" if name == OWN else "bound" if name == BOUND else "other",
                best=name in leading,
                x=at,
                y=height,
                label_x=at - _BESIDE if left else at + _BESIDE,
                label_y=round(label, 1),
                anchor="end" if left else "start",
                title=f"{name}: {percent(blocked)} of joins blocked at {cost:.2f} times the "
                f"bound's node-hours, {policies[name].node_hours:,.0f}",
            )
        )
    return tuple(spots)


def _room(
    at: float, height: float, width: float, taken: list[tuple[float, float, float]]
) -> tuple[float, float]:
    """Return where a label begins: right of its spot, else left, else above."""
    for line in range(len(taken) + 1):
        label = height - line * _LINE
        for begin in (at + _BESIDE, at - _BESIDE - width):
            free = all(
                end <= begin or begin + width <= first or abs(label - other) >= _LINE
                for first, end, other in taken
            )
            if free and begin + width <= WIDTH:
                return begin, label
    return at - _BESIDE - width, height


def _front(points: list[tuple[float, float]], x: Scale, y: Scale) -> str:
    """Return the steps from the cheapest to the safest, with what both of them leave open."""
    first, *others = points
    parts = [f"M{x(first[0])} {TOP}V{y(height_of(first[1]))}"]
    parts += [f"H{x(cost)}V{y(height_of(blocked))}" for cost, blocked in others]
    return "".join([*parts, f"H{RIGHT}"])

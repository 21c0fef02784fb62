"""The runs of one scenario as points: what each policy cost, and what it blocked."""

import math
from collections.abc import Sequence
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
_BESIDE, _RADIUS, _BASELINE = 10.0, 7.0, 5.0
_LINES = (0, -1, 1, -2, 2, -3, 3, -4, 4, -5, 5, -6, 6, -7, 7)
"""Places above and below, in lines, nearest first."""

Corner = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Box:
    """Room on the chart, in pixels; heights grow downwards."""

    left: float
    right: float
    top: float
    bottom: float

    def meets(self, other: "Box") -> bool:
        """Whether both cover some of the same."""
        across = self.left < other.right and other.left < self.right
        return across and self.top < other.bottom and other.top < self.bottom


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

    @property
    def led(self) -> bool:
        """Whether the label stands so far above or below that a line must lead to it."""
        return abs(self.label_y - _BASELINE - self.y) > _LINE / 2


@dataclass(frozen=True, slots=True)
class FrontierChart:
    """Spots and scales; `corners` are those of the line through the best, without the bound."""

    spots: tuple[Spot, ...]
    corners: tuple[Corner, ...]
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]

    @property
    def front(self) -> str:
        """Return that line as a path."""
        return "M" + "L".join(f"{x:g} {y:g}" for x, y in self.corners)


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
        corners=_corners([points[name] for name in leading], x, y),
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
    places = {name: (x(cost), y(height_of(blocked))) for name, (cost, blocked) in points.items()}
    taken = [
        Box(at - _RADIUS, at + _RADIUS, height - _RADIUS, height + _RADIUS)
        for at, height in places.values()
    ]
    spots: list[Spot] = []
    for name, (at, height) in sorted(places.items(), key=lambda item: item[1][1]):
        width = len(name) * _CHARACTER
        box = room(at, height, width=width, taken=taken)
        taken.append(box)
        left = box.right <= at
        cost, blocked = points[name]
        spots.append(
            Spot(
                policy=name,
                kind="own" if name == OWN else "bound" if name == BOUND else "other",
                best=name in leading,
                x=at,
                y=height,
                label_x=at - _BESIDE if left else at + _BESIDE,
                label_y=round(box.bottom - _BASELINE, 1),
                anchor="end" if left else "start",
                title=f"{name}: {percent(blocked)} of joins blocked at {cost:.2f} times the "
                f"bound's node-hours, {policies[name].node_hours:,.0f}",
            )
        )
    return tuple(spots)


def room(at: float, height: float, *, width: float, taken: Sequence[Box]) -> Box:
    """Return where a spot's label finds room: beside it, else beside and above or below it.

    It stays within the chart, and covers nothing that is `taken` if there is any such place.
    """
    beside = (at + _BESIDE, at - _BESIDE - width)
    for line in _LINES:
        top = height + _LINE * (line - 0.5)
        for begin in beside:
            box = Box(begin, begin + width, top, top + _LINE)
            inside = box.left >= 0 and box.right <= WIDTH and box.top >= 0 and box.bottom <= BOTTOM
            if (inside or line == 0) and box.right <= WIDTH and not any(map(box.meets, taken)):
                return box
    top = height - _LINE / 2
    return Box(beside[0], beside[0] + width, top, top + _LINE)


def _corners(points: list[tuple[float, float]], x: Scale, y: Scale) -> tuple[Corner, ...]:
    """Return the steps from the cheapest to the safest, with what both of them leave open."""
    corners: list[Corner] = []
    above = float(TOP)
    for cost, blocked in points:
        at, height = x(cost), y(height_of(blocked))
        corners += [(at, above), (at, height)]
        above = height
    return (*corners, (float(RIGHT), above))

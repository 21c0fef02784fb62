"""The numbers of the picture: the table, and what safety costs."""

from matplotlib.axes import Axes

from autoscaler.cli.drawing import BLACK, BLUE
from simulations.report.frontier import (
    BOTTOM,
    HEIGHT,
    LEFT,
    RIGHT,
    TOP,
    WIDTH,
    frontier_chart,
)
from simulations.report.table import OWN, groups
from simulations.result import ScenarioResult

_GRID = "#e6e6e6"
_LARGE = 4
"""Policies up to which the table's letters are larger."""


def write_table(axes: Axes, result: ScenarioResult, *, heads: float) -> None:
    """Write every number; `heads` is the share of the width that their names take."""
    axes.set_axis_off()
    found = groups(result)
    policies = tuple(result.policies)
    rows = sum(1 + len(each) for each in found.values()) + 1
    share = (1.0 - heads) / len(policies)
    places = [heads + share * (index + 1) for index in range(len(policies))]
    size = "x-small" if len(policies) <= _LARGE else "xx-small"
    row = 0

    def write(x: float, text: str, *, end: bool = False, bold: bool = False) -> None:
        axes.text(
            x,
            1 - (row + 0.5) / rows,
            text,
            ha="right" if end else "left",
            va="center",
            size=size,
            weight="bold" if bold else "normal",
            transform=axes.transAxes,
        )

    for place, policy in zip(places, policies, strict=True):
        write(place, policy, end=True, bold=policy == OWN)
    for group, lines in found.items():
        row += 1
        write(0.0, group, bold=True)
        for line in lines:
            row += 1
            write(0.015, f"{line.column.head} {line.column.unit}".strip())
            for place, policy, cell in zip(places, policies, line.cells, strict=True):
                write(place, cell.text, end=True, bold=policy == OWN)


def draw_frontier(axes: Axes, result: ScenarioResult) -> None:
    """Draw the page's own chart of it."""
    axes.set_axis_off()
    chart = frontier_chart(result)
    if chart is None:
        return
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(HEIGHT, 0)
    for tick in chart.y_ticks:
        axes.plot((LEFT, RIGHT), (tick.at, tick.at), color=_GRID, linewidth=0.6)
        axes.text(LEFT - 6, tick.at, tick.label, ha="right", va="center", size="x-small")
    for tick in chart.x_ticks:
        axes.plot((tick.at, tick.at), (TOP, BOTTOM), color=_GRID, linewidth=0.6)
        axes.text(tick.at, BOTTOM + 10, tick.label, ha="center", va="top", size="x-small")
    axes.plot(*zip(*chart.corners, strict=True), color="#777777", linestyle="--", linewidth=1.0)
    for spot in chart.spots:
        own, bound = spot.kind == "own", spot.kind == "bound"
        if spot.led:
            ends = (spot.x, spot.label_x), (spot.y, spot.label_y - 5)
            axes.plot(*ends, color="#999999", linewidth=0.6)
        axes.plot(
            spot.x,
            spot.y,
            marker="D" if bound else "o",
            color=BLUE if own else BLACK,
            fillstyle="full" if own or spot.best else "none",
            markersize=5,
            linestyle="none",
        )
        axes.text(
            spot.label_x,
            spot.label_y - 5,
            spot.policy,
            ha="right" if spot.anchor == "end" else "left",
            va="center",
            size="x-small",
            weight="bold" if own else "normal",
            bbox={"facecolor": "white", "edgecolor": "none", "alpha": 0.8, "pad": 0.5},
        )
    axes.text(WIDTH / 2, HEIGHT, "node-hours over the bound's", ha="center", size="x-small")
    axes.text(0, 8, "joins blocked", ha="left", size="x-small")
    axes.set_title("What safety costs: down and left is better")

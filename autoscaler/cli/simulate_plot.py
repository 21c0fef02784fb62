"""The report of `meetscale simulate` as one picture: numbers, frontier, and every chart."""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec

from autoscaler.cli.drawing import BLACK, BLUE, percent_axis, save, styled
from autoscaler.cli.simulate_panels import draw_link, draw_pool
from simulations.report.frontier import best, points_of
from simulations.report.table import BOUND, OWN, groups
from simulations.result import ScenarioResult

_MOST_COLUMNS = 4
_WIDTH, _HEIGHT = 4.6, 1.9
"""Inches of one chart."""
_LINE = 0.185
"""Inches of a line of the table."""
_HEAD, _FOOT, _LEFT, _RIGHT = 0.55, 0.9, 0.75, 0.2
"""Inches around and between."""

_Draw = Callable[[Axes, ScenarioResult, str, int], None]


def plot_result(result: ScenarioResult, *, path: Path) -> None:
    """Write the numbers first, then charts for every pool and link, a column for each policy."""
    policies = tuple(result.policies)
    columns = max(2, min(_MOST_COLUMNS, len(policies)))
    deep = math.ceil(len(policies) / columns)
    blocks: list[tuple[str, _Draw, int]] = [
        *((f"Pool {name}", draw_pool, index) for index, name in enumerate(result.pools)),
        *((f"Link {name}", draw_link, index) for index, name in enumerate(result.links)),
    ]
    top = _LINE * (sum(1 + len(each) for each in groups(result).values()) + 2)
    charts = _HEIGHT * deep * len(blocks)
    width, height = _WIDTH * columns, _HEAD + top + _FOOT + charts
    with styled():
        figure = Figure(figsize=(width, height))
        figure.text(
            0.2 / width, 1 - 0.15 / height, result.title, va="top", size="x-large", weight="bold"
        )
        above = GridSpec(
            1,
            2,
            figure=figure,
            left=0.2 / width,
            right=1 - _RIGHT / width,
            top=1 - _HEAD / height,
            bottom=1 - (_HEAD + top) / height,
            wspace=0.22,
        )
        _write_table(figure.add_subplot(above[0]), result)
        _draw_frontier(figure.add_subplot(above[1]), result)
        below = GridSpec(
            deep * len(blocks),
            columns,
            figure=figure,
            left=_LEFT / width,
            right=1 - _RIGHT / width,
            top=charts / height,
            bottom=0.35 / height,
            hspace=0.55,
            wspace=0.2,
        )
        for place, (name, draw, index) in enumerate(blocks):
            first: Axes | None = None
            for number, policy in enumerate(policies):
                row, column = divmod(number, columns)
                axes = figure.add_subplot(below[place * deep + row, column], sharey=first)
                first = first or axes
                draw(axes, result, policy, index)
                axes.set_title(f"{name}, {policy}", fontsize="small")
        figure.legend(
            *_legend(figure.axes[2:]),
            loc="upper left",
            bbox_to_anchor=(0.2 / width, (charts + 0.55) / height),
            ncols=10,
            fontsize="small",
        )
        save(figure, path, title=result.title, lines=[])


def _legend(every: Sequence[Axes]) -> tuple[list[Artist], list[str]]:
    """Return every name once, pools' and links' together."""
    found: dict[str, Artist] = {}
    for axes in every:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(name, handle)
    return list(found.values()), list(found)


def _write_table(axes: Axes, result: ScenarioResult) -> None:
    axes.set_axis_off()
    found = groups(result)
    policies = tuple(result.policies)
    rows = sum(1 + len(each) for each in found.values()) + 1
    places = [0.3 + 0.7 * (index + 1) / len(policies) for index in range(len(policies))]
    size = "x-small" if len(policies) <= _MOST_COLUMNS else "xx-small"
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
            write(0.015, line.column.head)
            for place, policy, cell in zip(places, policies, line.cells, strict=True):
                write(place, cell.text, end=True, bold=policy == OWN)


def _draw_frontier(axes: Axes, result: ScenarioResult) -> None:
    points = points_of(result)
    if len(points) < 2:
        axes.set_axis_off()
        return
    leading = [points[name] for name in best(points)]
    axes.step(*zip(*leading, strict=True), where="post", color="#777777", linestyle="--")
    for name, (cost, blocked) in points.items():
        own, bound = name == OWN, name == BOUND
        axes.plot(
            cost,
            blocked,
            marker="D" if bound else "o",
            color=BLUE if own else BLACK,
            fillstyle="full" if own else "none",
            linestyle="none",
            clip_on=False,
        )
        axes.annotate(
            name,
            (cost, blocked),
            xytext=(6, 4),
            textcoords="offset points",
            size="small",
            weight="bold" if own else "normal",
        )
    percent_axis(axes)
    axes.margins(x=0.12)
    axes.set_xlabel("node-hours over the bound's")
    axes.set_ylabel("blocked joins, %")
    axes.set_title("What safety costs: down and left is better")

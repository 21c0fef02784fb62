"""The report of `meetscale simulate` as one picture: numbers, frontier, and every chart."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, SubplotSpec

from autoscaler.cli.drawing import BLACK, BLUE, percent_axis, save, styled
from autoscaler.cli.simulate_panels import draw_demand, draw_link, draw_pool
from simulations.report.axes import duration_text, moment_text
from simulations.report.frontier import best, height_of, points_of
from simulations.report.regions import forecaster
from simulations.report.table import BOUND, OWN, groups
from simulations.result import ScenarioResult

_MOST_COLUMNS = 4
_WIDTH, _HEIGHT = 4.6, 1.9
"""Inches of one chart."""
_LINE = 0.185
"""Inches of a line of the table."""
_HEAD, _FOOT, _LEFT, _RIGHT = 0.8, 1.3, 0.75, 0.2
"""Inches around and between."""
_HEADROOM = 1.05
_LEGEND_COLUMNS = 1.7
"""Names of a legend's line, for each column of charts."""
_NEAR, _LABEL = 0.12, 11
"""Share of the axis within which names would touch, and the points to lift one above another."""

_Draw = Callable[[Axes, ScenarioResult, str, int], None]


@dataclass(frozen=True, slots=True)
class _Block:
    """Charts of one pool or link that stand together; all but `before` share a scale."""

    name: str
    index: int
    draw: _Draw
    before: _Draw | None = None


def plot_result(result: ScenarioResult, *, path: Path) -> None:
    """Write the numbers first, then for every pool and link a chart for each policy.

    Before a pool's stands one of what people wanted.
    """
    blocks = [
        *(
            _Block(f"Pool {name}", at, draw_pool, draw_demand)
            for at, name in enumerate(result.pools)
        ),
        *(_Block(f"Link {name}", at, draw_link) for at, name in enumerate(result.links)),
    ]
    most = len(result.policies) + 1
    columns = max(2, math.ceil(most / math.ceil(most / _MOST_COLUMNS)))
    deep = [
        math.ceil((len(result.policies) + (each.before is not None)) / columns) for each in blocks
    ]
    top = _LINE * (sum(1 + len(each) for each in groups(result).values()) + 2)
    charts = _HEIGHT * sum(deep)
    width, height = _WIDTH * columns, _HEAD + top + _FOOT + charts
    with styled():
        figure = Figure(figsize=(width, height))
        _write_head(figure, result, left=0.2 / width, inch=1 / height)
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
            sum(deep),
            columns,
            figure=figure,
            left=_LEFT / width,
            right=1 - _RIGHT / width,
            top=charts / height,
            bottom=0.35 / height,
            hspace=0.55,
            wspace=0.2,
        )
        row = 0
        for block, rows in zip(blocks, deep, strict=True):
            places = [below[row + at // columns, at % columns] for at in range(rows * columns)]
            _draw_block(figure, result, block, places)
            row += rows
        figure.legend(
            *_legend(figure.axes[2:]),
            loc="upper left",
            bbox_to_anchor=(0.2 / width, (charts + 0.85) / height),
            ncols=math.ceil(_LEGEND_COLUMNS * columns),
            fontsize="small",
        )
        save(figure, path, title=result.title, lines=[])


def _write_head(figure: Figure, result: ScenarioResult, *, left: float, inch: float) -> None:
    figure.text(left, 1 - 0.15 * inch, result.title, va="top", size="x-large", weight="bold")
    failed = sum(not each.passed for each in result.assertions)
    judged = len(result.assertions)
    verdict = f"{failed} of {judged} failed" if failed else f"all {judged} hold"
    line = (
        f"{result.scenario}, seed {result.seed}: {duration_text(result.simulated_seconds)} from "
        f"{moment_text(result.start)}. Assertions: {verdict if judged else 'none judged'}. "
        "All times are UTC."
    )
    figure.text(left, 1 - 0.48 * inch, line, va="top", size="small")


def _draw_block(
    figure: Figure, result: ScenarioResult, block: _Block, places: Sequence[SubplotSpec]
) -> None:
    free = iter(places)
    if block.before is not None:
        axes = figure.add_subplot(next(free))
        block.before(axes, result, forecaster(result, block.index), block.index)
        axes.set_title(f"{block.name}, demand", fontsize="small")
        axes.set_ylim(0.0, axes.dataLim.y1 * _HEADROOM)
    drawn: list[Axes] = []
    for policy in result.policies:
        axes = figure.add_subplot(next(free), sharey=drawn[0] if drawn else None)
        block.draw(axes, result, policy, block.index)
        axes.set_title(f"{block.name}, {policy}", fontsize="small")
        drawn.append(axes)
    drawn[0].set_ylim(0.0, max(axes.dataLim.y1 for axes in drawn) * _HEADROOM)


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
            write(0.015, f"{line.column.head} {line.column.unit}".strip())
            for place, policy, cell in zip(places, policies, line.cells, strict=True):
                write(place, cell.text, end=True, bold=policy == OWN)


def _draw_frontier(axes: Axes, result: ScenarioResult) -> None:
    points = points_of(result)
    if len(points) < 2:
        axes.set_axis_off()
        return
    leading = [points[name] for name in best(points)]
    axes.step(*zip(*leading, strict=True), where="post", color="#777777", linestyle="--")
    axes.margins(x=0.12)
    named: list[tuple[float, float]] = []
    widest = max(cost for cost, _ in points.values()) - min(cost for cost, _ in points.values())
    highest = max(height_of(blocked) for _, blocked in points.values())
    widest, highest = max(widest, 0.1), max(highest, 1.0)
    for name, (cost, blocked) in sorted(points.items(), key=lambda item: item[1]):
        own, bound = name == OWN, name == BOUND
        place = cost / widest, height_of(blocked) / highest
        near = sum(abs(place[0] - x) < _NEAR and abs(place[1] - y) < _NEAR / 2 for x, y in named)
        named.append(place)
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
            xytext=(6, 4 + _LABEL * near),
            textcoords="offset points",
            size="small",
            weight="bold" if own else "normal",
        )
    percent_axis(axes)
    axes.set_xlabel("node-hours, as a multiple of the bound's")
    axes.set_ylabel("blocked joins, %")
    axes.set_title("What safety costs: down and left is better")

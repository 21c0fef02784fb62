"""The report of `meetscale simulate` as one picture: numbers, frontier, and every chart."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec, SubplotSpec

from autoscaler.cli.drawing import save, styled
from autoscaler.cli.simulate_numbers import draw_frontier, write_table
from autoscaler.cli.simulate_panels import draw_demand, draw_link, draw_pool
from simulations.report.axes import duration_text, moment_text
from simulations.report.regions import forecaster
from simulations.report.table import groups
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
_MOST_BESIDE = 6
"""Policies whose numbers fit beside the frontier; else it stands below them."""
_FRONTIER, _HEADS = 3.4, 2.4
"""Inches of the frontier's height there, and of the table's heads."""

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
    many = len(result.policies) > _MOST_BESIDE
    table = _LINE * (sum(1 + len(each) for each in groups(result).values()) + 2)
    top = table + _FRONTIER if many else table
    charts = _HEIGHT * sum(deep)
    width, height = _WIDTH * columns, _HEAD + top + _FOOT + charts
    with styled():
        figure = Figure(figsize=(width, height))
        _write_head(figure, result, left=0.2 / width, inch=1 / height)
        above = GridSpec(
            *((2, 1) if many else (1, 2)),
            figure=figure,
            height_ratios=(table, _FRONTIER) if many else None,
            left=0.2 / width,
            right=1 - _RIGHT / width,
            top=1 - _HEAD / height,
            bottom=1 - (_HEAD + top) / height,
            wspace=0.22,
        )
        write_table(figure.add_subplot(above[0]), result, heads=_HEADS / width if many else 0.3)
        draw_frontier(figure.add_subplot(above[1]), result)
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
        axes.set_ylim(0.0, max(axes.dataLim.y1, 1.0) * _HEADROOM)
    drawn: list[Axes] = []
    for policy in result.policies:
        axes = figure.add_subplot(next(free), sharey=drawn[0] if drawn else None)
        block.draw(axes, result, policy, block.index)
        axes.set_title(f"{block.name}, {policy}", fontsize="small")
        drawn.append(axes)
    drawn[0].set_ylim(0.0, max(1.0, *(axes.dataLim.y1 for axes in drawn)) * _HEADROOM)


def _legend(every: Sequence[Axes]) -> tuple[list[Artist], list[str]]:
    """Return every name once, pools' and links' together."""
    found: dict[str, Artist] = {}
    for axes in every:
        for handle, name in zip(*axes.get_legend_handles_labels(), strict=True):
            found.setdefault(name, handle)
    return list(found.values()), list(found)

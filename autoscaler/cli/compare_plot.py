"""The chart of `meetscale compare`: a frontier per policy, a panel per scenario."""

import math
from collections.abc import Sequence
from pathlib import Path

from matplotlib.axes import Axes
from matplotlib.figure import Figure

from autoscaler.cli.drawing import BLUE, COLOURS, DASHES, MARKERS, percent_axis, save, styled
from simulations.report.table import OWN
from simulations.sweep.frontier import Point

_COLUMNS = 2


def plot_frontiers(points: Sequence[Point], *, path: Path) -> None:
    """Draw blocked joins against cost; the nearer to the lower left corner, the better."""
    scenarios = list(dict.fromkeys(each.scenario for each in points))
    policies = list(dict.fromkeys(each.policy for each in points))
    columns = min(_COLUMNS, len(scenarios))
    with styled():
        figure = Figure(
            figsize=(6.0 * columns + 2.0, 4.5 * math.ceil(len(scenarios) / columns)),
            layout="constrained",
        )
        grid = figure.subplots(math.ceil(len(scenarios) / columns), columns, squeeze=False)
        places = list(grid.flat)
        for axes, scenario in zip(places, scenarios, strict=False):
            _draw(axes, [each for each in points if each.scenario == scenario], policies)
            axes.set_title(scenario)
        for axes in places[len(scenarios) :]:
            axes.set_axis_off()
        handles, names = places[0].get_legend_handles_labels()
        figure.legend(handles, names, loc="outside right upper", fontsize="small")
        seeds = max((each.seeds for each in points), default=0)
        lines = [f"Means of {seeds} seeds; bars are 95 % intervals. Down and left is better."]
        save(figure, path, title="Blocked joins against cost", lines=lines)


def _draw(axes: Axes, points: Sequence[Point], policies: Sequence[str]) -> None:
    for index, policy in enumerate(policies):
        line = sorted(
            (each for each in points if each.policy == policy and each.dial is not None),
            key=lambda each: each.cost_vs_bound,
        ) or [each for each in points if each.policy == policy]
        cost = [each.cost_vs_bound for each in line]
        blocked = [each.blocked_joins_pct for each in line]
        axes.errorbar(
            cost,
            blocked,
            yerr=[
                [b - each.blocked_interval[0] for b, each in zip(blocked, line, strict=True)],
                [each.blocked_interval[1] - b for b, each in zip(blocked, line, strict=True)],
            ],
            color=BLUE if policy == OWN else COLOURS[1 + index % (len(COLOURS) - 1)],
            marker=MARKERS[index % len(MARKERS)],
            linestyle=DASHES[index % len(DASHES)],
            linewidth=2.2 if policy == OWN else 1.0,
            markersize=4.0,
            elinewidth=0.7,
            label=policy,
        )
    percent_axis(axes)
    axes.axvline(1.0, color="#999999", linewidth=0.8, linestyle=":")
    axes.set_xlabel("node-hours over the bound's")
    axes.set_ylabel("blocked joins, %")

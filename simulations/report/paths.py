"""SVG path data, short: steps for counts, straight lines for what moves evenly."""

import math

from forecast.arrays import FloatArray, IntArray
from simulations.report.axes import Scale

Series = FloatArray | IntArray


def steps(ticks: IntArray, values: Series, x: Scale, y: Scale) -> str:
    """Return a step line: tick i holds `values[i]` from its beginning to its end."""
    parts = [f"M{x(0)} {y(values[0])}"]
    last = values[0]
    for tick in ticks.tolist():
        if values[tick] != last:
            last = values[tick]
            parts.append(f"H{x(tick)}V{y(last)}")
    parts.append(f"H{x(len(values))}")
    return "".join(parts)


def line(ticks: IntArray, values: Series, x: Scale, y: Scale) -> str:
    """Return a line through tick ends, interrupted where a value is not a number."""
    parts = []
    pen_down = False
    for tick in ticks.tolist():
        value = float(values[tick])
        if math.isnan(value):
            pen_down = False
            continue
        parts.append(f"{'L' if pen_down else 'M'}{x(tick + 1)} {y(value)}")
        pen_down = True
    return "".join(parts)


def between(ticks: IntArray, lower: Series, upper: Series, x: Scale, y: Scale) -> str:
    """Return the closed area between two step lines over the span of `ticks` (at least one)."""
    first, end = int(ticks[0]), int(ticks[-1]) + 1
    there, back = [f"M{x(first)} {y(upper[first])}"], [f"H{x(first)}Z"]
    for before, tick in zip(ticks[:-1].tolist(), ticks[1:].tolist(), strict=True):
        if upper[tick] != upper[before]:
            there.append(f"H{x(tick)}V{y(upper[tick])}")
        if lower[tick] != lower[before]:
            back.append(f"H{x(tick)}V{y(lower[before])}")
    back.append(f"H{x(end)}V{y(lower[ticks[-1]])}")
    return "".join([*there, *reversed(back)])

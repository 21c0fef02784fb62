"""What a chart consists of, in pixels: values that the template only writes down."""

from dataclasses import dataclass

from simulations.report.axes import Tick

_ROW = 15
"""Pixels from one row of labels to the next."""


@dataclass(frozen=True, slots=True)
class Span:
    """Something that lasts, drawn over [x, x + width]; `title` says when and what.

    `share` is how much of its strip's height it fills, 0 to 1.
    """

    x: float
    width: float
    title: str
    share: float = 1.0


@dataclass(frozen=True, slots=True)
class Label:
    """A name above a span, in the first row that has room; `anchor` is SVG's."""

    text: str
    x: float
    row: int
    anchor: str

    @property
    def y(self) -> int:
        """Where it stands: the first row on the plot, the others above it."""
        return 10 - _ROW * self.row


@dataclass(frozen=True, slots=True)
class Curve:
    """A drawn series; `kind` is its style in the style sheet, `label_y` where its name stands."""

    kind: str
    path: str
    label: str
    label_y: float


@dataclass(frozen=True, slots=True)
class Shape:
    """A filled area with a title."""

    path: str
    title: str


@dataclass(frozen=True, slots=True)
class Lane:
    """A strip under the plot that shows when something was so."""

    kind: str
    label: str
    y: float
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """One plot with its lanes; `bottom` is the zero line, `height` all of it.

    Rows of labels stand above the plot, all but the first `above` where the height begins.
    """

    title: str
    unit: str
    bottom: float
    height: float
    curves: tuple[Curve, ...]
    marks: tuple[Span, ...]
    labels: tuple[Label, ...] = ()
    x_ticks: tuple[Tick, ...]
    y_ticks: tuple[Tick, ...]
    filled: str = ""
    shortages: tuple[Shape, ...] = ()
    lanes: tuple[Lane, ...] = ()

    @property
    def above(self) -> int:
        """Return the pixels above zero height that rows of labels take."""
        return _ROW * max((label.row for label in self.labels), default=0)


def spread(wanted: list[float], *, gap: float, lowest: float) -> list[float]:
    """Return heights for labels near the wanted ones, `gap` apart, none below `lowest`.

    Heights grow downwards, as pixels do. Of equal ones the last stands first: it is drawn on top.
    """
    order = sorted(range(len(wanted)), key=lambda index: (wanted[index], -index))
    placed = [0.0] * len(wanted)
    above = float("-inf")
    for index in order:
        placed[index] = above = max(wanted[index], above + gap)
    below = lowest + gap
    for index in reversed(order):
        placed[index] = below = round(min(placed[index], below - gap), 1)
    return placed

"""The time axis that all charts share, and what happened along it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np

from forecast.arrays import BoolArray, FloatArray
from simulations.marks import ANNOUNCED
from simulations.report.axes import Scale, Tick, duration_text, moment_text, time_ticks
from simulations.report.downsample import runs
from simulations.report.drawing import Label, Span
from simulations.result import Approval, Mark

LEFT, RIGHT = 64, 886
MOST_BUCKETS = 400
_NARROWEST = 1.5
"""Pixels: a shorter span could not be found by eye."""
_COLUMNS = 274
"""Columns in which shares are drawn: three pixels each."""
_LOWEST = 0.15
"""Share of its strip's height: a lower one could not be found by eye."""
_CHARACTER = 7.6
"""Pixels that a character of a label takes, about, where labels are drawn largest."""


@dataclass(frozen=True, slots=True)
class Frame:
    """Ticks from left to right, with the scenario's faults and surges.

    Lines are drawn through the extremes of `buckets` stretches of time: many charts on one page
    need fewer, or the page grows too large to open.
    """

    start: int
    tick_seconds: int
    ticks: int
    marks: tuple[Mark, ...]
    buckets: int = MOST_BUCKETS

    @property
    def gap(self) -> int:
        """Return how many ticks are narrower than a pixel."""
        return self.ticks // (RIGHT - LEFT)

    @property
    def x(self) -> Scale:
        """Pixels of a tick's beginning."""
        return Scale(0, self.ticks, LEFT, RIGHT)

    def axis(self) -> tuple[Tick, ...]:
        """Return round times."""
        end = self.time_of(self.ticks)
        return tuple(time_ticks(self.start, end, Scale(self.start, end, LEFT, RIGHT)))

    def time_of(self, tick: int) -> int:
        """Return the epoch seconds at which a tick begins."""
        return self.start + tick * self.tick_seconds

    def when(self, first: int, after: int, what: str) -> str:
        """Say when something on the ticks [first, after) was."""
        lasted = duration_text((after - first) * self.tick_seconds)
        return f"{what} from {moment_text(self.time_of(first))} for {lasted}"

    def shares(self, part: FloatArray, whole: FloatArray, what: str) -> tuple[Span, ...]:
        """Return how large a part of the whole was, in columns where there was any."""
        spans = []
        columns = min(_COLUMNS, self.buckets)
        edges = np.unique(np.linspace(0, self.ticks, columns + 1).astype(np.int64)).tolist()
        for first, after in pairwise(edges):
            some, total = float(part[first:after].sum()), float(whole[first:after].sum())
            if some > 0.0:
                share = min(1.0, some / total) if total else 1.0
                title = self.when(first, after, f"{share:.1%} of {what}")
                span = self._span(first, after, title)
                spans.append(replace(span, share=round(max(share, _LOWEST), 2)))
        return tuple(spans)

    def spans(self, flags: BoolArray, what: str) -> tuple[Span, ...]:
        """Return where `flags` hold."""
        return tuple(
            self._span(first, after, self.when(first, after, what))
            for first, after in runs(flags, gap=self.gap)
        )

    def approvals(
        self, approvals: Sequence[Approval], say: Callable[[float], str]
    ) -> tuple[Span, ...]:
        """Return when somebody was asked for a total, until the answer."""
        return tuple(
            self._span(
                self._tick(each.asked),
                self._tick(each.answered),
                f"{say(each.up_to)} asked for {moment_text(each.asked)}, "
                f"approved after {duration_text(each.answered - each.asked)}",
            )
            for each in approvals
        )

    def mark_spans(self) -> tuple[Span, ...]:
        """Return the faults, surges and events of the scenario."""
        return tuple(
            self._span(
                self._tick(mark.start),
                self._tick(mark.end),
                f"{_told(mark)}, {moment_text(mark.start)} to {moment_text(mark.end)}",
            )
            for mark in self.marks
        )

    def mark_labels(self) -> tuple[Label, ...]:
        """Return their names, in as many rows as keep them apart."""
        labels: list[Label] = []
        named: set[str] = set()
        row_ends: list[float] = []
        for mark in sorted(self.marks, key=lambda mark: mark.start):
            if mark.kind == ANNOUNCED and mark.label in named:
                continue  # what recurs is named once
            named.add(mark.label)
            width = len(mark.label) * _CHARACTER
            left = self.x(self._tick(mark.start))
            overflows = left + width > RIGHT
            begin = max(left - width, LEFT) if overflows else left
            row = next((row for row, end in enumerate(row_ends) if end <= begin), len(row_ends))
            row_ends[row : row + 1] = [begin + width]
            labels.append(Label(mark.label, left, row, "end" if overflows else "start"))
        return tuple(labels)

    def _tick(self, at: int) -> float:
        return min(max((at - self.start) / self.tick_seconds, 0.0), float(self.ticks))

    def _span(self, first: float, after: float, title: str) -> Span:
        left = self.x(first)
        return Span(left, round(max(self.x(after) - left, _NARROWEST), 1), title)


def _told(mark: Mark) -> str:
    return mark.label if mark.kind == ANNOUNCED else f"{mark.kind} {mark.label}"

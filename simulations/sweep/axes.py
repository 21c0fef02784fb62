"""What is varied: fields of a scenario, each over values or a range."""

import itertools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from scipy.stats import qmc

from autoscaler.errors import SpecError

Settings: TypeAlias = tuple[tuple[str, str], ...]
"""One choice for every axis: (path, value) as `--set` takes them."""


@dataclass(frozen=True, slots=True)
class Values:
    """A field that takes each of these values."""

    path: str
    values: tuple[str, ...]

    def at(self, share: float) -> str:
        """Return the value at a share of the axis, 0 to 1 (exclusive)."""
        return self.values[int(share * len(self.values))]


@dataclass(frozen=True, slots=True)
class Range:
    """A field that takes any value between two, whole numbers if both are."""

    path: str
    low: float
    high: float
    whole: bool

    def at(self, share: float) -> str:
        """Return the value at a share of the axis, 0 to 1 (exclusive)."""
        if self.whole:
            return str(int(self.low + share * (self.high - self.low + 1)))
        return f"{self.low + share * (self.high - self.low):.6g}"


Axis: TypeAlias = Values | Range


def parse_axis(text: str) -> Axis:
    """Read `PATH=V1,V2,...` or `PATH=LOW..HIGH`. Raises SpecError."""
    path, separator, what = text.partition("=")
    if not separator or not path or not what:
        raise SpecError(f"--vary {text!r}: must be PATH=V1,V2,... or PATH=LOW..HIGH")
    low, dots, high = what.partition("..")
    if not dots:
        return Values(path, tuple(each.strip() for each in what.split(",")))
    try:
        ends = float(low), float(high)
    except ValueError as error:
        raise SpecError(f"--vary {text!r}: the ends of a range must be numbers") from error
    if not ends[0] < ends[1]:
        raise SpecError(f"--vary {text!r}: a range must rise")
    whole = all(each.strip().lstrip("+-").isdigit() for each in (low, high))
    return Range(path, *ends, whole=whole)


def grid(axes: Sequence[Axis]) -> Iterator[Settings]:
    """Return every combination. Raises SpecError for a range, which has no end of values."""
    lists = []
    for axis in axes:
        if isinstance(axis, Range):
            raise SpecError(
                f"--vary {axis.path}={axis.low:g}..{axis.high:g}: a range is drawn from,"
                " so --samples must say how often"
            )
        lists.append([(axis.path, value) for value in axis.values])
    yield from itertools.product(*lists)


def drawn(axes: Sequence[Axis], *, samples: int, seed: int) -> Iterator[Settings]:
    """Return so many combinations, spread evenly over every axis (Latin hypercube)."""
    if not axes:
        raise SpecError(f"--samples {samples}: needs something to vary (--vary)")
    shares = qmc.LatinHypercube(d=len(axes), rng=seed).random(samples)
    for row in shares.tolist():
        yield tuple((axis.path, axis.at(share)) for axis, share in zip(axes, row, strict=True))

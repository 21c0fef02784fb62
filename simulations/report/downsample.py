"""Fewer points that draw the same picture."""

from collections.abc import Sequence

import numpy as np

from forecast.arrays import BoolArray, FloatArray, IntArray

Series = FloatArray | IntArray


def kept_ticks(series: Sequence[Series], *, buckets: int) -> IntArray:
    """Return the ticks to draw: of every bucket the first, lowest, highest and last of each series.

    On a plot no wider than `buckets` columns the line through them is the line through all
    (M4: Jugel et al., VLDB 2014). Ticks ascend; all are kept where there are few.
    """
    count = len(series[0])
    if count <= 4 * buckets:
        return np.arange(count)
    edges = np.linspace(0, count, buckets + 1).astype(np.int64)
    kept = {0, count - 1}
    for first, after in zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True):
        kept.update((first, after - 1))
        for values in series:
            bucket = np.nan_to_num(values[first:after])
            kept.update((first + int(bucket.argmin()), first + int(bucket.argmax())))
    return np.array(sorted(kept))


def worst_ticks(badness: Series, *, buckets: int) -> IntArray:
    """Return the worst tick of every bucket: the numbers of one tick really belong together."""
    count = len(badness)
    if count <= buckets:
        return np.arange(count)
    edges = np.linspace(0, count, buckets + 1).astype(np.int64)
    spans = zip(edges[:-1].tolist(), edges[1:].tolist(), strict=True)
    return np.array([first + int(badness[first:after].argmax()) for first, after in spans])


def runs(flags: BoolArray, *, gap: int = 0) -> list[tuple[int, int]]:
    """Return the [first, after) tick ranges in which `flags` hold.

    Pauses of at most `gap` ticks are taken for part of what they interrupt.
    """
    edges = np.flatnonzero(np.diff(flags.astype(np.int8), prepend=0, append=0)).reshape(-1, 2)
    if edges.size:
        apart = edges[1:, 0] - edges[:-1, 1] > gap
        first, after = edges[:, 0][np.r_[True, apart]], edges[:, 1][np.r_[apart, True]]
        edges = np.column_stack([first, after])
    return [(int(first), int(after)) for first, after in edges]

"""How much longer a start takes for each server that is waited for with it."""

from collections.abc import Sequence
from dataclasses import dataclass

from autoscaler.leadtime.orders import Start

_LEAST_EVIDENCE = 3.0
"""Two batches always lie on a line: only from the third on does one say anything."""


@dataclass(frozen=True, slots=True)
class Queueing:
    """start = a + per_server * queue, at a `typical` queue where the starts are dense."""

    per_server: float
    typical: float


NO_QUEUE = Queueing(0.0, 1.0)


def queueing(starts: Sequence[Start], weights: Sequence[float]) -> Queueing:
    """Fit the line by weighted least squares, shrunk towards a start that no queue delays.

    The slope counts only as far as it exceeds its own standard error (positive-part Stein:
    slope * max(0, 1 - se^2 / slope^2)), and never below zero: nobody is served sooner for having
    asked for more.
    """
    total = sum(weights)
    if not starts or total <= 0.0:
        return NO_QUEUE
    pairs = [
        (weight, queued, took) for (took, _, queued), weight in zip(starts, weights, strict=True)
    ]
    queue = sum([w * queued for w, queued, _ in pairs]) / total
    seconds = sum([w * took for w, _, took in pairs]) / total
    spread = sum([w * (queued - queue) ** 2 for w, queued, _ in pairs]) / total
    evidence = total**2 / sum([w * w for w in weights])
    if spread <= 0.0 or evidence < _LEAST_EVIDENCE:
        return Queueing(0.0, queue)
    together = sum([w * (queued - queue) * (took - seconds) for w, queued, took in pairs])
    slope = together / total / spread
    if slope <= 0.0:
        return Queueing(0.0, queue)
    residual = sum(
        [w * (took - seconds - slope * (queued - queue)) ** 2 for w, queued, took in pairs]
    )
    error = residual / total / (evidence - 2.0) / spread
    return Queueing(slope * max(0.0, 1.0 - error / slope**2), queue)

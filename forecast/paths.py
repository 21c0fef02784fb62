"""The paths of one refresh, in batches of series that are alike."""

from collections.abc import Iterator
from dataclasses import replace

import numpy as np

from forecast.batches import batches
from forecast.fitted import Fitted
from forecast.prediction import Paths, predict_fitted, predict_unfitted
from forecast.situation import Situation, look_at


def predict(
    fitted: Fitted, situation: Situation, surging: frozenset[str]
) -> Iterator[tuple[list[int], Paths]]:
    """Predict in batches: series of one place that all have a fit, or all have none."""
    steps, quantiles = situation.settings.steps, situation.settings.quantiles
    names = situation.series_ids
    groups = [
        (place, name in fitted.keys) for name, place in zip(names, situation.places, strict=True)
    ]
    for (place, known), rows in batches(groups, points=steps * len(quantiles)):
        frame, part = look_at(situation, rows, place)
        was_surging = np.array([names[row] in surging for row in rows], dtype=np.bool_)
        if known:
            fit, prepared = fitted.of([names[row] for row in rows])
            frame = replace(frame, likeness=fit.likeness)
            yield (
                rows,
                predict_fitted(
                    fit, prepared, frame, part, quantiles=quantiles, surging=was_surging
                ),
            )
        else:
            yield (
                rows,
                predict_unfitted(
                    frame, part, steps=steps, quantiles=quantiles, surging=was_surging
                ),
            )

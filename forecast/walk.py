"""One series on its way through time: what is told of it from one origin after the other."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from forecast.arrays import FloatArray
from forecast.batches import look_back
from forecast.calendar import DAY
from forecast.fitted import Fitted, Key, cutoffs, fit_at, fit_steps, refit
from forecast.issuing import surging_of
from forecast.models.design import LOOK_BACK_DAYS
from forecast.paths import predict
from forecast.prediction import Paths
from forecast.situation import Situation
from forecast.stretch import predict_stretch
from forecast.verdict import Surging


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """Of one series, from one origin: log1p of (steps, quantiles), and what there is to say.

    `surge` is None of a series that neither is nor just was in one; `fitted` says if it has a fit.
    """

    levels: FloatArray
    surge: Surging | None
    fitted: bool


def walk(whole: Situation, row: int, *, first: int, surging: bool) -> Iterator[Told]:
    """Yield what is told of one series at every origin from the first up to the situation's end.

    Only what was known at an origin is used for it. The series was `surging` before the first.
    """
    step, settings = whole.evidence.step_seconds, whole.settings
    serves = step * fit_steps(step_seconds=step, refit_seconds=settings.refit_seconds)
    while first <= whole.now:
        (cutoff,) = cutoffs(
            (whole.series_ids[row],),
            start=first,
            step_seconds=step,
            refit_seconds=settings.refit_seconds,
        ).tolist()
        origins = range(first, min(cutoff + serves, whole.now + step), step)
        for told in _stretch(whole, row, Key(whole.places[row], cutoff), origins, surging=surging):
            yield told
            surging = told.surge is not None and told.surge.active
        first = origins.stop


def known_at(whole: Situation, now: int) -> Situation:
    """Return the situation as it was."""
    evidence = whole.evidence
    start = now - whole.settings.reach_steps(evidence.step_seconds) * evidence.step_seconds
    known = evidence.part(slice(None), min(max(start, evidence.start), now), now)
    return replace(whole, evidence=known, now=now)


def _stretch(
    whole: Situation, row: int, key: Key, origins: range, *, surging: bool
) -> Iterator[Told]:
    """Predict from origins that share a fit: at once, unless there is none or demand is bounded."""
    _, fits = fit_at(whole, [row], key)
    start = origins[0] - LOOK_BACK_DAYS * DAY
    part = whole.evidence.part([row], max(start, whole.evidence.start), origins[-1])
    if not fits or part.bounds.any():
        yield from _one_by_one(whole, row, origins, surging=surging)
        return
    frame = look_back(part, key.place, start=start, steps=whole.settings.steps).dense()
    paths = predict_stretch(
        fits[0],
        replace(frame, likeness=fits[0].likeness),
        part,
        count=len(origins),
        steps=whole.settings.steps,
        quantiles=whole.settings.quantiles,
        surging=surging,
    )
    for at, now in enumerate(origins):
        yield _told(paths, at, now=now, step_seconds=part.step_seconds, fitted=True)


def _one_by_one(whole: Situation, row: int, origins: range, *, surging: bool) -> Iterator[Told]:
    """Predict as `refresh` does."""
    name, fitted = whole.series_ids[row], Fitted()
    alone = replace(
        whole,
        evidence=whole.evidence.part([row], whole.evidence.start, whole.evidence.end),
        series_ids=(name,),
        places=[whole.places[row]],
    )
    for now in origins:
        situation = known_at(alone, now)
        fitted = refit(fitted, situation)
        ((_, paths),) = predict(fitted, situation, frozenset((name,) if surging else ()))
        told = _told(
            paths,
            0,
            now=now,
            step_seconds=whole.evidence.step_seconds,
            fitted=name in fitted.keys,
        )
        surging = told.surge is not None and told.surge.active
        yield told


def _told(paths: Paths, at: int, *, now: int, step_seconds: int, fitted: bool) -> Told:
    surge = None
    if paths.surge.active[at] or paths.surge.ended[at]:
        surge = surging_of(paths, at, start=now, step_seconds=step_seconds)
    return Told(paths.levels[at], surge, fitted)

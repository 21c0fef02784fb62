import numpy as np

from forecast.growth.detection import Surge
from forecast.growth.reasons import surge_reasons

NO, YES = np.array([False]), np.array([True])


def sentences(
    *,
    active: bool,
    ended: bool,
    gone: bool = False,
    began: int = 6,
    evidence: float = 2.5,
    growth: float = 0.0,
) -> tuple[str, ...]:
    surge = Surge(
        active=YES if active else NO,
        recent=NO,
        ended=YES if ended else NO,
        gone=YES if gone else NO,
        began=np.array([began]),
        evidence=np.array([evidence]),
        ratio=np.array([4.0]),
        drift=np.zeros(1),
    )
    return surge_reasons(surge, 0, growth=growth, day_start=0, step_seconds=900)


def test_entering_says_since_when_on_what_evidence_and_how_fast() -> None:
    assert sentences(active=True, ended=False, growth=0.3466) == (
        "in a surge since 1970-01-01T01:30Z: the evidence (CUSUM) reached 2.5 times its alarm, "
        "the last hour was 4 times the median of a day-ahead forecast",
        "it doubles every 2 h",
    )


def test_staying_says_that_calm_was_not_observed() -> None:
    (reason,) = sentences(active=True, ended=False, evidence=0.5)
    assert "3 calm hours were not observed since 1970-01-01T01:30Z" in reason
    (reason,) = sentences(active=True, ended=False, began=0, evidence=0.5)
    assert "not observed since before 1970-01-01T00:00Z" in reason


def test_leaving_says_what_was_calm_and_an_ordinary_series_says_nothing() -> None:
    (reason,) = sentences(active=False, ended=True)
    assert reason.startswith("the surge is over: for 3 h")
    (reason,) = sentences(active=False, ended=True, gone=True)
    assert reason.startswith("the surge is over: for 1 h")
    assert sentences(active=False, ended=False) == ()

"""Which windows of a server are whole."""

import numpy as np

from autoscaler.capacity.samples import Column, Samples, whole_windows


def test_windows_in_which_a_server_came_or_went_are_left_out() -> None:
    samples = Samples(
        servers=np.array([0, 0, 0, 0, 1, 1, 1, 2]),
        times=np.array([60, 120, 180, 240, 60, 120, 180, 240]),
        window_seconds=60,
        columns={Column.PARTICIPANTS: np.arange(8.0)},
    )
    # server 0 came at 60 or before and is there; server 1 went at 180; server 2 just came
    whole = whole_windows(samples)
    assert whole.columns[Column.PARTICIPANTS].tolist() == [1.0, 2.0, 3.0, 5.0]


def test_of_nothing_nothing_is_left() -> None:
    nothing = np.zeros(0, dtype=np.int64)
    samples = Samples(servers=nothing, times=nothing, window_seconds=60, columns={})
    assert len(whole_windows(samples).times) == 0

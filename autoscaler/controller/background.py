"""One daemon thread per job: unlike an executor's, it does not keep the process from ending."""

import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import TypeVar

T = TypeVar("T")


class Background:
    """Runs jobs beside the loop; each has its future."""

    def submit(self, job: Callable[[], T], /) -> Future[T]:
        """Begin the job."""
        future: Future[T] = Future()
        thread = threading.Thread(target=_run, args=(job, future), name="job", daemon=True)
        thread.start()
        return future


def _run(job: Callable[[], T], future: Future[T]) -> None:
    try:
        future.set_result(job())
    except BaseException as error:  # the one who waits handles it
        future.set_exception(error)

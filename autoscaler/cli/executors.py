"""Where many runs are carried out: in processes here, or on a Dask cluster."""

import os
from collections.abc import Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import contextmanager
from importlib import import_module
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import Annotated, Any

import typer

from autoscaler.errors import SpecError

Jobs = Annotated[
    int | None,
    typer.Option(min=1, max=256, help="In so many processes (default: one per processor)."),
]
Dask = Annotated[
    str | None,
    typer.Option(metavar="ADDRESS", help="On this Dask cluster instead, such as tcp://host:8786."),
]


@contextmanager
def executor(jobs: int | None, dask: str | None) -> Iterator[Executor]:
    """Yield an executor, and end it with the work; raises SpecError for a cluster not reached."""
    if dask is None:
        # One thread a process: more would only wait for each other. Read when numpy is imported.
        os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        with ProcessPoolExecutor(
            max_workers=jobs or os.cpu_count() or 1,
            mp_context=get_context("spawn"),
            initializer=_end_with_parent,
        ) as processes:
            yield processes
        return
    try:
        distributed: Any = import_module("distributed")
    except ImportError as error:
        raise SpecError(
            f"--dask {dask}: needs the package distributed; install meetscale[dask]"
        ) from error
    try:
        client = distributed.Client(dask, timeout=3)
    except (OSError, ValueError) as error:
        raise SpecError(f"--dask {dask}: no scheduler answers there") from error
    with client:
        yield client.get_executor()


def _end_with_parent() -> None:
    """End this process when the one that started it is gone: killed, it tells nobody."""
    parent = parent_process()
    assert parent is not None

    def watch() -> None:
        parent.join()
        os._exit(1)

    Thread(target=watch, daemon=True).start()

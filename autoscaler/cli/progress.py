"""Bars on standard error for work that takes a while, gone when it is done."""

from collections.abc import Iterator

from rich.console import Console
from rich.progress import Progress

from autoscaler.prometheus.download import Chunk


def shown(chunks: Iterator[Chunk], what: str, *, start: int, end: int) -> Iterator[Chunk]:
    """Pass chunks of [start, end] on, and show how far they came."""
    console = Console(stderr=True)
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:
        task = bars.add_task(what, total=max(1, end - start))
        for chunk in chunks:
            bars.update(task, completed=chunk.end - start)
            yield chunk

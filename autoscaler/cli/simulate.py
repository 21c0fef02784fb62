"""`meetscale simulate`: one scenario replayed against policies."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, TaskID

from autoscaler.cli.results import print_result, write_report
from autoscaler.cli.tables import read_table
from autoscaler.errors import SpecError
from simulations.policies.registry import USUAL
from simulations.run import run
from simulations.scenario.load import load
from simulations.scenario.measured import read_measured, with_measured

ASSERTION_FAILED = 1
_REPORTS = (".html", ".png")
_LARGEST_SEED = 2**31 - 1


def simulate(
    scenario: Annotated[
        str,
        typer.Argument(
            metavar="NAME_OR_FILE", help="A shipped scenario (see `scenarios`) or a YAML file."
        ),
    ],
    policy: Annotated[
        list[str] | None,
        typer.Option(
            help=f"Run this policy (repeatable, else {', '.join(USUAL)}); the bound always runs."
        ),
    ] = None,
    seed: Annotated[
        int | None,
        typer.Option(min=0, max=_LARGEST_SEED, help="Replace the scenario's seed."),
    ] = None,
    assignments: Annotated[
        list[str] | None,
        typer.Option("--set", metavar="PATH=VALUE", help="Change a field (repeatable)."),
    ] = None,
    demand: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.csv|.parquet",
            help="Replay a measured load, as `fetch` writes it, in place of the scenario's demand.",
        ),
    ] = None,
    series: Annotated[
        str | None, typer.Option(help="Which series of that file, where it has several.")
    ] = None,
    peak: Annotated[
        int | None,
        typer.Option(
            min=1, metavar="PARTICIPANTS", help="What the load's largest value stands for."
        ),
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for programs.")] = False,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE.html|.png", help="Write a report, for a browser or as one picture."
        ),
    ] = None,
) -> None:
    """Replay a surge in virtual time, by the operator's own decisions and by others'.

    Exits with 1 when something that the scenario asserts does not hold.
    """
    loaded = load(scenario, assignments=assignments or ())
    if demand is not None:
        if peak is None:
            raise SpecError("--demand needs --peak: how many participants its largest value is")
        measured = read_measured(read_table(demand), source=str(demand), series=series)
        loaded = with_measured(loaded, measured, peak=peak, source=demand.name)
    elif peak is not None or series is not None:
        raise SpecError("--peak and --series go with --demand, a measured load")
    if report is not None:
        if report.suffix.lower() not in _REPORTS:
            raise SpecError(f"--report is {report}, must end in .html or .png")
        with _writing(report):
            report.parent.mkdir(parents=True, exist_ok=True)
            report.touch()  # a path that cannot be written is told before the replay, not after
    with _progress() as progress:
        result = run(
            loaded,
            names=policy or USUAL,
            seed=seed,
            progress=progress,
            clock=time.perf_counter,
        )
    if report is not None:
        with _writing(report):
            write_report(result, report)
    if as_json:
        typer.echo(result.to_json())
    else:
        print_result(result, Console())
    if report is not None:
        typer.echo(f"Report: {report}", err=as_json)
    failed = [each.text for each in result.assertions if not each.passed]
    if failed:
        what = f"{len(failed)} of {len(result.assertions)} assertions failed"
        typer.echo(f"meetscale: {what}: {'; '.join(failed)}", err=True)
        raise typer.Exit(ASSERTION_FAILED)


@contextmanager
def _writing(report: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise SpecError(f"--report {report} cannot be written: {error.strerror}") from error


@contextmanager
def _progress() -> Iterator[Callable[[str, float], None]]:
    """Draw a bar per policy on standard error, gone when all is done."""
    console = Console(stderr=True)
    tasks: dict[str, TaskID] = {}
    with Progress(console=console, transient=True, disable=not console.is_terminal) as bars:

        def tell(policy: str, share: float) -> None:
            if policy not in tasks:
                tasks[policy] = bars.add_task(policy, total=1.0)
            bars.update(tasks[policy], completed=share)

        yield tell

"""`meetscale`: every command, and what a user sees when one cannot do its work."""

import sys
from importlib.metadata import version
from typing import Annotated, Any

import typer
from pydantic import ValidationError

from autoscaler.cli.lazy import LazyCommand
from forecast.errors import MeetscaleError

REFUSED = 2
INTERRUPTED = 130
"""128 and the number of SIGINT, as shells have it."""

COMMANDS = (
    LazyCommand(
        "autoscaler.cli.simulate",
        help="Replay a surge in virtual time, by the operator's own decisions and by others'.",
    ),
    LazyCommand("autoscaler.cli.scenarios", help="List the shipped scenarios, or explain one."),
    LazyCommand(
        "autoscaler.cli.compare",
        help="Run every setting of every policy's dial, and draw what it costs and risks.",
    ),
    LazyCommand(
        "autoscaler.cli.sweep",
        help="Run scenarios over fields and seeds, and keep every policy's numbers.",
    ),
    LazyCommand(
        "autoscaler.cli.recommend",
        help="Find the risk quantile, reserve and bounds that meet a target at least cost.",
    ),
    LazyCommand(
        "autoscaler.cli.fetch",
        help="Fetch a query's past from Prometheus into a file, or go on where that ended.",
    ),
    LazyCommand(
        "autoscaler.cli.forecast",
        help="Forecast demand, with the quantiles that capacity is planned on.",
    ),
    LazyCommand(
        "autoscaler.cli.backtest",
        help="Forecast from many past moments and score what would have come out.",
    ),
    LazyCommand(
        "autoscaler.cli.plan",
        help="Plan nodes and bandwidth ahead: what to order when, what blocks it, and its cost.",
    ),
    LazyCommand(
        "autoscaler.cli.regions",
        help="Plan servers and links of regions together, with any one region lost.",
    ),
    LazyCommand(
        "autoscaler.cli.calibrate",
        help="Fit what participants and streams ask of a server, and say what it would change.",
    ),
    LazyCommand(
        "autoscaler.cli.operator",
        help="Watch the pools of a cluster and keep their targets ahead of demand, until stopped.",
    ),
)


def command_line() -> Any:
    """Return the whole command line as typer runs it."""
    app = typer.Typer(add_completion=False)
    app.callback(invoke_without_command=True)(_meetscale)
    group: Any = typer.main.get_command(app)
    for command in COMMANDS:
        group.add_command(command)
    return group


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"meetscale {version('meetscale')}")
        raise typer.Exit


def _meetscale(
    context: typer.Context,
    _: Annotated[
        bool,
        typer.Option(
            "--version", help="Print the version.", is_eager=True, callback=_print_version
        ),
    ] = False,
) -> None:
    """Forecasts meeting load and pre-scales SFU nodes and bandwidth before people join."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())
        raise typer.Exit(REFUSED)


def main() -> None:
    """Run a command; what is refused is said in one sentence, without a traceback, and exits 2."""
    try:
        status = command_line().main(prog_name="meetscale", standalone_mode=False)
    except MeetscaleError as error:
        status = _refuse(str(error))
    except typer.TyperException as error:
        status = _refuse(_told(error))
    except typer.Abort:
        print("meetscale: interrupted", file=sys.stderr)
        status = INTERRUPTED
    except OSError as error:
        status = _refuse(f"{error.filename or 'input or output'}: {error.strerror or error}")
    sys.exit(status)


def _told(error: typer.TyperException) -> str:
    """Return what is wrong with an option or argument, its value and what it must be."""
    cause, option = error.__cause__, getattr(error, "param", None)
    if not isinstance(cause, ValidationError) or option is None:
        return error.format_message()
    first = cause.errors(include_url=False)[0]
    must, _, _ = first["msg"].removeprefix("Input should ").partition(", unable to")
    return f"{option.opts[-1]} is {first['input']!r}, must {must}"


def _refuse(reason: str) -> int:
    print(f"meetscale: {' '.join(reason.split())}", file=sys.stderr)
    return REFUSED

"""Commands that are imported when they run: --help answers at once, and one never loads another."""

from importlib import import_module
from typing import Any

import typer
from typer.core import TyperCommand


class LazyCommand(TyperCommand):
    """Stands for a command of the same name until somebody runs it or asks for its help.

    The function is named like its module, with typer's annotations. `help` is the first line of its
    docstring, repeated here because the help of all commands must not import them.
    """

    def __init__(self, module: str, *, help: str) -> None:
        super().__init__(name=module.rpartition(".")[2], help=help)
        self.module = module

    def make_context(
        self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any
    ) -> Any:
        """Parse the arguments by the command itself, which the context carries from here on."""
        return self.load().make_context(info_name, args, parent=parent, **extra)

    def load(self) -> Any:
        """Import the command."""
        alone = typer.Typer(add_completion=False)
        alone.command(self.name)(getattr(import_module(self.module), str(self.name)))
        return typer.main.get_command(alone)

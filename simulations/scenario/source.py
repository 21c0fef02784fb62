"""A scenario's text: where it is, what it says, and on which line."""

from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from autoscaler.errors import SpecError
from autoscaler.resources.documents import read_documents
from autoscaler.resources.near import meant

_SUFFIXES = (".yaml", ".yml")


@dataclass(frozen=True, slots=True)
class Source:
    """A parsed YAML file. `name` is how messages call it."""

    name: str
    document: dict[str, Any]
    text: str

    def line(self, path: tuple[str | int, ...]) -> int:
        """Return the line of the field at `path`, or of the last field on the way to it."""
        node = yaml.compose(self.text, Loader=yaml.SafeLoader)
        assert node is not None
        line = node.start_mark.line
        for step in path:
            child = _child(node, step)
            if child is None:
                break
            node, line = child
        return line + 1


def shipped() -> dict[str, str]:
    """Return the text of every shipped scenario by name, sorted."""
    folder = files("simulations") / "scenarios"
    texts = {
        entry.name.removesuffix(".yaml"): entry.read_text(encoding="utf-8")
        for entry in folder.iterdir()
        if entry.name.endswith(".yaml")
    }
    return dict(sorted(texts.items()))


def read(name_or_path: str) -> Source:
    """Return a shipped scenario by name, or a file by path. Raises SpecError if neither is."""
    looks_like_path = name_or_path.endswith(_SUFFIXES) or "/" in name_or_path
    if not looks_like_path:
        known = shipped()
        if name_or_path in known:
            return parse(known[name_or_path], name=name_or_path)
        raise SpecError(
            f"scenario {name_or_path!r} is unknown{meant(name_or_path, known)}: must be one of"
            f" {', '.join(known)}, or the path of a YAML file"
        )
    try:
        text = Path(name_or_path).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        raise SpecError(f"scenario file {name_or_path} cannot be read: {reason}") from error
    return parse(text, name=name_or_path)


def parse(text: str, *, name: str) -> Source:
    """Return the one YAML mapping in `text`. Raises SpecError with file and line."""
    documents = list(read_documents(text, source=name))
    if len(documents) != 1 or not isinstance(documents[0], dict):
        raise SpecError(f"{name}: must be one YAML mapping with the fields of a scenario")
    return Source(name=name, document=documents[0], text=text)


def _child(node: yaml.Node, step: str | int) -> tuple[yaml.Node, int] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == str(step):
                return value, key.start_mark.line
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], node.value[step].start_mark.line
    return None

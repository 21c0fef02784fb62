"""YAML as Kubernetes reads it: moments and dates stay text, no key may come twice."""

from collections.abc import Hashable, Iterator
from typing import Any

import yaml

from autoscaler.errors import SpecError

_TIMESTAMP = "tag:yaml.org,2002:timestamp"


class _Loader(yaml.SafeLoader):
    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            if isinstance(key, yaml.ScalarNode) and key.value != "<<":
                if key.value in seen:
                    raise yaml.MarkedYAMLError(
                        problem=f"{key.value} comes twice", problem_mark=key.start_mark
                    )
                seen.add(key.value)
        return super().construct_mapping(node, deep)


_Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != _TIMESTAMP]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_value(text: str) -> object:
    """Return one value, as it would be read in a file. Raises yaml.YAMLError."""
    return yaml.load(text, Loader=_Loader)  # noqa: S506 - a SafeLoader


def read_documents(text: str, *, source: str) -> Iterator[object]:
    """Yield the documents of a YAML text. Raises SpecError with the line of what is no YAML."""
    try:
        yield from yaml.load_all(text, Loader=_Loader)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = f" line {mark.line + 1}" if mark else ""
        raise SpecError(f"{source}{line}: {error.problem}: must be YAML") from None
    except yaml.YAMLError as error:
        raise SpecError(f"{source}: {' '.join(str(error).split())}: must be YAML") from None

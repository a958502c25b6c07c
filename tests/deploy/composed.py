"""docker-compose.yml as compose reads it: merge keys resolved, variables put in."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml

CHECKOUT = Path(__file__).parents[2]
FILE = CHECKOUT / "docker-compose.yml"
_VARIABLE = re.compile(r"\$(?:\$|\{([A-Z_]+)(?:(:[-?+])((?:[^${}]|\$\{[^{}]*\})*))?\})")
"""`$$`, `${NAME}`, or `${NAME:-…}` with one more variable inside; `:?` and `:+` likewise."""


class MissingError(Exception):
    """A variable that must be given is not."""


def put_in(text: str, given: Mapping[str, str]) -> str:
    """Replace the variables of a value by what is given for them."""

    def one(found: re.Match[str]) -> str:
        name, way, word = found[1], found[2], found[3] or ""
        if name is None:
            return "$"
        value = given.get(name, "")
        if way == ":?" and not value:
            raise MissingError(f"{name} {word}")
        if way == ":+":
            return put_in(word, given) if value else ""
        return value or (put_in(word, given) if way == ":-" else "")

    return _VARIABLE.sub(one, text)


def variables() -> set[str]:
    """Name every variable that the file takes from the environment."""
    return set(re.findall(r"\$\{([A-Z_]+)", FILE.read_text()))


def read(given: Mapping[str, str]) -> dict[str, Any]:
    """Read the file. Raises MissingError."""
    return _with(yaml.safe_load(FILE.read_text()), given)


def _with(value: Any, given: Mapping[str, str]) -> Any:
    if isinstance(value, str):
        return put_in(value, given)
    if isinstance(value, list):
        return [_with(item, given) for item in value]
    if isinstance(value, dict):
        return {key: _with(item, given) for key, item in value.items()}
    return value

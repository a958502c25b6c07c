"""Undoing an import is a three-way merge: a field that is still as the import left it gets its old value back.

It works on clients as documents, because that is what was kept of them: `before` and `after` hold the fields alone
that the import changed.
"""

from collections.abc import Mapping
from typing import Any, cast

Fields = Mapping[str, Any]
_NOT_COMPARED = frozenset({"_id", "workspace_id", "rev", "changed_at", "created_at", "ids", "facets", "refusals"})
"""What follows from other fields, what every change changes, and what is forbidden: that is never undone."""


def differences(before: Fields, after: Fields) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return the fields that differ, as they were and as they are; None for one that was not there."""
    names = [
        name
        for name in sorted(before.keys() | after.keys())
        if name not in _NOT_COMPARED and _bare(before.get(name)) != _bare(after.get(name))
    ]
    return {name: before.get(name) for name in names}, {name: after.get(name) for name in names}


def undone(current: Fields, before: Fields, after: Fields) -> dict[str, Any]:
    """Return the document with the import taken out of it; what was changed since stays."""
    found = {name: _bare(value) for name, value in current.items()}
    for name, left in after.items():
        was, is_ = _bare(before.get(name)), found.get(name)
        match name:
            case "tags" | "chosen":
                found[name] = _list_undone(is_ or [], was or [], _bare(left) or [])
            case "holdings":
                found[name] = _holdings_undone(is_ or [], was or [], _bare(left) or [])
            case "fields":
                found[name] = _map_undone(is_ or {}, was or {}, left or {})
            case _:
                if is_ == _bare(left):
                    found[name] = was
    return found


def _list_undone(current: list[Any], before: list[Any], after: list[Any]) -> list[Any]:
    added = [one for one in after if one not in before]
    kept = [one for one in current if one not in added]
    return kept + [one for one in before if one not in after and one not in kept]


def _map_undone(current: dict[str, Any], before: dict[str, Any], after: Fields) -> dict[str, Any]:
    found = dict(current)
    for key, left in after.items():
        if _bare(current.get(key)) != _bare(left) or before.get(key) == _bare(left):
            continue
        if key in before:
            found[key] = before[key]
        else:
            del found[key]
    return found


def _holdings_undone(current: list[Any], before: list[Any], after: list[Any]) -> list[Any]:
    added = [one for one in after if one not in before]
    kept = [one for one in current if one not in added]
    if len(kept) == len(current) and added:
        return current  # somebody changed it since: what was stated before would come back beside it
    there = {(one["kind"], one["value"]) for one in kept}
    return kept + [one for one in before if one not in after and (one["kind"], one["value"]) not in there]


def _bare(value: Any) -> Any:  # noqa: ANN401 - any field's value
    """Make lists of tuples, as the database does."""
    if isinstance(value, tuple | list):
        return [_bare(one) for one in cast("list[Any]", value)]
    if isinstance(value, dict):
        return {key: _bare(one) for key, one in cast("dict[str, Any]", value).items()}
    return value

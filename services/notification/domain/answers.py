"""A form's answers in the order and the words of its questions."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from services.notification.domain.request import Contents, in_language


@dataclass(frozen=True, slots=True)
class Chosen:
    """One answer that was chosen."""

    id: str
    label: str


@dataclass(frozen=True, slots=True)
class FieldAnswer:
    """What was answered to one question: text, or what was chosen. Both are empty where nothing was."""

    field: str
    kind: str
    label: str
    value: str | None
    chosen: tuple[Chosen, ...] = ()


def answers_of(contents: Contents, opened: str, language: str | None) -> list[FieldAnswer]:
    """Put a form together again. `opened` is the JSON that was sealed."""
    texts: Mapping[str, Any] = json.loads(opened)
    return [_answer(field, texts, contents.choices, language) for field in contents.fields]


def _answer(
    field: Mapping[str, Any], texts: Mapping[str, Any], choices: Mapping[str, Any], language: str | None
) -> FieldAnswer:
    ids = tuple(choices.get(field["id"], ()))
    labels: dict[str, str] = {choice["id"]: in_language(choice["label"], language) for choice in field["choices"]}
    text = texts.get(field["id"])
    return FieldAnswer(
        field["id"],
        field["kind"],
        in_language(field["label"], language),
        None if text is None else str(text),
        tuple(Chosen(id_, labels.get(id_) or id_) for id_ in ids),
    )

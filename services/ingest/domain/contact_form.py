"""The answers to a contact form: checked against its questions, and told apart. No fault repeats what was written."""

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from services.ingest.domain.given import read_email, read_phone
from shared.contracts.chat import Detail
from shared.contracts.queues import ContactForm, FieldKind, FormField

MOST_CHARACTERS: Mapping[FieldKind, int] = {"name": 200, "email": 320, "phone": 64, "text": 4000}
YES = "yes"
FaultKind = Literal[
    "required", "too_long", "no_text", "no_email", "no_phone", "no_choice", "one_choice", "consent", "unknown"
]
Answer = str | tuple[str, ...]
"""Text, or the ids of what was chosen; a consent that was given is `("yes",)`."""
_GIVEN = {True, "yes", "on", "true", "1"}
_NOT_GIVEN = {False, "no", "off", "false", "0", ""}
_SHOWN_ID = 64


@dataclass(frozen=True, slots=True)
class FormFault:
    """One answer that does not fit, and why."""

    field: str
    kind: FaultKind


class FormFaultsError(Exception):
    """Answers that cannot be taken; it names fields, never what was written into them."""

    def __init__(self, faults: Sequence[FormFault]) -> None:
        super().__init__(", ".join(fault.kind for fault in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, slots=True)
class Answers:
    """What a form says. `repr` tells nothing of it: it may end up in a log."""

    texts: Mapping[str, str]
    """By field: what is sealed."""
    choices: Mapping[str, tuple[str, ...]]
    """By field: the ids of what was chosen."""
    details: tuple[Detail, ...]
    """Claims, as all that is typed."""
    name: str | None

    def __repr__(self) -> str:
        return f"Answers({len(self.texts)} texts, {len(self.choices)} choices)"


def read_answers(form: ContactForm, given: Mapping[str, object], region: str | None = None) -> Answers:
    """Check answers against the questions. Raises `FormFaultsError` with every fault."""
    known = {field.id for field in form.fields}
    faults = [FormFault(str(name)[:_SHOWN_ID], "unknown") for name in given if name not in known]
    found: dict[str, Answer] = {}
    for field in form.fields:
        try:
            answer = read_answer(field, given.get(field.id), region)
        except FormFaultsError as error:
            faults += error.faults
            continue
        if answer:
            found[field.id] = answer
    if faults:
        raise FormFaultsError(faults)
    return gather(form, found)


def gather(form: ContactForm, found: Mapping[str, Answer]) -> Answers:
    """Tell checked answers apart."""
    texts = {name: answer for name, answer in found.items() if isinstance(answer, str)}
    details: list[Detail] = []
    name: str | None = None
    for field in form.fields:
        text = texts.get(field.id)
        if text is None:
            continue
        if field.kind in {"email", "phone"}:
            detail = Detail(kind="email" if field.kind == "email" else "phone", value=text, strength="claimed")
            if detail not in details:
                details.append(detail)
        elif field.kind == "name":
            name = name or text
    choices = {name: answer for name, answer in found.items() if not isinstance(answer, str)}
    return Answers(texts, choices, tuple(details), name)


def read_answer(field: FormField, given: object, region: str | None = None) -> Answer | None:
    """Read one answer; None where an optional one was left out. Raises `FormFaultsError`."""
    if field.kind == "consent":
        answer: Answer | None = _consent(field, given)
    elif field.kind == "choice":
        answer = _choice(field, given)
    else:
        answer = _text(field, given, region)
    if not answer and field.required:
        raise _fault(field, "consent" if field.kind == "consent" else "required")
    return answer or None


def _consent(field: FormField, given: object) -> Answer | None:
    if isinstance(given, list | tuple) and len(given) == 1:
        given = given[0]
    if given is None or (isinstance(given, str | bool) and given in _NOT_GIVEN):
        return None
    if isinstance(given, str | bool) and given in _GIVEN:
        return (YES,)
    raise _fault(field, "no_choice")


def _choice(field: FormField, given: object) -> Answer | None:
    if given is None or given == "":
        return None
    if isinstance(given, str):
        given = [given]
    if not isinstance(given, list | tuple):
        raise _fault(field, "no_choice")
    wanted = set[object](given) if all(isinstance(one, str) for one in given) else {None}
    chosen = tuple(choice.id for choice in field.choices if choice.id in wanted)
    if len(chosen) != len(wanted):
        raise _fault(field, "no_choice")
    if len(chosen) > 1 and not field.several:
        raise _fault(field, "one_choice")
    return chosen or None


def _text(field: FormField, given: object, region: str | None) -> Answer | None:
    if given is None:
        return None
    if not isinstance(given, str):
        raise _fault(field, "no_text")
    text = _clean(given)
    if field.kind != "text":
        text = re.sub(r"\s+", " ", text)
    if not text:
        return None
    if len(text) > MOST_CHARACTERS[field.kind]:
        raise _fault(field, "too_long")
    if field.kind == "email":
        text = read_email(text) or ""
        if not text:
            raise _fault(field, "no_email")
    if field.kind == "phone":
        text = read_phone(text, region) or ""
        if not text:
            raise _fault(field, "no_phone")
    return text


def _clean(text: str) -> str:
    """Leave out what nobody can see or store: control characters, halves of characters."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(c for c in text if c in "\n\t" or unicodedata.category(c) not in {"Cc", "Cs"}).strip()


def _fault(field: FormField, kind: FaultKind) -> FormFaultsError:
    return FormFaultsError([FormFault(field.id, kind)])

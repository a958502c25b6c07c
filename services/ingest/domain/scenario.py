"""The form of a scenario: a declarative document of steps that say, ask, branch and end.

```yaml
name: Welcome
languages: [en, de]          # the first is spoken to everybody else
start: hello
steps:
  hello: {do: say, text: {en: "Hello!", de: "Hallo!"}, next: reach}
  reach: {do: ask, for: contact, text: "How can we reach you?", next: bye}
  bye:   {do: end, text: "Thank you."}
```
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Discriminator, Field, StringConstraints, Tag

MAX_STEPS = 200
StepId = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,24}$")]
Language = Annotated[str, StringConstraints(pattern=r"^[a-z]{2,3}(-[a-z0-9]{2,8})?$")]
Words = Annotated[str, StringConstraints(min_length=1, max_length=4096)]
Label = Annotated[str, StringConstraints(min_length=1, max_length=64)]
Case = Annotated[str, StringConstraints(pattern=r"^[^\x00]{1,200}$")]
RestartWord = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=64)]
_WORDS, _LANGUAGES = "<words>", "<languages>"


def _by_form(value: object) -> str:
    """Tell the two forms of a text apart, so that a fault is told for the one that was meant."""
    return _LANGUAGES if isinstance(value, dict) else _WORDS


_EITHER = Discriminator(_by_form)
Text = Annotated[Annotated[Words, Tag(_WORDS)] | Annotated[dict[Language, Words], Tag(_LANGUAGES)], _EITHER]
"""One text for everybody, or one for each language."""
Labels = Annotated[Annotated[Label, Tag(_WORDS)] | Annotated[dict[Language, Label], Tag(_LANGUAGES)], _EITHER]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)


class Say(_Form):
    """Say something and go on at once."""

    do: Literal["say"]
    text: Text
    next: StepId


class Choice(_Form):
    """One of the answers to a question."""

    id: StepId
    text: Labels
    next: StepId | None = None
    """Where this answer leads; the step's own `next` where it is not given."""


class Ask(_Form):
    """Ask for something and wait. What does not fit is answered with `sorry`, and asked again."""

    do: Literal["ask"]
    for_: Literal["phone", "email", "contact", "text", "choice"] = Field(alias="for")
    """`contact` takes a phone or an email, whichever comes."""
    text: Text
    sorry: Text | None = None
    """What to say to an answer that does not fit; there is a kind default in each language that Kith speaks."""
    choices: tuple[Choice, ...] = ()
    save_as: StepId | None = None
    """The name under which branches find the answer."""
    attempts: int = Field(default=3, ge=1, le=10)
    give_up: StepId | None = None
    """Where to go after that many answers that do not fit; without it the question stays open."""
    next: StepId


class Branch(_Form):
    """Go on by an earlier answer, or by what is known of the person. Says nothing."""

    do: Literal["branch"]
    on: str = Field(pattern=r"^(answer:[a-z0-9_-]{1,24}|language|has_phone|has_email)$")
    cases: dict[Case, StepId] = Field(min_length=1)
    """From a value (a choice's id, a language, `yes`) to a step."""
    otherwise: StepId


class Form(_Form):
    """Offer the contact form of the queue that the connection feeds, and go on once it is left.

    Passed over where no queue takes forms.
    """

    do: Literal["form"]
    text: Text | None = None
    """What is said before it; there is a kind default in each language that Kith speaks."""
    next: StepId


class End(_Form):
    """End the dialog, with a last word where there is one."""

    do: Literal["end"]
    text: Text | None = None


Step = Annotated[Say | Ask | Branch | Form | End, Field(discriminator="do")]


class Scenario(_Form):
    """The scripted dialog of a connection."""

    name: str = Field(min_length=1, max_length=80)
    languages: tuple[Language, ...] = Field(default=("en",), min_length=1)
    region: str | None = Field(default=None, pattern=r"^[A-Z]{2}$")
    """Where phones without a country code are taken to be from, such as `NO`."""
    restart_words: tuple[RestartWord, ...] = Field(default=("/start",), max_length=20)
    """What starts the dialog again from the beginning."""
    start: StepId
    steps: dict[StepId, Step] = Field(min_length=1, max_length=MAX_STEPS)


def in_language(text: Text | Labels, wanted: str | None, languages: tuple[str, ...]) -> str:
    """Choose the text for a person: their language, its stem (`pt` for `pt-br`), else the scenario's first."""
    if isinstance(text, str):
        return text
    tag = (wanted or "").lower().replace("_", "-")
    for candidate in (tag, tag.split("-", 1)[0], *languages):
        if candidate in text:
            return text[candidate]
    return next(iter(text.values()))

"""Scenarios as they are checked and tried out."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from services.ingest.domain.scenario import MAX_STEPS


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


Name = Annotated[str, Field(max_length=24)]
"""Of a step, or of an answer that was kept."""
Said = Annotated[str, Field(max_length=4096)]


class ScenarioIn(_In):
    """A scenario to check."""

    scenario: dict[str, Any]


class FaultOut(BaseModel):
    """One thing that is wrong. `message` says it in English; by its code it can be said in other words."""

    field: str
    message: str
    code: str
    """Such as `no_step`; of a value of the wrong form pydantic's name of that, such as `missing`."""
    values: dict[str, str]
    """What the words name, such as `step`."""


class ScenarioVerdict(BaseModel):
    """Whether a scenario can be used, and what is wrong, each with its place."""

    ok: bool
    errors: list[FaultOut]


class TryProgress(_In):
    """How far a try-out has come: to be sent again with the next input, as it is."""

    step: Name | None = Field(default=None, description="The step that waits for an answer.")
    ended: bool = False
    tries: int = Field(default=0, ge=0, le=1000)
    answers: dict[Name, Said] = Field(default_factory=dict, max_length=MAX_STEPS)
    has_phone: bool = False
    has_email: bool = False


class TryInput(_In):
    """What the person does: writes, presses a button, or shares a contact."""

    text: Said = ""
    pressed: str | None = Field(default=None, max_length=64, description="The `data` of a button.")
    phone: str | None = Field(default=None, max_length=32, description="Of the contact that they share.")


class ScenarioTryIn(_In):
    """One input to a scenario that is tried out; without a progress it begins."""

    scenario: dict[str, Any]
    progress: TryProgress | None = None
    input: TryInput | None = None
    language: str | None = Field(default=None, max_length=35, description="The person's, such as `pt-br`.")


class TryButton(BaseModel):
    """One of the answers to choose from."""

    text: str
    data: str


class TryReply(BaseModel):
    """One message that the person would get."""

    text: str
    buttons: list[TryButton]
    ask_contact: str | None = Field(description="What is written on the key with which they share their contact.")


class TryDetail(BaseModel):
    """A phone or an email that the person gave."""

    kind: Literal["phone", "email"]
    value: str


class TryStep(BaseModel):
    """A line of the last steps."""

    step: str
    kind: str
    text: str


class ScenarioTried(BaseModel):
    """What follows from one input. Nothing of it is kept."""

    replies: list[TryReply]
    progress: TryProgress
    details: list[TryDetail]
    steps: list[TryStep]

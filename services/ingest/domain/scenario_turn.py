"""What a turn of a dialog is made of: where a person is, what they did, and what follows. Plain values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.contracts.chat import ContactCard
from shared.contracts.sending import Button


@dataclass(frozen=True)
class Progress:
    """Where a person is in the dialog."""

    step: str | None = None
    """The step that waits for an answer; None before the beginning and after the end."""
    ended: bool = False
    tries: int = 0
    answers: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True)
class Known:
    """What is known of the person when they write."""

    language: str | None = None
    has_phone: bool = False
    has_email: bool = False
    forms: Literal["shown", "asked", "none"] = "shown"
    """How their channel has contact forms: as a whole, question by question, or not at all."""


@dataclass(frozen=True)
class Input:
    """What the person did."""

    text: str = ""
    card: ContactCard | None = None
    pressed: str | None = None
    """What we had put behind the button: `<step>:<choice>`."""
    left_form: bool = False
    """Whether they left the contact form that was offered, or said that they do not want to."""


@dataclass(frozen=True)
class Reply:
    """One message to send."""

    text: str
    buttons: tuple[Button, ...] = ()
    ask_contact: str | None = None
    remove_keyboard: bool = False


@dataclass(frozen=True)
class Provided:
    """A detail that the person typed where it was asked for."""

    kind: Literal["phone", "email"]
    value: str


@dataclass(frozen=True)
class StepNote:
    """A line in the last steps: what an agent wants to see when somebody cannot be found."""

    step: str
    kind: Literal["said", "asked", "answered", "not_understood", "gave_up", "ended", "restarted", "branched"]
    text: str = ""


@dataclass(frozen=True)
class Turn:
    """What follows from one input."""

    progress: Progress
    replies: tuple[Reply, ...] = ()
    provided: tuple[Provided, ...] = ()
    notes: tuple[StepNote, ...] = ()

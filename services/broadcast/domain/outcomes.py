"""What came of one request, in the same words for every channel."""

from dataclasses import dataclass

from shared.contracts.sending import FailureReason


@dataclass(frozen=True, slots=True)
class Sent:
    """The provider accepted it."""

    provider_message_id: str


@dataclass(frozen=True, slots=True)
class Failed:
    """The provider refused it for good."""

    reason: FailureReason
    detail: str | None = None


@dataclass(frozen=True, slots=True)
class Unknown:
    """The request may have taken effect and no answer says so: never guessed, never sent again by itself."""

    detail: str


@dataclass(frozen=True, slots=True)
class Limited:
    """Not sent: too many requests. None of this connection before `retry_after` seconds are over."""

    retry_after: float
    chat_alone: bool = False
    """Whether only this chat has to wait: the provider said that its limit is one of a single chat."""


@dataclass(frozen=True, slots=True)
class Faulty:
    """Not sent, and the provider said that it failed to: worth another try later."""

    detail: str


@dataclass(frozen=True, slots=True)
class NotReached:
    """Not sent: the request never left."""

    detail: str


@dataclass(frozen=True, slots=True)
class NotStarted:
    """Not requested: between the claim and the request something said to wait."""


@dataclass(frozen=True, slots=True)
class Forbidden:
    """Not requested, and never to be: ours to say, not the provider's."""

    reason: FailureReason
    detail: str


Outcome = Sent | Failed | Unknown | Limited | Faulty | NotReached | NotStarted | Forbidden

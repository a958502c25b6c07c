"""From what the visitor's browser tells to what happened. Pure: the time it was received at is passed in."""

import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Annotated, Any, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from services.ingest.channels.contract import Account, Inbound, MalformedError
from services.ingest.channels.widget.identify import LONGEST, read_sign_in
from shared.contracts import chat
from shared.contracts.sending import ReceiptReceivedV1

MOST_CHARACTERS = 4096
MOST_SEEN = 100
MOST_ANSWERS = 200
LATEST = timedelta(days=2)
"""How long a browser may keep what it could not send; what it dates earlier happened that long ago."""
_LANGUAGE = re.compile(r"[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,3}")


class Told(BaseModel):
    """One thing that a visitor did."""

    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    event_id: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
    """The browser's own; the same one twice has one effect."""
    type: Literal["message", "press", "identify", "seen", "form"]
    ts: AwareDatetime | None = None
    """When, by the browser's clock."""
    payload: dict[str, Any] = Field(default_factory=dict)


class _Payload(BaseModel):
    model_config = ConfigDict(extra="ignore", hide_input_in_errors=True)

    language: str | None = None

    def sender(self) -> chat.Sender:
        known = self.language is not None and _LANGUAGE.fullmatch(self.language)
        return chat.Sender(language=self.language if known else None)


class _Message(_Payload):
    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=MOST_CHARACTERS)]


class _Press(_Payload):
    data: Annotated[str, StringConstraints(min_length=1, max_length=256)]
    n: Annotated[int, Field(ge=1)] | None = None


class _Identify(_Payload):
    jwt: Annotated[str, StringConstraints(min_length=1, max_length=LONGEST)]


class FormTold(_Payload):
    """A contact form as it was filled in: its answers are checked against the queue's questions."""

    answers: Annotated[dict[str, Any], Field(max_length=MOST_ANSWERS)]


class _Seen(_Payload):
    numbers: Annotated[list[Annotated[int, Field(ge=1, le=1 << 53)]], Field(min_length=1, max_length=MOST_SEEN)]


def read_told(raw: object) -> Told:
    """Read one item. Raises `MalformedError`."""
    try:
        return Told.model_validate(raw)
    except ValidationError as error:
        raise _malformed(error) from error


def happened(account: Account, device: str, told: Told, *, now: datetime, behind: timedelta) -> Sequence[Inbound]:
    """Make the events of one item. `behind` is what the browser's clock lacks. Raises as `read_sign_in`, too."""
    try:
        return _happened(device, account, told, about(account, device, told, now=now, behind=behind))
    except ValidationError as error:
        raise _malformed(error, "payload.") from error


def read_form(told: Told) -> FormTold:
    """Read the payload of a form. Raises `MalformedError`."""
    try:
        return FormTold.model_validate(told.payload)
    except ValidationError as error:
        raise _malformed(error, "payload.") from error


def about(account: Account, device: str, told: Told, *, now: datetime, behind: timedelta) -> dict[str, Any]:
    """Return what every event of an item has."""
    return {
        "id": f"{account.connection_id}/{device}/{told.event_id}",
        "time": _when(told.ts, now, behind),
        "workspace_id": account.workspace_id,
        "chat": chat.ChatRef(channel="widget", connection_id=account.connection_id, contact_id=device),
    }


def _happened(device: str, account: Account, told: Told, common: dict[str, Any]) -> Sequence[Inbound]:
    match told.type:
        case "message":
            said = _Message.model_validate(told.payload)
            return (chat.MessageReceivedV1(**common, sender=said.sender(), message_id=told.event_id, text=said.text),)
        case "press":
            press = _Press.model_validate(told.payload)
            message_id = None if press.n is None else message_name(device, press.n)
            return (
                chat.ButtonPressedV1(
                    **common, sender=press.sender(), press_id=told.event_id, data=press.data, message_id=message_id
                ),
            )
        case "identify":
            found = read_sign_in(account, _Identify.model_validate(told.payload).jwt)
            return (
                chat.SignedInV1(**common, external_id=found.external_id, details=found.details, sender=found.sender),
            )
        case "seen":
            seen = _Seen.model_validate(told.payload)
            names = tuple(message_name(device, n) for n in seen.numbers)
            return (ReceiptReceivedV1(**common, status="read", provider_message_ids=names),)
        case "form":
            raise MalformedError("type", "a form is left in a queue, not in a chat")


def message_name(device: str, n: int) -> str:
    """Return the id of the message of a number, unique within its connection."""
    return f"{device}.{n}"


def _when(told: datetime | None, now: datetime, behind: timedelta) -> datetime:
    """Put the browser's clock right: nothing happened after we heard of it."""
    if told is None:
        return now
    try:
        return min(max(told + behind, now - LATEST), now)
    except OverflowError:
        return now


def _malformed(error: ValidationError, within: str = "") -> MalformedError:
    first = error.errors()[0]
    place = ".".join(str(part) for part in first["loc"])
    return MalformedError(f"{within}{place}".rstrip(".") or "event", first["msg"])

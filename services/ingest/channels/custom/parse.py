"""From an adapter's item to what happened. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError

from services.ingest.channels.contract import Account, Inbound, MalformedError
from services.ingest.channels.custom.items import GivenIn, InboundItem, ItemType, ReceiptItem
from services.ingest.domain.given import read_card_phone, read_email
from shared.contracts import chat
from shared.contracts.sending import ReceiptReceivedV1

AHEAD = timedelta(minutes=5)
"""How far an adapter's clock may be ahead: the newest wins, so a day too late would hide all that follows."""
M = TypeVar("M", bound=BaseModel)
_OF_A_TYPE: Mapping[ItemType, frozenset[str]] = {
    "message": frozenset({"text", "attachments", "reply_to", "phone", "email"}),
    "press": frozenset({"data", "message_id"}),
    "details": frozenset({"phone", "email"}),
    "form": frozenset({"answers", "queue_id"}),
}
"""What each type may have besides the sender; those that are not here have nothing."""
_ALL = frozenset[str]().union(*_OF_A_TYPE.values())
_NOT_OF_A_TYPE: Mapping[ItemType, frozenset[str]] = {
    type_: _ALL - _OF_A_TYPE.get(type_, frozenset()) for type_ in get_args(ItemType)
}
_STATES: Mapping[ItemType, type[chat.ChatEvent]] = {
    "blocked": chat.ChatBlockedV1,
    "unblocked": chat.ChatUnblockedV1,
    "stopped": chat.MarketingStoppedV1,
    "resumed": chat.MarketingResumedV1,
}


def read_item(model: type[M], given: object) -> M:
    """Check the form of one item. Raises `MalformedError`."""
    if not isinstance(given, dict):
        raise MalformedError("item", "this must be a JSON object")
    try:
        return model.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        words = "there is no such field" if first["type"] == "extra_forbidden" else first["msg"]
        field = ".".join(str(part) for part in first["loc"])
        raise MalformedError(field, words.removeprefix("Value error, ")) from None


def happened(account: Account, item: InboundItem, now: datetime) -> Sequence[Inbound]:
    """Say what an item tells of. Raises `MalformedError`."""
    check_fields(item)
    common = about(account, item, now)
    if item.type in _STATES:
        return (_STATES[item.type](**common),)
    told_of = item.sender
    sender = chat.Sender(
        name=told_of.name or None, username=told_of.username or None, language=told_of.language or None
    )
    if item.type == "press":
        if item.data is None:
            raise MalformedError("data", "a press needs what came with the button")
        return (
            chat.ButtonPressedV1(**common, sender=sender, press_id=item.id, data=item.data, message_id=item.message_id),
        )
    told = _details(account, item)
    details = [_provided({**common, "id": f"{common['id']}/details"}, told, sender)] if told else []
    if item.type == "details":
        if not details:
            raise MalformedError("phone", "details need a phone or an email")
        return details
    if not item.text and not item.attachments:
        raise MalformedError("text", "a message needs a text or an attachment")
    return (
        chat.MessageReceivedV1(
            **common,
            sender=sender,
            message_id=item.id,
            text=item.text,
            attachments=tuple(
                chat.Attachment(kind=one.kind, ref=one.ref, label=one.label or one.kind.capitalize())
                for one in item.attachments
            ),
            reply_to=item.reply_to,
        ),
        *details,
    )


def check_fields(item: InboundItem) -> None:
    """Refuse what belongs to another type. Raises `MalformedError`."""
    for field in sorted(_NOT_OF_A_TYPE[item.type] & item.model_fields_set):
        raise MalformedError(field, f"a {item.type} has none; leave it out")


def about(account: Account, item: InboundItem, now: datetime) -> dict[str, Any]:
    """Return what every event of an item has. Raises `MalformedError`."""
    return _common(account, item, f"{account.connection_id}/{item.id}", now)


def became(account: Account, item: ReceiptItem, now: datetime) -> Sequence[Inbound]:
    """Say what a receipt tells of. Raises `MalformedError`."""
    named = item.message_id or item.delivery_id
    if named is None:
        raise MalformedError("message_id", "give the message_id that you answered, or our delivery_id")
    if item.reason is not None and item.status != "failed":
        raise MalformedError("reason", "only what failed has a reason; leave it out")
    return (
        ReceiptReceivedV1(
            **_common(account, item, f"{account.connection_id}/receipt/{named}/{item.status}", now),
            status=item.status,
            provider_message_ids=(item.message_id,) if item.message_id else (),
            ledger_id=item.delivery_id,
            reason=(item.reason or "undeliverable") if item.status == "failed" else None,
            detail=item.detail,
        ),
    )


def _common(account: Account, item: InboundItem | ReceiptItem, id_: str, now: datetime) -> dict[str, Any]:
    if item.time is not None and item.time > now + AHEAD:
        raise MalformedError("time", "this is in the future; set the adapter's clock, or leave it out")
    where = chat.ChatRef(channel="custom", connection_id=account.connection_id, contact_id=item.contact_id)
    return {"id": id_, "time": item.time or now, "workspace_id": account.workspace_id, "chat": where}


def _details(account: Account, item: InboundItem) -> tuple[chat.Detail, ...]:
    """Return the phone and the email. An adapter's word is proof only where the connection says so (decision 0058)."""
    vouches = (account.settings or {}).get("vouches") is True

    def strength(given: GivenIn) -> chat.Strength:
        return "verified" if vouches and given.verified else "claimed"

    found: list[chat.Detail] = []
    if item.phone is not None:
        phone = read_card_phone(item.phone.value)
        if phone is None:
            raise MalformedError("phone", "this is no phone number; write it with its country code: +4915112345678")
        found.append(chat.Detail(kind="phone", value=phone, strength=strength(item.phone)))
    if item.email is not None:
        email = read_email(item.email.value)
        if email is None:
            raise MalformedError("email", "this is no email address")
        found.append(chat.Detail(kind="email", value=email, strength=strength(item.email)))
    return tuple(found)


def _provided(common: dict[str, Any], told: tuple[chat.Detail, ...], sender: chat.Sender) -> chat.DetailsProvidedV1:
    how = "vouched" if any(detail.strength == "verified" for detail in told) else "typed"
    return chat.DetailsProvidedV1(**common, details=told, how=how, sender=sender)

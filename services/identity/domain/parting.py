"""A chat contact whose client is deleted."""

from dataclasses import replace
from datetime import datetime

from services.identity.domain.people import ChatContact


def parted(chat: ChatContact, now: datetime) -> ChatContact:
    """Return it as somebody without a profile. What they wrote stays; what they gave is forgotten."""
    return replace(chat, client_id=None, link=None, registered=False, evidence=(), parted_at=now).changed(now)


def is_old(chat: ChatContact, at: datetime) -> bool:
    """Tell whether evidence of that time was forgotten with a client: given again, it says nothing new."""
    return chat.parted_at is not None and at <= chat.parted_at

"""Meta's side of a connection: whose the token is, and what is pasted into the app's pages."""

import re
import secrets as randomness
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from services.ingest.channels.contract import Account, AccountRefusedError, Identity, Paste
from services.ingest.channels.meta.graph import account_of
from services.ingest.channels.meta.permissions import check_permissions

SHORTEST_SECRET = 16
"""Meta's are 32 hexadecimal digits; whoever guesses one writes as anybody."""
_ID = re.compile(r"[0-9]{1,64}")


@dataclass(frozen=True, slots=True)
class Kind:
    """What sets one channel's accounts apart."""

    id_setting: str
    fields: str
    """That Graph is asked for."""
    name: str
    username: str | None
    subscribe_to: str
    """Names of what the app subscribes to, for whoever sets it up."""
    permissions: tuple[str, ...]
    """Any of them lets a token write in the account's name."""


class MetaAccounts:
    """Asks Graph for connections of one kind. `base` is https://graph.facebook.com/v24.0, or the sandbox's address."""

    needs = frozenset({"token", "app_secret"})
    may_have: frozenset[str] = frozenset()

    def __init__(self, base: str, kind: Kind) -> None:
        self._base = base.rstrip("/")
        self._kind = kind
        self.settings = frozenset({kind.id_setting})

    def made_secrets(self) -> Mapping[str, str]:
        return {"verify_token": randomness.token_urlsafe(24)}

    async def who_is(self, secrets: Mapping[str, str], settings: Mapping[str, Any]) -> Identity:
        kind = self._kind
        if len(secrets["app_secret"]) < SHORTEST_SECRET:
            words = f"an app secret has at least {SHORTEST_SECRET} characters; copy it whole from the app's settings"
            raise AccountRefusedError("app_secret", words)
        id_ = str(settings[kind.id_setting])
        if not _ID.fullmatch(id_):
            raise AccountRefusedError(kind.id_setting, "this is a number of digits alone, as the app's pages show it")
        found = await account_of(
            self._base, id_, kind.fields, (secrets["token"], secrets["app_secret"]), kind.id_setting
        )
        await check_permissions(self._base, id_, (secrets["token"], secrets["app_secret"]), kind.permissions)
        username = found.get(kind.username) if kind.username else None
        name = found.get(kind.name) or username or id_
        return Identity(id_, str(name), str(username) if username else None)

    async def point_here(self, account: Account, url: str) -> bool:  # noqa: ARG002 - Meta is told by hand
        return False

    def to_paste(self, account: Account, url: str) -> Sequence[Paste]:
        return (
            Paste("Callback URL", url),
            Paste("Verify token", account.secrets["verify_token"]),
            Paste("Webhook fields", self._kind.subscribe_to),
        )


WHATSAPP = Kind(
    id_setting="phone_number_id",
    fields="id,display_phone_number,verified_name",
    name="verified_name",
    username="display_phone_number",
    subscribe_to="messages, user_preferences",
    permissions=("whatsapp_business_messaging",),
)
MESSENGER = Kind(
    id_setting="page_id",
    fields="id,name",
    name="name",
    username=None,
    subscribe_to="messages, messaging_postbacks, message_deliveries, message_reads, message_edits",
    permissions=("pages_messaging",),
)
INSTAGRAM = Kind(
    id_setting="instagram_id",
    fields="id,name,username",
    name="name",
    username="username",
    subscribe_to="messages, messaging_postbacks, messaging_seen, comments",
    permissions=("instagram_manage_messages", "instagram_business_manage_messages"),
)

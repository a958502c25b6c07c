"""Connections as the API takes and shows them."""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr

from shared.contracts.accounts import BecomesClient
from shared.contracts.chat import Channel


class _In(BaseModel):
    model_config = ConfigDict(extra="forbid")


Secret = Annotated[SecretStr, Field(min_length=1, max_length=4096)]


class Credentials(_In):
    """What an account's provider gave, and what else its channel needs. Secrets are written, and never shown again."""

    token: Secret | None = Field(default=None, description="Telegram's from @BotFather; Meta's access token.")
    app_secret: Secret | None = Field(default=None, description="Meta's, with which it signs its webhooks.")
    site_secret: Secret | None = Field(default=None, description="With which a website signs who is signed in.")
    phone_number_id: str | None = Field(default=None, max_length=64, description="WhatsApp's id of the number.")
    page_id: str | None = Field(default=None, max_length=64, description="Messenger's page.")
    instagram_id: str | None = Field(default=None, max_length=64, description="Instagram's professional account.")
    origins: list[str] | None = Field(default=None, max_length=50, description="Websites that may show the chat.")
    deliver_url: str | None = Field(default=None, max_length=2000, description="Where an adapter takes messages.")
    vouches: bool | None = Field(default=None, description="Whether an adapter's `verified` counts as proof.")

    def secrets(self) -> dict[str, str]:
        """Return the secrets that were given, by name."""
        given = {name: getattr(self, name) for name in Credentials.model_fields}
        return {name: value.get_secret_value() for name, value in given.items() if isinstance(value, SecretStr)}

    def settings(self) -> dict[str, Any]:
        """Return what else was given."""
        given = {name: getattr(self, name) for name in Credentials.model_fields}
        return {n: value for n, value in given.items() if value is not None and not isinstance(value, SecretStr)}

    def removed(self) -> list[str]:
        """Return what was given as null: it is to be forgotten."""
        return [
            name for name in Credentials.model_fields if name in self.model_fields_set and getattr(self, name) is None
        ]


class ConnectionIn(Credentials):
    """An account to connect. Which credentials it needs depends on the channel; a wrong set is told at the field."""

    channel: Channel
    name: str | None = Field(default=None, min_length=1, max_length=80)
    becomes_client: BecomesClient = "on_contact"
    scenario: dict[str, Any] | None = None


class ConnectionChange(Credentials):
    """What to change; what is left out stays.

    An empty scenario (`{}`) takes the scenario away, and null what a connection need not have (`site_secret`,
    `vouches`).
    """

    name: str | None = Field(default=None, min_length=1, max_length=80)
    enabled: bool | None = None
    becomes_client: BecomesClient | None = None
    scenario: dict[str, Any] | None = None
    rev: int | None = Field(default=None, ge=0, description="Change it only while it has this rev; else 409.")

    def given(self) -> dict[str, Any]:
        """Return what was asked for, as far as it may be shown: of secrets only that there is one."""
        return self.model_dump(mode="json", exclude_unset=True, exclude={"rev"})


class WebhookOut(BaseModel):
    """Whether the provider sends its updates here."""

    url: str
    ok: bool
    error: str | None


class ConnectionOut(BaseModel):
    """A connection; its secrets are never shown."""

    id: str
    channel: Channel
    name: str
    bot_id: str
    username: str | None
    enabled: bool
    becomes_client: BecomesClient
    settings: dict[str, Any]
    secrets: list[str]
    """Which of those that its channel takes it has: names alone."""
    scenario: dict[str, Any] | None
    webhook: WebhookOut | None
    created_at: datetime
    rev: int


class PasteOut(BaseModel):
    """One thing to copy into the provider's own pages."""

    label: str
    value: str


class PasteList(BaseModel):
    """What to copy into the provider's own pages, so that its updates come here."""

    items: list[PasteOut]


class ConnectionMade(ConnectionOut):
    """A connection with a new secret, which is told this once."""

    secret: str | None
    """Telegram's webhooks carry it; an adapter checks with it what we deliver; a website signs with it."""
    to_paste: list[PasteOut]


class ConnectionList(BaseModel):
    """All connections of the workspace."""

    items: list[ConnectionOut]
    next_cursor: None = None
    total: int
    total_is_exact: bool = True

"""The channels: one line each, here and nowhere else in ingest."""

from collections.abc import Callable, Mapping

from services.ingest.channels.contract import Accounts, Hook
from services.ingest.channels.custom.account import CustomAccounts
from services.ingest.channels.instagram.parse import read_instagram
from services.ingest.channels.messenger.parse import read_messenger
from services.ingest.channels.meta.account import INSTAGRAM, MESSENGER, WHATSAPP, MetaAccounts
from services.ingest.channels.meta.hook import MetaHook
from services.ingest.channels.telegram.account import TelegramAccounts
from services.ingest.channels.telegram.hook import TelegramHook
from services.ingest.channels.whatsapp.parse import read_whatsapp
from services.ingest.channels.widget.account import WidgetAccounts
from services.ingest.settings import IngestSettings
from shared.contracts.chat import Channel

HOOKS: Mapping[Channel, Hook] = {
    "telegram": TelegramHook(),
    "whatsapp": MetaHook(read_whatsapp),
    "messenger": MetaHook(read_messenger),
    "instagram": MetaHook(read_instagram),
}
"""How each channel's webhooks are read; a channel without webhooks has none."""

ACCOUNTS: Mapping[Channel, Callable[[IngestSettings], Accounts]] = {
    "telegram": lambda settings: TelegramAccounts(settings.telegram_api),
    "widget": lambda settings: WidgetAccounts(settings.origin),
    "whatsapp": lambda settings: MetaAccounts(settings.meta_api, WHATSAPP),
    "custom": lambda settings: CustomAccounts(settings.origin),
    "messenger": lambda settings: MetaAccounts(settings.meta_api, MESSENGER),
    "instagram": lambda settings: MetaAccounts(settings.meta_api, INSTAGRAM),
}
"""How an account of each channel is connected."""

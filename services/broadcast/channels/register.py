"""The channels that can be sent to: a folder each, and a line here."""

from collections.abc import Callable, Mapping

from services.broadcast.channels.custom.send import CustomSender
from services.broadcast.channels.instagram import message as instagram
from services.broadcast.channels.messenger import message as messenger
from services.broadcast.channels.meta.send import MetaSender
from services.broadcast.channels.sender import ChannelSender
from services.broadcast.channels.telegram.send import TelegramSender
from services.broadcast.channels.whatsapp import message as whatsapp
from services.broadcast.channels.widget.send import WidgetSender
from services.broadcast.settings import BroadcastSettings
from shared.contracts.chat import Channel

MAKERS: Mapping[Channel, Callable[[BroadcastSettings], ChannelSender]] = {
    "telegram": TelegramSender,
    "widget": WidgetSender,
    "whatsapp": lambda settings: MetaSender(settings, whatsapp, settings.whatsapp_rate),
    "messenger": lambda settings: MetaSender(settings, messenger, settings.messenger_rate),
    "instagram": lambda settings: MetaSender(settings, instagram, settings.instagram_rate),
    "custom": CustomSender,
}

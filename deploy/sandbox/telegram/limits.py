"""Telegram's rate limits."""

import math

from deploy.sandbox.telegram.schema import BotId, ChatId
from deploy.sandbox.waits import Waits, Windows

CHAT_MESSAGES, CHAT_WINDOW = 3, 3.0
"""One message a second in a chat, measured over three seconds."""
BOT_MESSAGES, BOT_WINDOW = 30, 1.0
"""Messages a second of one bot, over all chats."""


class Limits(Waits):
    """Sliding windows per chat and bot, and the waits that they make."""

    def __init__(self) -> None:
        super().__init__()
        self._sent = Windows()

    def take(self, bot: BotId, chat: ChatId, now: float) -> int | None:
        """Count one message. Seconds to wait where it is one too many; such a one is not counted."""
        for scope, most, window in (((bot, chat), CHAT_MESSAGES, CHAT_WINDOW), ((bot, None), BOT_MESSAGES, BOT_WINDOW)):
            full = self._sent.full_for(scope, most, window, now)
            if full is not None:
                wait = max(1, math.ceil(full))
                self.told_to_wait(bot, scope[1], wait, now)
                return wait
        self._sent.count(now, CHAT_WINDOW, (bot, chat), (bot, None))
        return None

    def lift(self, whose: object) -> None:
        """Forget what one bot sent and owes."""
        super().lift(whose)
        self._sent.lift(whose)

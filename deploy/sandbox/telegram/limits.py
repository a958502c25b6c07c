"""Telegram's rate limits, and whether a bot keeps to the wait it was given."""

import math
from collections import deque
from dataclasses import dataclass

from deploy.sandbox.telegram.schema import BotId, ChatId

CHAT_MESSAGES, CHAT_WINDOW = 3, 3.0
"""One message a second in a chat, measured over three seconds."""
BOT_MESSAGES, BOT_WINDOW = 30, 1.0
"""Messages a second of one bot, over all chats."""
GRACE = 0.1
"""Seconds in which a request may cross a 429 on the wire: refused, but no violation."""
REMEMBERED = 20_000
"""Chats whose last seconds are remembered before idle ones are forgotten."""

_Scope = tuple[BotId, ChatId | None]


@dataclass(frozen=True)
class Owed:
    """A wait that is not over."""

    seconds: int
    violation: bool


@dataclass
class _Wait:
    told_at: float
    until: float


class Limits:
    """Sliding windows per chat and bot. Times are given by the caller, in seconds of one clock."""

    def __init__(self) -> None:
        self._sent: dict[_Scope, deque[float]] = {}
        self._waits: dict[_Scope, _Wait] = {}

    def owed(self, bot: BotId, chat: ChatId | None, now: float) -> Owed | None:
        """Find the wait that still stands for this bot, or for it in this chat."""
        for scope in ((bot, None), (bot, chat)):
            wait = self._waits.get(scope)
            if wait is None:
                continue
            if wait.until > now:
                return Owed(math.ceil(wait.until - now), violation=now > wait.told_at + GRACE)
            del self._waits[scope]
        return None

    def told_to_wait(self, bot: BotId, chat: ChatId | None, seconds: float, now: float) -> None:
        """From now on requests of that bot (in that chat, if one is named) are refused for so long."""
        self._waits[bot, chat] = _Wait(now, now + seconds)

    def take(self, bot: BotId, chat: ChatId, now: float) -> int | None:
        """Count one message. Seconds to wait where it is one too many; such a one is not counted."""
        for scope, most, window in (((bot, chat), CHAT_MESSAGES, CHAT_WINDOW), ((bot, None), BOT_MESSAGES, BOT_WINDOW)):
            sent = self._sent.setdefault(scope, deque())
            while sent and sent[0] <= now - window:
                sent.popleft()
            if len(sent) >= most:
                wait = max(1, math.ceil(sent[0] + window - now))
                self.told_to_wait(bot, scope[1], wait, now)
                return wait
        self._sent[bot, chat].append(now)
        self._sent[bot, None].append(now)
        if len(self._sent) > REMEMBERED:
            self._forget_idle(now)
        return None

    def lift(self, bot: BotId) -> None:
        """Forget what one bot sent and owes."""
        for known in (self._sent, self._waits):
            for scope in [scope for scope in known if scope[0] == bot]:
                del known[scope]

    def _forget_idle(self, now: float) -> None:
        for scope in [scope for scope, sent in self._sent.items() if not sent or sent[-1] <= now - CHAT_WINDOW]:
            del self._sent[scope]

"""Bots' queues of updates: in order, each tried until it was taken, while the ones behind it wait."""

from deploy.sandbox.courier import Attempt, Parcel
from deploy.sandbox.database import pack
from deploy.sandbox.deliveries import Delivery
from deploy.sandbox.telegram.bots import Bot
from deploy.sandbox.telegram.schema import BotId
from deploy.sandbox.telegram.state import State

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105  the name of a header


class BotPost:
    """What the courier takes to the bots' webhooks."""

    def __init__(self, state: State) -> None:
        self._state = state

    def waiting(self) -> list[BotId]:
        return self._state.deliveries.waiting()

    def next(self, whose: BotId) -> Delivery | None:
        return self._state.deliveries.next(whose, self._now()) if self._takes(whose) else None

    def next_in(self, whose: BotId) -> float | None:
        due = self._state.deliveries.next_due(whose) if self._takes(whose) else None
        return None if due is None else due - self._now()

    def parcel(self, delivery: Delivery) -> Parcel:
        bot = self._bot(delivery)
        return Parcel(bot.webhook_url, pack(delivery.body).encode(), {SECRET_HEADER: bot.secret} if bot.secret else {})

    def tried(self, delivery: Delivery, attempt: Attempt) -> bool:
        bot = self._bot(delivery)
        now = self._now()
        with self._state.database.transaction():
            self._state.deliveries.tried(
                delivery, attempt.status, attempt.error, "pending" if attempt.error else "delivered"
            )
            if attempt.error:
                self._state.bots.note_error(bot.bot_id, now, attempt.error)
                self._state.deliveries.drop_old(now)
        self._state.live.changed("bots", f"update/{bot.bot_id}/{delivery.update_id}")
        return attempt.error is not None

    def _takes(self, whose: BotId) -> bool:
        bot = self._state.bots.get(whose)
        return bot is not None and bool(bot.webhook_url)

    def _bot(self, delivery: Delivery) -> Bot:
        bot = self._state.bots.get(BotId(int(delivery.whose)))
        assert bot is not None  # noqa: S101  updates are made for known bots alone
        return bot

    def _now(self) -> float:
        return self._state.ambient.clock()

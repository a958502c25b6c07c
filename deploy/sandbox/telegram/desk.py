"""Where every call arrives: waits, faults, the method itself, and the entry that keeps it all."""

from dataclasses import dataclass, replace
from typing import Literal

from deploy.sandbox.ledger import KEPT_HEADERS, Entry
from deploy.sandbox.telegram.bots import Bot
from deploy.sandbox.telegram.calls import Call
from deploy.sandbox.telegram.errors import TelegramError, not_found, too_many
from deploy.sandbox.telegram.faults import Struck
from deploy.sandbox.telegram.methods import METHODS
from deploy.sandbox.telegram.parameters import Parameters
from deploy.sandbox.telegram.schema import BotId, ChatId
from deploy.sandbox.telegram.sending import chat_of
from deploy.sandbox.telegram.state import State

_LIMITED = "sendMessage"
"""The method that counts against limits and that a wait holds back."""


@dataclass(frozen=True)
class Outcome:
    """What to do on the wire."""

    status: int
    answer: dict[str, object]
    wire: Literal["answer", "silence", "reset"] = "answer"
    seconds: float = 0.0
    """How long to keep the answer back."""
    retry_after: int | None = None
    bot_id: BotId | None = None


@dataclass
class _Decided:
    outcome: Outcome
    delivered: bool = False
    violation: bool = False
    fault: str | None = None


class Desk:
    """Takes one call at a time; what it did is on disk before anybody is told."""

    def __init__(self, state: State) -> None:
        self._state = state

    def take(self, token: str, method: str, parameters: Parameters, headers: dict[str, str]) -> Outcome:
        """Do what the call asks, within the rules, and write it down."""
        now = self._state.ambient.clock()
        bot: Bot | None = None
        chat = chat_of(parameters)
        name, _ = METHODS.get(method.lower(), (method, None))
        with self._state.database.transaction():
            try:
                bot = self._state.bots.of_token(token)
                decided = self._decide(Call(bot, parameters, now, self._state), name, chat)
            except TelegramError as error:
                decided = _Decided(_refusal(error))
            outcome = decided.outcome
            answered = outcome.wire == "answer"
            self._state.ledger.write(
                Entry(
                    at=now, whose=bot.bot_id if bot else None, method=name, chat=chat,
                    ledger_id=headers.get("x-kith-ledger-id"), body=parameters.given,
                    headers={key: headers[key] for key in KEPT_HEADERS if key in headers},
                    status=outcome.status if answered else None, answer=outcome.answer if answered else None,
                    delivered=decided.delivered, violation=decided.violation, fault=decided.fault,
                )
            )  # fmt: skip
        self._tell(bot, chat, decided)
        return replace(outcome, bot_id=bot.bot_id if bot else None)

    def _decide(self, call: Call, method: str, chat: ChatId | None) -> _Decided:
        if method == _LIMITED:
            owed = self._state.limits.owed(call.bot.bot_id, chat, call.now)
            if owed is not None:
                return _Decided(_refusal(too_many(owed.seconds)), violation=owed.violation)
        rule = self._state.rules.strike(call.bot.bot_id, lambda one: one.concerns(method, chat))
        if rule is None:
            return _run(call, method)
        return self._faulty(call, method, Struck(rule))

    def _faulty(self, call: Call, method: str, struck: Struck) -> _Decided:
        rule = struck.rule
        if rule.kind == "slow":
            done = _run(call, method)
            outcome = Outcome(done.outcome.status, done.outcome.answer, seconds=rule.seconds)
            return _Decided(outcome, done.delivered, fault=rule.kind)
        reached = _run(call, method).delivered if rule.delivered else False
        if rule.kind == "silence":
            return _Decided(Outcome(0, {}, wire="silence"), reached, fault=rule.kind)
        if rule.kind == "reset":
            return _Decided(Outcome(0, {}, wire="reset"), reached, fault=rule.kind)
        error = struck.error()
        assert error is not None  # noqa: S101  every other kind is an answer
        if error.retry_after is not None and method == _LIMITED:
            scope = None if rule.chat_id is None else ChatId(rule.chat_id)
            self._state.limits.told_to_wait(call.bot.bot_id, scope, error.retry_after, call.now)
        return _Decided(_refusal(error), reached, fault=rule.kind)

    def _tell(self, bot: Bot | None, chat: ChatId | None, decided: _Decided) -> None:
        changed = ["bots"]
        if bot is not None:
            changed.append(f"requests/{bot.bot_id}")
            if chat is not None or decided.delivered:
                changed.append(f"chat/{bot.bot_id}/{chat}")
            else:
                changed.append(f"chats/{bot.bot_id}")
            if decided.fault:
                changed.append(f"faults/{bot.bot_id}")
        self._state.live.changed(*changed)


def _run(call: Call, method: str) -> _Decided:
    _, do = METHODS.get(method.lower(), (method, None))
    try:
        if do is None:
            raise not_found()
        result = do(call)
    except TelegramError as error:
        return _Decided(_refusal(error))
    return _Decided(Outcome(200, result.answer()), result.delivered)


def _refusal(error: TelegramError) -> Outcome:
    return Outcome(error.code, error.answer(), retry_after=error.retry_after)

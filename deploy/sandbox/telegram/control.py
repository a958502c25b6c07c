"""The sandbox's own API of Telegram's side: what it was sent, faults, and the person's part."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from deploy.sandbox.listing import After, Limit, live_route, page_of
from deploy.sandbox.problems import ProblemError
from deploy.sandbox.telegram.bots import Bot
from deploy.sandbox.telegram.chats import Chat
from deploy.sandbox.telegram.faults import Faults
from deploy.sandbox.telegram.filter import Filter
from deploy.sandbox.telegram.forms import Say
from deploy.sandbox.telegram.person import PersonSays, Said
from deploy.sandbox.telegram.schema import BotId, ChatId
from deploy.sandbox.telegram.state import State
from deploy.sandbox.telegram.views import BotView, ChatView, bot_view, chat_view, message_view

Wanted = Annotated[Filter, Depends()]


def control_routes(state: State, person_says: PersonSays) -> APIRouter:
    """Everything under /api/telegram."""
    router = APIRouter(prefix="/api/telegram", tags=["telegram"])
    _bots(router, state)
    _chats(router, state, person_says)
    _faults(router, state)
    _requests(router, state)
    return router


def _bots(router: APIRouter, state: State) -> None:
    @router.get("/bots")
    async def bots() -> dict[str, list[BotView]]:
        """List the bots whose token was used."""
        return {"items": [_bot_view(state, bot) for bot in state.bots.all()]}

    @router.get("/bots/{bot_id}/chats")
    async def chats(bot_id: int, limit: Limit = 200) -> dict[str, list[ChatView]]:
        """List a bot's chats, last changed first."""
        bot = _known(state, bot_id)
        return {"items": [chat_view(chat) for chat in state.chats.of_bot(bot.bot_id, limit)]}


def _chats(router: APIRouter, state: State, person_says: PersonSays) -> None:
    @router.get("/bots/{bot_id}/chats/{chat_id}/messages")
    async def messages(bot_id: int, chat_id: int, after: After = 0, limit: Limit = 200) -> dict[str, list[Any]]:
        """List the newest messages of a chat above id `after`, oldest first."""
        chat = _chat(state, bot_id, chat_id)
        found = state.chats.messages(chat.bot_id, chat.chat_id, after, limit)
        return {"items": [message_view(message, chat).listed() for message in found]}

    @router.get("/bots/{bot_id}/chats/{chat_id}")
    async def one_chat(bot_id: int, chat_id: int) -> ChatView:
        """One chat: who the person is, whether they blocked the bot, the keyboard they have."""
        return chat_view(_chat(state, bot_id, chat_id))

    @router.post("/bots/{bot_id}/chats/{chat_id}/say")
    async def say(bot_id: int, chat_id: int, said: Say) -> Said:
        """Do one thing as the person. Its update goes to the bot's webhook, signed with the webhook's secret."""
        if not 0 < chat_id < 2**52:
            raise ProblemError(422, "A person's chat id is a whole number from 1 to 2^52.")
        return await person_says(BotId(bot_id), ChatId(chat_id), said)


def _faults(router: APIRouter, state: State) -> None:
    def current(bot: Bot) -> dict[str, Any]:
        return {"limits": bot.limits, "rules": state.rules.of(bot.bot_id)}

    @router.get("/bots/{bot_id}/faults")
    async def get_faults(bot_id: int) -> dict[str, Any]:
        """List the faults that are on, and what is left of each."""
        return current(_known(state, bot_id))

    @router.put("/bots/{bot_id}/faults")
    async def put_faults(bot_id: int, faults: Faults) -> dict[str, Any]:
        """Put these faults in the place of those before."""
        bot = _known(state, bot_id)
        state.rules.put(bot.bot_id, faults.rules)
        if faults.limits is not None:
            state.bots.set_limits(bot.bot_id, held=faults.limits)
            state.limits.lift(bot.bot_id)
        state.live.changed("bots", f"faults/{bot_id}")
        return current(_known(state, bot_id))

    @router.delete("/bots/{bot_id}/faults")
    async def no_faults(bot_id: int) -> dict[str, Any]:
        """Take all faults away, and the waits that they made."""
        return await put_faults(bot_id, Faults(limits=True))


def _requests(router: APIRouter, state: State) -> None:
    @router.get("/requests")
    async def requests(
        wanted: Wanted,
        after: After = 0,
        limit: Limit = 100,
        newest: bool = False,  # noqa: FBT001, FBT002  it comes from the query
    ) -> dict[str, Any]:
        """List what the sandbox was sent, rising from number `after`; with `newest` the last ones, falling."""
        return page_of(state.ledger, wanted, after, limit, newest=newest)

    @router.get("/requests/count")
    async def count(wanted: Wanted) -> dict[str, int]:
        """Count the kept requests of the kind."""
        return {"count": state.ledger.count(wanted)}

    live_route(router, state.live)


def _known(state: State, bot_id: int) -> Bot:
    bot = state.bots.get(BotId(bot_id))
    if bot is None:
        raise ProblemError(404, "No such bot yet. A bot appears here once its token was used, e.g. with getMe.")
    return bot


def _chat(state: State, bot_id: int, chat_id: int) -> Chat:
    chat = state.chats.get(_known(state, bot_id).bot_id, ChatId(chat_id))
    if chat is None:
        raise ProblemError(404, "Nobody of that chat id has written to this bot yet; POST …/say does.")
    return chat


def _bot_view(state: State, bot: Bot) -> BotView:
    requests = state.ledger.count(Filter(bot_id=bot.bot_id))
    violations = state.ledger.count(Filter(bot_id=bot.bot_id, violation=True))
    return bot_view(bot, state.deliveries.pending(bot.bot_id), requests, violations)

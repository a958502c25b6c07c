"""The sandbox's own API of Meta's side: accounts, their dashboard, what it was sent, faults, and the person's part."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends

from deploy.sandbox.listing import After, Limit, live_route, page_of
from deploy.sandbox.meta.accounts import RECEIPTS, Account
from deploy.sandbox.meta.chats import Chat
from deploy.sandbox.meta.dashboard import Dashboard
from deploy.sandbox.meta.faults import Faults
from deploy.sandbox.meta.filter import Filter
from deploy.sandbox.meta.forms import NAMES, AccountChange, NewAccount, Say, TimePassed, WebhookSetting
from deploy.sandbox.meta.person import PersonSays, Said
from deploy.sandbox.meta.schema import Channel
from deploy.sandbox.meta.state import State
from deploy.sandbox.meta.views import (
    AccountSecrets,
    AccountView,
    ChatView,
    account_secrets,
    account_view,
    chat_view,
    message_view,
)
from deploy.sandbox.problems import ProblemError

Wanted = Annotated[Filter, Depends()]


def control_routes(state: State, dashboard: Dashboard, person_says: PersonSays) -> APIRouter:
    """Everything under /api/meta."""
    router = APIRouter(prefix="/api/meta", tags=["meta"])
    _accounts(router, state)
    _dashboard(router, state, dashboard)
    _chats(router, state, person_says)
    _faults(router, state)
    _requests(router, state)
    return router


def _accounts(router: APIRouter, state: State) -> None:
    @router.get("/accounts")
    async def accounts(channel: Channel | None = None) -> dict[str, list[AccountView]]:
        """List the accounts, the oldest first."""
        return {"items": [account_view(one, *_counts(state, one)) for one in state.accounts.all(channel)]}

    @router.post("/accounts", status_code=201)
    async def make_account(asked: NewAccount) -> AccountSecrets:
        """Make a number, a page or an Instagram account with an app, as the developer console does."""
        made = state.accounts.make(asked.channel, asked.name, asked.username or _username(asked))
        state.live.changed("bots")
        return account_secrets(made, *_counts(state, made))

    @router.get("/accounts/{account_id}")
    async def account(account_id: str) -> AccountSecrets:
        """One account, with the token and the secrets that the developer console shows."""
        found = _known(state, account_id)
        return account_secrets(found, *_counts(state, found))

    @router.patch("/accounts/{account_id}")
    async def change_account(account_id: str, change: AccountChange) -> AccountSecrets:
        """Change which receipts people's apps send by themselves."""
        found = _known(state, account_id)
        if change.receipts is not None:
            unknown = set(change.receipts) - set(RECEIPTS[found.channel])
            if unknown:
                words = (
                    f"{NAMES[found.channel]} has no receipts `{unknown.pop()}`; {', '.join(RECEIPTS[found.channel])}"
                )
                raise ProblemError(422, f"{words} may be switched on.")
            state.accounts.set_receipts(account_id, list(change.receipts))
            state.live.changed("bots")
        return await account(account_id)


def _dashboard(router: APIRouter, state: State, dashboard: Dashboard) -> None:
    @router.put("/accounts/{account_id}/webhook")
    async def set_webhook(account_id: str, setting: WebhookSetting) -> AccountSecrets:
        """Set the callback URL, as on the app's webhook page: Meta asks it first, and refuses what fails."""
        await dashboard.set_webhook(_known(state, account_id), setting.url, setting.verify_token, setting.fields)
        found = _known(state, account_id)
        return account_secrets(found, *_counts(state, found))

    @router.delete("/accounts/{account_id}/webhook")
    async def no_webhook(account_id: str) -> AccountSecrets:
        """Take the webhook away."""
        dashboard.take_webhook_away(_known(state, account_id))
        found = _known(state, account_id)
        return account_secrets(found, *_counts(state, found))


def _chats(router: APIRouter, state: State, person_says: PersonSays) -> None:
    chat_path = "/accounts/{account_id}/chats/{chat_id}"

    @router.get("/accounts/{account_id}/chats")
    async def chats(account_id: str, limit: Limit = 200) -> dict[str, list[ChatView]]:
        """List an account's chats, last changed first."""
        found = state.chats.of_account(_known(state, account_id).account_id, limit)
        return {"items": [chat_view(chat, state.ambient.clock()) for chat in found]}

    @router.get(f"{chat_path}/messages")
    async def messages(account_id: str, chat_id: str, after: After = 0, limit: Limit = 200) -> dict[str, list[Any]]:
        """List the newest messages of a chat above id `after`, oldest first."""
        found = state.chats.messages(_chat(state, account_id, chat_id), after, limit)
        return {"items": [message_view(message).listed() for message in found]}

    @router.get(chat_path)
    async def one_chat(account_id: str, chat_id: str) -> ChatView:
        """One chat: who the person is, whether they may be written to."""
        return chat_view(_chat(state, account_id, chat_id), state.ambient.clock())

    @router.post(f"{chat_path}/say")
    async def say(account_id: str, chat_id: str, said: Say) -> Said:
        """Do one thing as the person. Its update goes to the webhook, signed with the app's secret."""
        return await person_says(_known(state, account_id), chat_id, said)

    @router.post(f"{chat_path}/later")
    async def later(account_id: str, chat_id: str, passed: TimePassed) -> ChatView:
        """Let time pass in this chat: its window and its comments are so many hours older."""
        state.chats.grow_older(_chat(state, account_id, chat_id), passed.hours * 3600)
        state.live.changed(f"chats/{account_id}")
        return chat_view(_chat(state, account_id, chat_id), state.ambient.clock())


def _faults(router: APIRouter, state: State) -> None:
    def current(account_id: str) -> dict[str, Any]:
        return {"limits": _known(state, account_id).limits, "rules": state.rules.of(account_id)}

    @router.get("/accounts/{account_id}/faults")
    async def get_faults(account_id: str) -> dict[str, Any]:
        """List the faults that are on, and what is left of each."""
        return current(account_id)

    @router.put("/accounts/{account_id}/faults")
    async def put_faults(account_id: str, faults: Faults) -> dict[str, Any]:
        """Put these faults in the place of those before."""
        account = _known(state, account_id)
        state.rules.put(account.account_id, faults.rules)
        if faults.limits is not None:
            state.accounts.set_limits(account.account_id, held=faults.limits)
            state.limits.lift(account.account_id)
        state.live.changed("bots", f"faults/{account_id}")
        return current(account_id)

    @router.delete("/accounts/{account_id}/faults")
    async def no_faults(account_id: str) -> dict[str, Any]:
        """Take all faults away, and the waits that they made."""
        return await put_faults(account_id, Faults(limits=True))


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


def _username(asked: NewAccount) -> str:
    if asked.channel == "whatsapp":
        return "+1 555-078-3881"
    letters = "".join(one for one in asked.name.lower() if one.isascii() and one.isalnum())
    return (letters or "sandbox") if asked.channel == "instagram" else ""


def _known(state: State, account_id: str) -> Account:
    account = state.accounts.get(account_id)
    if account is None:
        raise ProblemError(404, "No such account; POST /api/meta/accounts makes one.")
    return account


def _chat(state: State, account_id: str, chat_id: str) -> Chat:
    chat = state.chats.get(_known(state, account_id).account_id, chat_id)
    if chat is None:
        raise ProblemError(404, "Nobody of that chat id has written to this account yet; POST …/say does.")
    return chat


def _counts(state: State, account: Account) -> tuple[int, int, int]:
    """Count what waits, the requests, and the violations among them."""
    of = account.account_id
    return (
        state.deliveries.pending(of),
        state.ledger.count(Filter(account_id=of)),
        state.ledger.count(Filter(account_id=of, violation=True)),
    )

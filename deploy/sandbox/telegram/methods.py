"""The methods of the Bot API that the sandbox speaks, except those that write to people."""

import re
from collections.abc import Callable
from typing import Any

from deploy.sandbox.guard import cannot_deliver_to
from deploy.sandbox.telegram.calls import Call, Result
from deploy.sandbox.telegram.errors import TelegramError, bad_request
from deploy.sandbox.telegram.sending import answer_callback_query, send_message

UPDATE_KINDS = ("message", "edited_message", "callback_query", "my_chat_member")
"""Those the sandbox makes; Telegram has more, and unknown names in allowed_updates are passed over."""
_SECRET = re.compile(r"[A-Za-z0-9_-]*")
MOST_SECRET, MOST_NAME, MOST_UPDATES, MOST_CONNECTIONS = 256, 64, 100, 100


def get_me(call: Call) -> Result:
    """Describe the bot itself."""
    return Result(
        {
            **call.bot.user(),
            "can_join_groups": True,
            "can_read_all_group_messages": False,
            "supports_inline_queries": False,
            "can_connect_to_business": False,
            "has_main_web_app": False,
        }
    )


def set_my_name(call: Call) -> Result:
    """Name the bot; an empty name brings the first one back."""
    name = call.parameters.text("name")
    if len(name) > MOST_NAME:
        raise bad_request("name is too long")
    call.state.bots.set_name(call.bot.bot_id, name or f"Bot {call.bot.bot_id}")
    return Result(value=True)


def get_my_name(call: Call) -> Result:
    """Give the bot's name."""
    return Result({"name": call.bot.name})


def set_webhook(call: Call) -> Result:
    """Where updates go. Unlike Telegram it takes plain http, and only addresses on this machine."""
    url = call.parameters.text("url")
    if not url:
        return delete_webhook(call)
    secret = call.parameters.text("secret_token")
    if len(secret) > MOST_SECRET:
        raise bad_request("secret token is too long")
    if not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    _check_url(url, call.state.ambient.further_hosts)
    bot = call.bot
    allowed = _allowed(call)
    most = min(max(call.parameters.integer("max_connections", 40), 1), MOST_CONNECTIONS)
    same = (url, secret, allowed, most) == (bot.webhook_url, bot.secret, bot.allowed, bot.max_connections)
    call.state.bots.set_webhook(bot.bot_id, url, secret, allowed, most)
    if call.parameters.flag("drop_pending_updates"):
        call.state.deliveries.drop_pending(bot.bot_id)
    return Result(value=True, description="Webhook is already set" if same else "Webhook was set")


def _check_url(url: str, further: frozenset[str]) -> None:
    wrong = cannot_deliver_to(url, further)
    if wrong == "form":
        raise bad_request("bad webhook: an HTTP URL must be provided for webhook")
    if wrong is not None:
        raise bad_request(
            f"bad webhook: the sandbox delivers to this machine alone, not to {wrong}. Set KITH_PUBLIC_URL to "
            "an address of this machine, or KITH_TELEGRAM_API=https://api.telegram.org to talk to Telegram itself; "
            "KITH_SANDBOX_HOSTS names further hosts"
        )


def _allowed(call: Call) -> list[str]:
    wanted = call.parameters.object("allowed_updates", bad_request("can't parse allowed updates JSON array"))
    if wanted is None:
        return call.bot.allowed
    if not isinstance(wanted, list) or not all(isinstance(kind, str) for kind in wanted):
        raise bad_request("can't parse allowed updates: expected an Array of String")
    return sorted(set(wanted))


def delete_webhook(call: Call) -> Result:
    """Take the webhook away; updates wait for getUpdates."""
    was_set = bool(call.bot.webhook_url)
    call.state.bots.set_webhook(call.bot.bot_id, "", "", call.bot.allowed, call.bot.max_connections)
    if call.parameters.flag("drop_pending_updates"):
        call.state.deliveries.drop_pending(call.bot.bot_id)
    return Result(value=True, description="Webhook was deleted" if was_set else "Webhook is already deleted")


def get_webhook_info(call: Call) -> Result:
    """Where updates go, how many wait, and what went wrong last."""
    bot = call.bot
    info: dict[str, Any] = {
        "url": bot.webhook_url,
        "has_custom_certificate": False,
        "pending_update_count": call.state.deliveries.pending(bot.bot_id),
    }
    if bot.webhook_url:
        info |= {"max_connections": bot.max_connections, "ip_address": "127.0.0.1"}
    if bot.last_error_at is not None:
        info |= {"last_error_date": int(bot.last_error_at), "last_error_message": bot.last_error}
    if bot.allowed:
        info["allowed_updates"] = bot.allowed
    return Result(info)


def get_updates(call: Call) -> Result:
    """Hand updates to a bot without a webhook; an offset confirms those below it."""
    if call.bot.webhook_url:
        raise TelegramError(
            409,
            "Conflict: can't use getUpdates method while webhook is active; "
            "use deleteWebhook to delete the webhook first",
        )
    deliveries = call.state.deliveries
    offset = call.parameters.integer("offset")
    if offset > 0:
        deliveries.confirm(call.bot.bot_id, offset)
    limit = min(max(call.parameters.integer("limit", MOST_UPDATES), 1), MOST_UPDATES)
    return Result(deliveries.first(call.bot.bot_id, limit))


Method = Callable[[Call], Result]

METHODS: dict[str, tuple[str, Method]] = {
    name.lower(): (name, method)
    for name, method in (
        ("getMe", get_me),
        ("setMyName", set_my_name),
        ("getMyName", get_my_name),
        ("setWebhook", set_webhook),
        ("deleteWebhook", delete_webhook),
        ("getWebhookInfo", get_webhook_info),
        ("getUpdates", get_updates),
        ("sendMessage", send_message),
        ("answerCallbackQuery", answer_callback_query),
    )
}
"""By name in lower case: Telegram does not tell cases apart."""

"""The demo's accounts at Meta: made and set up in the sandbox, which plays Meta's developer pages."""

from typing import Any

from deploy.cli.api import Api

CHANNELS = {
    "whatsapp": ("phone_number_id", "Kith demo number"),
    "messenger": ("page_id", "Kith demo page"),
    "instagram": ("instagram_id", "kith.demo"),
}
"""By channel: what Kith calls the account's id, and the account's name."""


def account(sandbox: str, channel: str) -> dict[str, Any]:
    """Make an account with an app of its own; gives its ids, its token and the app's secret."""
    return Api(sandbox).ask("POST", "/api/meta/accounts", json={"channel": channel, "name": CHANNELS[channel][1]})


def credentials(channel: str, made: dict[str, Any]) -> dict[str, Any]:
    """Say what Kith is told to connect it."""
    id_setting, name = CHANNELS[channel]
    known = {"channel": channel, "name": name, id_setting: made["account_id"]}
    return known | {"token": made["token"], "app_secret": made["app_secret"]}


def paste(sandbox: str, channel: str, made: dict[str, Any], connection: dict[str, Any]) -> dict[str, Any]:
    """Copy what Kith says is to be pasted into the app's webhook page; gives what demo.json tells of it."""
    pastes = {one["label"]: one["value"] for one in connection["to_paste"]}
    verify_token: str = pastes["Verify token"]
    setting = {"url": pastes["Callback URL"], "verify_token": verify_token}
    Api(sandbox).ask("PUT", f"/api/meta/accounts/{made['account_id']}/webhook", json=setting)
    return {
        "id": connection["id"],
        "name": connection["name"],
        "channel": channel,
        "secret": made["app_secret"],
        "account_id": made["account_id"],
        "token": made["token"],
        "verify_token": verify_token,
    }

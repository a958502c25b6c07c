"""Whether a token may do what its connection is for, as far as Graph tells: its app, and its permissions."""

from collections.abc import Collection
from typing import Any

from services.ingest.channels.contract import AccountRefusedError
from services.ingest.channels.meta.graph import ask


async def check_permissions(base: str, id_: str, secrets: tuple[str, str], any_of: Collection[str]) -> None:
    """Refuse a token that could read its account, and not write in its name. `secrets`: the token and the app's.

    Graph answers who has the app's own token, `<app id>|<app secret>`. Where it does not tell, nothing is refused: the
    account itself was read already. Raises `AccountRefusedError` or `ProviderAwayError`.
    """
    token, app_secret = secrets
    app = (await ask(base, "app", {"fields": "id"}, secrets)).get("id")
    if not isinstance(app, str):
        return
    told = (await ask(base, "debug_token", {"input_token": token}, (f"{app}|{app_secret}", app_secret))).get("data")
    if not isinstance(told, dict):
        return
    if told.get("is_valid") is False:
        raise AccountRefusedError("token", f"Meta says of this token: {_why(told)}; make a new one")
    scopes = told.get("scopes")
    if not isinstance(scopes, list):
        return
    allowed = [scope for scope in any_of if scope in scopes]
    if not allowed:
        words = f"this token lacks the permission {' or '.join(any_of)}; give it to the app and make a new token"
        raise AccountRefusedError("token", words)
    if "pages_messaging" in allowed and id_ not in _targets(told, "pages_messaging", id_):
        raise AccountRefusedError("token", "this token may write in the name of other pages, and not of this one")


def _why(told: dict[str, Any]) -> str:
    error = told.get("error")
    words = error.get("message") if isinstance(error, dict) else None
    return str(words or "it is not valid").rstrip(".")


def _targets(told: dict[str, Any], scope: str, otherwise: str) -> list[str]:
    """Return which accounts a permission is for; Graph names none where it is for all."""
    granted = told.get("granular_scopes")
    for one in granted if isinstance(granted, list) else []:
        if isinstance(one, dict) and one.get("scope") == scope and isinstance(one.get("target_ids"), list):
            return [str(target) for target in one["target_ids"]]
    return [otherwise]

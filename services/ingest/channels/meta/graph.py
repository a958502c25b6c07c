"""Asks Meta's Graph API whose credentials these are."""

import hashlib
import hmac
from typing import Any

import aiohttp

from services.ingest.channels.contract import AccountRefusedError, ProviderAwayError

TIMEOUT = aiohttp.ClientTimeout(total=10)
_BAD_TOKEN = 190
_NO_SUCH_OBJECT = (100, 33)
_MAY_PASS = frozenset({1, 2, 4, 17, 32, 341, 613, 80007})
"""Meta's own faults, and its limits."""
AWAY = "Meta could not be reached."


async def account_of(base: str, id_: str, fields: str, secrets: tuple[str, str], id_field: str) -> dict[str, Any]:
    """Return an account's fields. `secrets` are the token and the app's secret: together they prove to be of one app.

    Raises `AccountRefusedError` at the field that is wrong, or `ProviderAwayError`.
    """
    found = await ask(base, id_, {"fields": fields}, secrets)
    error = found.get("error")
    if isinstance(error, dict):
        raise _refused(error, id_field)
    if found.get("id") != id_:
        raise AccountRefusedError(id_field, f"Meta knows this account by another id: {found.get('id')}")
    return found


async def ask(base: str, what: str, query: dict[str, str], secrets: tuple[str, str]) -> dict[str, Any]:
    """Return Graph's answer, be it an error. `secrets`: a token, and its app's. Raises `ProviderAwayError`."""
    token, app_secret = secrets
    proof = hmac.new(app_secret.encode(), token.encode(), hashlib.sha256).hexdigest()
    return await _get(f"{base}/{what}", {**query, "appsecret_proof": proof}, token)


async def _get(url: str, query: dict[str, str], token: str) -> dict[str, Any]:
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.get(
                url, params=query, headers={"Authorization": f"Bearer {token}"}, allow_redirects=False
            ) as response,
        ):
            answer = await response.json(content_type=None)
    except (aiohttp.ClientError, TimeoutError, ValueError):
        raise ProviderAwayError(AWAY) from None  # the error may hold the token
    if not isinstance(answer, dict):
        raise ProviderAwayError(AWAY)
    return answer


def _refused(error: dict[str, Any], id_field: str) -> Exception:
    code, words = error.get("code"), str(error.get("message", ""))
    if "appsecret_proof" in words:
        return AccountRefusedError("app_secret", "this secret is of another app than the token; copy it from the app")
    if code == _BAD_TOKEN:
        return AccountRefusedError("token", "Meta does not take this token, or it has expired; make a new one")
    if (code, error.get("error_subcode")) == _NO_SUCH_OBJECT:
        return AccountRefusedError(id_field, "Meta knows no such account, or the token may not see it")
    if code in _MAY_PASS or error.get("is_transient") is True:
        return ProviderAwayError(f"Meta answered: {words}")
    return AccountRefusedError("token", f"Meta refused it: {words}")

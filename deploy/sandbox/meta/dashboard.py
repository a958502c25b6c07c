"""Meta's dashboard: where an app's webhook is set. Meta asks the address before it believes in it."""

import hmac
import secrets
from http import HTTPStatus
from urllib.parse import urlencode, urlsplit

import aiohttp

from deploy.sandbox.courier import Courier
from deploy.sandbox.guard import cannot_deliver_to
from deploy.sandbox.meta.accounts import FIELDS, UNASKED, Account
from deploy.sandbox.meta.state import State
from deploy.sandbox.problems import ProblemError

TIMEOUT = aiohttp.ClientTimeout(total=10)
MOST_BYTES = 4096
_REFUSED = "The callback URL or verify token couldn't be validated"


class Dashboard:
    """Use case: set the webhook of an account's app."""

    def __init__(self, state: State, courier: Courier) -> None:
        self._state = state
        self._courier = courier

    async def set_webhook(self, account: Account, url: str, verify_token: str, fields: list[str] | None) -> None:
        """Ask the address with a challenge, and set it if it gives the challenge back. Raises ProblemError."""
        known = FIELDS[account.channel]
        wanted = fields if fields is not None else [name for name in known if name != UNASKED]
        unknown = sorted(set(wanted) - set(known))
        if unknown:
            raise ProblemError(422, f"There is no field {unknown[0]!r}; there are {', '.join(known)}.")
        wrong = cannot_deliver_to(url, self._state.ambient.further_hosts)
        if wrong == "form":
            raise ProblemError(422, "Give the callback URL as http(s)://host[:port]/path.")
        if wrong is not None:
            words = (
                f"The sandbox delivers to this machine alone, not to {wrong}. KITH_SANDBOX_HOSTS names further hosts."
            )
            raise ProblemError(422, words)
        await _verify(url, verify_token)
        with self._state.database.transaction():
            self._state.accounts.set_webhook(account.account_id, url, verify_token, wanted)
            self._state.deliveries.all_due(account.account_id, self._state.ambient.clock())
        self._courier.wake(account.account_id)
        self._state.live.changed("bots")

    def take_webhook_away(self, account: Account) -> None:
        """From now on there are no updates; what waits is dropped."""
        with self._state.database.transaction():
            self._state.accounts.set_webhook(account.account_id, "", "", [])
            self._state.deliveries.drop_pending(account.account_id)
        self._state.live.changed("bots")


async def _verify(url: str, verify_token: str) -> None:
    challenge = str(secrets.randbelow(10**10))
    asked = {"hub.mode": "subscribe", "hub.challenge": challenge, "hub.verify_token": verify_token}
    address = f"{url}{'&' if urlsplit(url).query else '?'}{urlencode(asked)}"
    try:
        async with (
            aiohttp.ClientSession(timeout=TIMEOUT) as session,
            session.get(address, allow_redirects=False, ssl=False) as answer,
        ):
            body = await answer.content.read(MOST_BYTES)
            status = answer.status
    except (aiohttp.ClientError, OSError, TimeoutError) as error:
        raise ProblemError(422, f"{_REFUSED}: no answer ({type(error).__name__}). Nothing was changed.") from None
    if status != HTTPStatus.OK:
        raise ProblemError(422, f"{_REFUSED}: it answered {status}. Is the verify token right? Nothing was changed.")
    if not hmac.compare_digest(body, challenge.encode()):
        raise ProblemError(422, f"{_REFUSED}: it answered without the challenge. Nothing was changed.")

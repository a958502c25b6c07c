"""Accounts' queues of updates. One that was not taken is tried again later; those behind it go on meanwhile."""

import hashlib
import hmac
import json

from deploy.sandbox.courier import LONGEST_PAUSE, Attempt, Parcel
from deploy.sandbox.deliveries import Delivery
from deploy.sandbox.meta.accounts import Account
from deploy.sandbox.meta.state import State

SIGNATURE_HEADER = "X-Hub-Signature-256"
MOST_DOUBLINGS = 16


class AccountPost:
    """What the courier takes to the accounts' webhooks. `first_pause` is in seconds."""

    def __init__(self, state: State, first_pause: float) -> None:
        self._state = state
        self._first_pause = first_pause

    def waiting(self) -> list[str]:
        return self._state.deliveries.waiting()

    def next(self, whose: str) -> Delivery | None:
        return self._state.deliveries.next(whose, self._now()) if self._takes(whose) else None

    def next_in(self, whose: str) -> float | None:
        due = self._state.deliveries.next_due(whose) if self._takes(whose) else None
        return None if due is None else due - self._now()

    def parcel(self, delivery: Delivery) -> Parcel:
        account = self._account(delivery)
        body = json.dumps(delivery.body, separators=(",", ":")).encode()  # escaped, as Meta writes it
        signature = hmac.new(account.app_secret.encode(), body, hashlib.sha256).hexdigest()
        headers = {SIGNATURE_HEADER: f"sha256={signature}", "User-Agent": "facebookexternalua"}
        return Parcel(account.webhook_url, body, headers)

    def tried(self, delivery: Delivery, attempt: Attempt) -> bool:
        account, now = self._account(delivery), self._now()
        with self._state.database.transaction():
            self._state.deliveries.tried(
                delivery, attempt.status, attempt.error, "pending" if attempt.error else "delivered"
            )
            if attempt.error:
                pause = self._first_pause * 2 ** min(delivery.attempts, MOST_DOUBLINGS)
                self._state.deliveries.put_off(delivery, now + min(pause, LONGEST_PAUSE))
                self._state.deliveries.drop_old(now)
                self._state.accounts.note_error(account.account_id, now, attempt.error)
        self._state.live.changed("bots", f"update/{account.account_id}/{delivery.update_id}")
        return False

    def _takes(self, whose: str) -> bool:
        account = self._state.accounts.get(whose)
        return account is not None and bool(account.webhook_url)

    def _account(self, delivery: Delivery) -> Account:
        account = self._state.accounts.get(str(delivery.whose))
        assert account is not None  # noqa: S101  updates are made for known accounts alone
        return account

    def _now(self) -> float:
        return self._state.ambient.clock()

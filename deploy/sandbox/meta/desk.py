"""Where every call of Graph arrives: who asks, waits, faults, the thing itself, and the entry that keeps it all."""

import hashlib
import hmac
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from deploy.sandbox.ledger import KEPT_HEADERS, Entry
from deploy.sandbox.meta import direct, errors, nodes, whatsapp
from deploy.sandbox.meta.accounts import Account
from deploy.sandbox.meta.calls import Call, Result
from deploy.sandbox.meta.errors import GraphError
from deploy.sandbox.meta.faults import Rule
from deploy.sandbox.meta.receipts import Receipts
from deploy.sandbox.meta.state import State
from deploy.sandbox.meta.updates import Updates

BAD_GATEWAY = "<html><head><title>502 Bad Gateway</title></head><body>502 Bad Gateway</body></html>"
"""What stands before Graph does not speak its language."""
SECRET = frozenset({"access_token", "appsecret_proof", "input_token"})


ABOUT_TOKENS = frozenset({"app", "debug_token"})


@dataclass(frozen=True)
class Asked:
    """One request as it came."""

    verb: Literal["GET", "POST", "DELETE"]
    id: str
    edge: str
    """After the id; empty for the thing itself."""
    given: dict[str, Any]
    token: str
    headers: dict[str, str]

    @property
    def method(self) -> str:
        """What it is called in lists."""
        return self.edge or (self.id if self.id in ABOUT_TOKENS else "account")


@dataclass(frozen=True)
class Outcome:
    """What to do on the wire."""

    status: int
    answer: dict[str, Any] | str
    wire: Literal["answer", "silence", "reset"] = "answer"
    seconds: float = 0.0
    """How long to keep the answer back."""
    retry_after: int | None = None
    account_id: str | None = None


@dataclass
class _Decided:
    outcome: Outcome
    chat_id: str | None = None
    delivered: bool = False
    violation: bool = False
    fault: str | None = None


class Desk:
    """Takes one call at a time; what it did is on disk before anybody is told."""

    def __init__(self, state: State, updates: Updates) -> None:
        self._state = state
        self._updates = updates
        self._receipts = Receipts(state, updates)

    def take(self, asked: Asked) -> Outcome:
        """Do what is asked, within the rules, and write it down."""
        now = self._state.ambient.clock()
        account: Account | None = None
        with self._state.database.transaction():
            try:
                account = self._who(asked)
                decided = self._decide(Call(account, asked.given, now, self._state), asked)
            except GraphError as error:
                decided = _Decided(_refusal(error))
            outcome = decided.outcome
            answered = outcome.wire == "answer"
            self._state.ledger.write(
                Entry(
                    at=now, whose=account.account_id if account else None, method=asked.method, chat=decided.chat_id,
                    ledger_id=_ledger_id(asked),
                    body={key: value for key, value in asked.given.items() if key not in SECRET},
                    headers={key: asked.headers[key] for key in KEPT_HEADERS if key in asked.headers},
                    status=outcome.status if answered else None, answer=outcome.answer if answered else None,
                    delivered=decided.delivered, violation=decided.violation, fault=decided.fault,
                )
            )  # fmt: skip
        self._tell(account, decided)
        return replace(outcome, account_id=account.account_id if account else None)

    def _who(self, asked: Asked) -> Account:
        """Find whose token it is, and check that what is asked about is theirs."""
        if not asked.token:
            raise errors.no_token()
        app_id, of_app, app_secret = asked.token.partition("|")
        accounts = self._state.accounts
        account = accounts.of_app(app_id, app_secret) if of_app else accounts.of_token(asked.token)
        if account is None:
            raise errors.of_code(190)
        proof = asked.given.get("appsecret_proof")
        made = hmac.new(account.app_secret.encode(), asked.token.encode(), hashlib.sha256).hexdigest()
        if proof is not None and not hmac.compare_digest(str(proof).encode(), made.encode()):
            raise errors.bad_proof()
        theirs = {"debug_token"} if of_app else {account.account_id, "me", "app"}
        if asked.edge == "subscribed_apps":
            theirs.add(account.business_id)
        if asked.id not in theirs:
            raise errors.no_such_object(asked.id, asked.verb.lower())
        return account

    def _decide(self, call: Call, asked: Asked) -> _Decided:
        whose, chat = call.account.account_id, _chat_of(call) if asked.method == "messages" else None
        if asked.method == "messages":
            owed = self._state.limits.owed(whose, chat, call.now)
            if owed is not None:
                refused = errors.too_many(call.account.channel, owed.seconds)
                return _Decided(_refusal(refused), chat, violation=owed.violation)
        rule = self._state.rules.strike(whose, lambda one: one.concerns(asked.method, chat))
        decided = self._run(call, asked) if rule is None else self._faulty(call, asked, rule, chat)
        decided.chat_id = decided.chat_id or chat
        return decided

    def _faulty(self, call: Call, asked: Asked, rule: Rule, chat: str | None) -> _Decided:
        if rule.kind == "slow":
            done = self._run(call, asked)
            done.outcome, done.fault = replace(done.outcome, seconds=rule.seconds), rule.kind
            return done
        error = rule.error(call.account.channel)
        if rule.later and error is not None and call.account.channel == "whatsapp" and asked.method == "messages":
            done = self._run(replace(call, fails_later=error), asked)
            done.fault = f"{error.code} later"
            return done
        reached = self._run(call, asked).delivered if rule.delivered else False
        if rule.kind == "silence" or rule.kind == "reset":  # noqa: PLR1714  so that its type is known
            return _Decided(Outcome(0, {}, wire=rule.kind), chat, reached, fault=rule.kind)
        if rule.kind == "502":
            return _Decided(Outcome(502, BAD_GATEWAY), chat, reached, fault=rule.kind)
        assert error is not None  # noqa: S101  every other kind is an answer
        if error.retry_after is not None and asked.method == "messages":
            self._state.limits.told_to_wait(call.account.account_id, rule.chat_id, error.retry_after, call.now)
        return _Decided(_refusal(error), chat, reached, fault=str(error.code) if rule.code else rule.kind)

    def _run(self, call: Call, asked: Asked) -> _Decided:
        try:
            result = self._doing(call, asked)()
        except GraphError as error:
            return _Decided(_refusal(error))
        return _Decided(Outcome(200, result.answer), result.chat_id, result.delivered)

    def _doing(self, call: Call, asked: Asked) -> Callable[[], Result]:
        doings: dict[tuple[str, str], Callable[[], Result]] = {
            ("GET", "account"): lambda: nodes.details(call),
            ("GET", "app"): lambda: nodes.app(call),
            ("GET", "debug_token"): lambda: nodes.debug_token(call),
            ("GET", "subscribed_apps"): lambda: nodes.subscriptions(call),
            ("POST", "subscribed_apps"): lambda: nodes.subscribe(call),
            ("DELETE", "subscribed_apps"): lambda: nodes.unsubscribe(call),
            ("POST", "messages"): lambda: self._send(call),
        }
        doing = doings.get((asked.verb, asked.method))
        if doing is None:
            raise GraphError(2500, f"Unknown path components: /{asked.edge}")
        return doing

    def _send(self, call: Call) -> Result:
        if call.account.channel == "whatsapp":
            return whatsapp.send(call, self._receipts)
        return direct.send(call, self._receipts, self._updates)

    def _tell(self, account: Account | None, decided: _Decided) -> None:
        changed = ["bots"]
        if account is not None:
            changed.append(f"requests/{account.account_id}")
            changed.append(f"chat/{account.account_id}/{decided.chat_id}" if decided.chat_id else "bots")
            if decided.fault:
                changed.append(f"faults/{account.account_id}")
        self._state.live.changed(*changed)


def _chat_of(call: Call) -> str | None:
    """Name the chat that a message is for, where it names one."""
    if call.account.channel != "whatsapp":
        recipient = call.inside("recipient")
        if recipient.get("comment_id"):
            found = call.state.chats.comment(call.account.account_id, str(recipient["comment_id"]))
            return found[0] if found else None
        return str(recipient["id"]) if recipient.get("id") else None
    phone = "".join(one for one in call.text("to") if one.isdecimal())
    if phone:
        chat = call.state.chats.of_phone(call.account.account_id, phone)
        return chat.chat_id if chat else phone
    return call.text("recipient") or None


def _ledger_id(asked: Asked) -> str | None:
    """Tell the sender's own number of a message: by our header, or by what WhatsApp gives back with receipts."""
    noted = asked.given.get("biz_opaque_callback_data")
    return asked.headers.get("x-kith-ledger-id") or (noted if isinstance(noted, str) else None)


def _refusal(error: GraphError) -> Outcome:
    return Outcome(error.status, error.answer(), retry_after=error.retry_after)

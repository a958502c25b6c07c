"""Who is calling, and what they may do. Every service checks by itself, from what `access.v1` told it."""

import hashlib
import hmac
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Annotated, Any, Literal, TypeVar

import jwt
from fastapi import Depends, Request

from shared.contracts.accounts import ApiKeyStateV1, Role, SigningKeyStateV1, UserStateV1
from shared.contracts.event import Event, StateEvent
from shared.contracts.scopes import ALGORITHM, ISSUER, KEY_PREFIX, ROLE_SCOPES, Scope
from shared.web.problems import ProblemError

S = TypeVar("S", bound=StateEvent)


@dataclass(frozen=True, slots=True)
class Principal:
    """Somebody who may call: a user with a role, or an API key with scopes."""

    workspace_id: str
    id: str
    kind: Literal["user", "api_key"]
    scopes: frozenset[str]
    expires_at: datetime | None = None
    """When the token ends; a live stream ends with it."""
    role: Role | None = None
    issued_at: datetime | None = None
    """When the token began; a change of password voids it."""


class NotSignedInError(Exception):
    """No token, or one that does not hold; the message says why."""


class AccessBook:
    """All keys and users, by id, as the console last told. The newest rev wins."""

    def __init__(self) -> None:
        self._signing: dict[str, SigningKeyStateV1] = {}
        self._users: dict[str, UserStateV1] = {}
        self._keys: dict[str, ApiKeyStateV1] = {}
        self._learned: dict[str, StateEvent] = {}
        self._used: dict[str, tuple[str, date]] = {}

    def take(self, event: Event) -> None:
        """Take in one state."""
        learned = self._learned.get(event.key())
        if learned is not None and isinstance(event, StateEvent) and event.rev >= learned.rev:
            del self._learned[event.key()]  # the topic has told it, or what came after it
        match event:
            case SigningKeyStateV1():
                _newest(self._signing, event)
            case UserStateV1():
                _newest(self._users, event)
            case ApiKeyStateV1():
                _newest(self._keys, event)
            case _:
                return

    def learn(self, event: StateEvent) -> None:
        """Take in what this process changed itself, and has still to publish: it holds from here on."""
        self.take(event)
        self._learned[event.key()] = event

    def forget(self, key: str) -> None:
        """Drop what is gone: nobody comes in with it any more."""
        kind, _, id_ = key.partition("/")
        book = self._books().get(kind)
        if book is not None:
            book.pop(id_, None)

    def _books(self) -> Mapping[str, dict[str, Any]]:
        return {"signing-key": self._signing, "user": self._users, "api-key": self._keys}

    def contents(self) -> Iterable[tuple[str, str, str]]:
        """Give each state's workspace, key, and all that it says."""
        for book in self._books().values():
            for state in book.values():
                yield state.workspace_id, state.key(), state.kept()

    def fresh(self) -> "AccessBook":
        return AccessBook()

    def adopt(self, other: "AccessBook") -> None:
        """Hold what the other holds, and what we changed and no topic told yet."""
        self._signing, self._users, self._keys = other._signing, other._users, other._keys  # noqa: SLF001 - a book, too
        for state in list(self._learned.values()):
            self.learn(state)

    def who(self, credential: str, now: datetime) -> Principal:
        """Check a bearer credential. Raises `NotSignedInError`."""
        if credential.startswith(f"{KEY_PREFIX}_"):
            principal = self._by_key(credential)
            self._used[principal.id] = (principal.workspace_id, now.date())
            return principal
        return self._by_token(credential, now)

    def key_uses(self) -> list[tuple[str, str, date]]:
        """Give workspace, API key, and the last day on which this process let it in, of each that it did."""
        return [(workspace_id, key_id, day) for key_id, (workspace_id, day) in self._used.items()]

    def user(self, workspace_id: str, user_id: str) -> UserStateV1 | None:
        """Return a user of a workspace, active or not."""
        found = self._users.get(user_id)
        return found if found is not None and found.workspace_id == workspace_id else None

    def users_of(self, workspace_id: str) -> list[UserStateV1]:
        """Return a workspace's active users, by name."""
        found = [one for one in self._users.values() if one.workspace_id == workspace_id and one.active]
        return sorted(found, key=lambda one: (one.name.casefold(), one.id))

    def admins_of(self, workspace_id: str) -> list[str]:
        """Return the ids of a workspace's active admins."""
        return [
            one.id
            for one in self._users.values()
            if one.role == "admin" and one.workspace_id == workspace_id and one.active
        ]

    def still_holds(self, principal: Principal, now: datetime) -> bool:
        """Tell whether somebody who was let in would be let in again: for streams that stay open."""
        if principal.expires_at is not None and now >= principal.expires_at:
            return False
        if principal.kind == "api_key":
            key = self._keys.get(principal.id)
            return key is not None and key.active
        user = self._users.get(principal.id)
        if user is None or not user.active or not principal.scopes <= ROLE_SCOPES[user.role]:
            return False
        return principal.issued_at is None or principal.issued_at >= user.tokens_from

    def _by_key(self, credential: str) -> Principal:
        try:
            _, key_id, secret = credential.split("_", 2)
        except ValueError:
            raise NotSignedInError("This is not an API key of Kith's.") from None
        key = self._keys.get(f"key_{key_id}")
        digest = hashlib.sha256(secret.encode()).hexdigest()
        if key is None or not hmac.compare_digest(digest, key.secret_sha256):
            raise NotSignedInError(
                "There is no such API key. Make one under Settings → API keys, or with `kith keys add`."
            )
        if not key.active:
            raise NotSignedInError("This API key was revoked.")
        return Principal(key.workspace_id, key.id, "api_key", frozenset(key.scopes))

    def _by_token(self, credential: str, now: datetime) -> Principal:
        try:
            kid = jwt.get_unverified_header(credential).get("kid", "")
            signing = self._signing.get(kid)
            if signing is None or (signing.not_after is not None and now > signing.not_after):
                raise NotSignedInError("This token was signed with a key we do not know. Sign in again.")
            claims = jwt.decode(
                credential,
                signing.public_key,
                algorithms=[ALGORITHM],
                issuer=ISSUER,
                options={"require": ["exp", "iat", "sub", "iss"], "verify_exp": False, "verify_iat": False},
            )
        except jwt.PyJWTError as error:
            raise NotSignedInError("This token does not hold. Sign in again.") from error
        expires = datetime.fromtimestamp(claims["exp"], UTC)
        if now >= expires:
            raise NotSignedInError("This token has ended. Get a fresh one, or sign in again.")
        user = self._users.get(claims["sub"])
        if user is None or not user.active:
            raise NotSignedInError("This user may not sign in any more.")
        issued = datetime.fromtimestamp(claims["iat"], UTC)  # the console gives it in milliseconds
        if issued < user.tokens_from:
            raise NotSignedInError("This session was ended. Sign in again.")
        return Principal(user.workspace_id, user.id, "user", ROLE_SCOPES[user.role], expires, user.role, issued)


def _newest(book: dict[str, S], event: S) -> None:
    there = book.get(event.id)
    if there is None or event.rev > there.rev:
        book[event.id] = event


def principal_of(request: Request) -> Principal:
    """Check who calls; a problem that says what to do where nobody does."""
    scheme, _, credential = request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not credential:
        raise ProblemError(
            401,
            "not-signed-in",
            "Send `Authorization: Bearer <access token or API key>`.",
            headers={"WWW-Authenticate": "Bearer"},
        )
    book: AccessBook = request.app.state.access
    try:
        return book.who(credential.strip(), datetime.now(UTC))
    except NotSignedInError as error:
        raise ProblemError(401, "not-signed-in", str(error), headers={"WWW-Authenticate": "Bearer"}) from error


def require(scope: Scope) -> Callable[[Request], Awaitable[Principal]]:
    """Make a dependency that lets in who has a scope: `Annotated[Principal, Depends(require("people:read"))]`.

    It waits for nothing. It is async because FastAPI would hand anything else to a thread, which costs more than the
    check (`make bench`, accept).
    """

    async def check(request: Request) -> Principal:
        principal = principal_of(request)
        if scope not in principal.scopes:
            raise ProblemError(
                403, "not-allowed", f"This needs the permission {scope}, which you do not have. Ask an admin."
            )
        return principal

    return check


ReadsPeople = Annotated[Principal, Depends(require("people:read"))]
WritesPeople = Annotated[Principal, Depends(require("people:write"))]
ExportsPeople = Annotated[Principal, Depends(require("people:export"))]
GuardsPrivacy = Annotated[Principal, Depends(require("people:privacy"))]
"""Who may gather all that is known of a person, and erase it."""
ReadsConversations = Annotated[Principal, Depends(require("conversations:read"))]
TagsPeople = Annotated[Principal, Depends(require("people:tag"))]
WritesConversations = Annotated[Principal, Depends(require("conversations:write"))]
ReadsQueues = Annotated[Principal, Depends(require("queues:read"))]
WritesQueues = Annotated[Principal, Depends(require("queues:write"))]
ReadsRequests = Annotated[Principal, Depends(require("requests:read"))]
WritesRequests = Annotated[Principal, Depends(require("requests:write"))]
ReadsConnections = Annotated[Principal, Depends(require("connections:read"))]
WritesConnections = Annotated[Principal, Depends(require("connections:write"))]
WritesInbound = Annotated[Principal, Depends(require("inbound:write"))]
ReadsDeliveries = Annotated[Principal, Depends(require("deliveries:read"))]
WritesUsers = Annotated[Principal, Depends(require("users:write"))]
WritesKeys = Annotated[Principal, Depends(require("keys:write"))]
WritesWorkspace = Annotated[Principal, Depends(require("workspace:write"))]
ReadsLive = Annotated[Principal, Depends(require("live:read"))]

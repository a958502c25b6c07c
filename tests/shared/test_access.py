"""Who is let in, and who is not, whatever a token says of itself."""

import base64
import hashlib
import hmac
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shared.contracts.accounts import ApiKeyStateV1, Role, SigningKeyStateV1, UserStateV1
from shared.web.access import ROLE_SCOPES, AccessBook, NotSignedInError, Principal

NOW = datetime(2026, 1, 1, 12, tzinfo=UTC)


class Signer:
    """A key pair as the console has it."""

    def __init__(self, kid: str) -> None:
        key = Ed25519PrivateKey.generate()
        self.kid = kid
        self.private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
        self.public = key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def token(self, header: dict[str, Any] | None = None, **claims: Any) -> str:
        whole = {
            "iss": "kith",
            "sub": "user_ann",
            "wid": "ws_1",
            "iat": NOW,
            "exp": NOW + timedelta(minutes=5),
        } | claims
        found = {name: value for name, value in whole.items() if value is not None}
        return jwt.encode(found, self.private, "EdDSA", headers={"kid": self.kid} | (header or {}))


CONSOLE, STRANGER = Signer("sk_1"), Signer("sk_1")
SECRET = "s" * 43


def user(rev: int = 1, **how: Any) -> UserStateV1:
    made: dict[str, Any] = {"role": "agent", "active": True, "tokens_from": NOW - timedelta(days=1)} | how
    return UserStateV1(
        id="user_ann", time=NOW, workspace_id="ws_1", rev=rev, email="ann@example.com", name="Ann", **made
    )


def api_key(rev: int = 1, *, active: bool = True, scopes: tuple[str, ...] = ("people:read",)) -> ApiKeyStateV1:
    hashed = hashlib.sha256(SECRET.encode()).hexdigest()
    return ApiKeyStateV1(
        id="key_abc", time=NOW, workspace_id="ws_1", rev=rev, name="CRM", secret_sha256=hashed, scopes=scopes,
        active=active,
    )  # fmt: skip


def signing_key(signer: Signer = CONSOLE, not_after: datetime | None = None, rev: int = 1) -> SigningKeyStateV1:
    return SigningKeyStateV1(
        id=signer.kid, time=NOW, workspace_id="", rev=rev, public_key=signer.public, not_after=not_after
    )


@pytest.fixture
def book() -> AccessBook:
    found = AccessBook()
    for state in (signing_key(), user(), api_key()):
        found.take(state)
    return found


def let_in(book: AccessBook, credential: str, now: datetime = NOW) -> Principal:
    return book.who(credential, now)


def refuse(book: AccessBook, credential: str, now: datetime = NOW) -> str:
    with pytest.raises(NotSignedInError) as refused:
        book.who(credential, now)
    return str(refused.value)


def test_a_user_with_a_good_token(book: AccessBook) -> None:
    who = let_in(book, CONSOLE.token())
    assert (who.id, who.workspace_id, who.kind, who.role) == ("user_ann", "ws_1", "user", "agent")
    assert who.scopes == ROLE_SCOPES["agent"]
    assert who.expires_at == NOW + timedelta(minutes=5)


def test_the_workspace_is_the_users_whatever_the_token_says(book: AccessBook) -> None:
    assert let_in(book, CONSOLE.token(wid="ws_2")).workspace_id == "ws_1"


def part(value: dict[str, Any]) -> str:
    return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")


def test_no_algorithm_but_the_one(book: AccessBook) -> None:
    _, claims, signature = CONSOLE.token().split(".")
    for name in ("none", "None", "NONE", "", None, "HS256", "ES256", ["EdDSA"]):
        header = part({"alg": name, "typ": "JWT", "kid": "sk_1"})
        assert "does not hold" in refuse(book, f"{header}.{claims}.")
        assert "does not hold" in refuse(book, f"{header}.{claims}.{signature}")


def test_the_public_key_is_no_shared_secret(book: AccessBook) -> None:
    header = part({"alg": "HS256", "typ": "JWT", "kid": "sk_1"})
    claims = CONSOLE.token().split(".")[1]
    signed = hmac.digest(CONSOLE.public.encode(), f"{header}.{claims}".encode(), "sha256")
    signature = base64.urlsafe_b64encode(signed).decode().rstrip("=")
    assert "does not hold" in refuse(book, f"{header}.{claims}.{signature}")


@pytest.mark.parametrize(
    ("token", "says"),
    [
        (STRANGER.token(), "does not hold"),
        (CONSOLE.token({"kid": "sk_2"}), "a key we do not know"),
        (CONSOLE.token(iss="somebody"), "does not hold"),
        (CONSOLE.token(exp=None), "does not hold"),
        (CONSOLE.token(iat=None), "does not hold"),
        (CONSOLE.token(sub=None), "does not hold"),
        (CONSOLE.token(sub="user_bob"), "may not sign in"),
        (CONSOLE.token(exp=NOW), "has ended"),
        (CONSOLE.token(iat=NOW - timedelta(days=2)), "session was ended"),
        (CONSOLE.token()[:-3], "does not hold"),
        ("", "does not hold"),
        ("a.b.c", "does not hold"),
        ("ü.ü.ü", "does not hold"),
        ("kith_", "not an API key"),
        ("kith_abc", "not an API key"),
    ],
)
def test_what_does_not_hold_says_what_to_do(book: AccessBook, token: str, says: str) -> None:
    assert says in refuse(book, token)


def test_flipped_bits_anywhere_in_the_signature(book: AccessBook) -> None:
    head, signature = CONSOLE.token().rsplit(".", 1)
    raw = bytearray(base64.urlsafe_b64decode(signature + "=="))
    for place in range(len(raw)):
        raw[place] ^= 1
        refuse(book, f"{head}.{base64.urlsafe_b64encode(bytes(raw)).decode().rstrip('=')}")
        raw[place] ^= 1


def test_a_signing_key_has_an_end(book: AccessBook) -> None:
    book.take(signing_key(not_after=NOW - timedelta(seconds=1), rev=2))
    assert "a key we do not know" in refuse(book, CONSOLE.token())


def test_an_inactive_user_is_out_and_an_older_state_does_not_bring_them_back(book: AccessBook) -> None:
    book.take(user(rev=3, active=False))
    book.take(user(rev=2))
    assert "may not sign in" in refuse(book, CONSOLE.token())


def test_a_new_password_ends_the_tokens_from_before(book: AccessBook) -> None:
    who = let_in(book, CONSOLE.token())
    book.take(user(rev=2, tokens_from=NOW + timedelta(milliseconds=500)))
    assert "session was ended" in refuse(book, CONSOLE.token())
    assert not book.still_holds(who, NOW)
    later = CONSOLE.token(iat=(NOW + timedelta(milliseconds=500)).timestamp())
    assert let_in(book, later)


def test_an_api_key(book: AccessBook) -> None:
    who = let_in(book, f"kith_abc_{SECRET}")
    assert (who.id, who.kind, who.scopes) == ("key_abc", "api_key", {"people:read"})
    assert "no such API key" in refuse(book, f"kith_abc_{SECRET}x")
    assert "no such API key" in refuse(book, "kith_abc_")
    assert "no such API key" in refuse(book, f"kith_xyz_{SECRET}")
    book.take(api_key(rev=2, active=False))
    assert "revoked" in refuse(book, f"kith_abc_{SECRET}")
    assert not book.still_holds(who, NOW)


@pytest.mark.parametrize(
    ("change", "holds"),
    [
        (user(rev=2, role="admin"), True),
        (user(rev=2, role="marketer"), False),
        (user(rev=2, active=False), False),
        (user(rev=1, active=False), True),
    ],
)
def test_an_open_stream_ends_when_its_user_would_not_be_let_in(
    book: AccessBook,
    change: UserStateV1,
    holds: bool,  # noqa: FBT001
) -> None:
    who = let_in(book, CONSOLE.token())
    assert book.still_holds(who, NOW)
    book.take(change)
    assert book.still_holds(who, NOW) is holds


def test_an_open_stream_ends_with_its_token(book: AccessBook) -> None:
    who = let_in(book, CONSOLE.token())
    assert not book.still_holds(who, NOW + timedelta(minutes=5))


@pytest.mark.parametrize("role", ["agent", "marketer"])
def test_only_admins_manage_users_keys_and_connections(role: Role) -> None:
    assert not ROLE_SCOPES[role] & {"users:write", "keys:write", "connections:write"}

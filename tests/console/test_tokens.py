"""Which tokens are believed, by every service: only ours, in the one algorithm, in their time."""

import base64
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from services.console.domain import tokens
from services.console.domain.people import User
from services.console.domain.tokens import SigningKey
from shared.web.access import AccessBook, NotSignedInError

NOW = datetime(2026, 3, 1, 12, 0, 0, 250_000, tzinfo=UTC)
PRIVATE, PUBLIC = tokens.make_pair()
OTHER_PRIVATE, _ = tokens.make_pair()
KEY = SigningKey("sig_1", PUBLIC, None, NOW - timedelta(days=1), None, 1)
ADA = User(
    "user_1", "ws_1", "ada@example.com", "Ada", "agent", active=True, password_hash="", tokens_from=NOW,
    created_at=NOW, changed_at=NOW, rev=1,
)  # fmt: skip
CLAIMS = {
    "iss": "kith",
    "sub": "user_1",
    "wid": "ws_1",
    "role": "admin",
    "iat": NOW.timestamp(),
    "exp": (NOW + tokens.TOKEN_LIFE).timestamp(),
}


@pytest.fixture
def book() -> AccessBook:
    found = AccessBook()
    found.take(KEY.state())
    found.take(ADA.state())
    return found


def _signed(private: str | bytes = PRIVATE, algorithm: str = "EdDSA", kid: str = "sig_1", **claims: object) -> str:
    return jwt.encode(CLAIMS | claims, private, algorithm=algorithm, headers={"kid": kid})


def _by_hand(header: dict[str, str], signature: bytes = b"") -> str:
    parts = [json.dumps(header).encode(), json.dumps(CLAIMS).encode(), signature]
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def _rsa() -> bytes:
    key = rsa.generate_private_key(65537, 2048)
    return key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _hmac_of_public_key() -> str:
    import hashlib
    import hmac

    unsigned = _by_hand({"alg": "HS256", "kid": "sig_1"}).rsplit(".", 1)[0]
    digest = hmac.new(PUBLIC.encode(), unsigned.encode(), hashlib.sha256).digest()
    return f"{unsigned}.{base64.urlsafe_b64encode(digest).decode().rstrip('=')}"


def test_our_own_token_says_who_calls(book: AccessBook) -> None:
    token = tokens.sign(ADA, key_id="sig_1", private_key=PRIVATE, now=NOW)

    who = book.who(token, NOW + timedelta(minutes=4, seconds=59))

    assert (who.workspace_id, who.id, who.role) == ("ws_1", "user_1", "agent")
    assert who.expires_at == NOW + timedelta(minutes=5)
    assert "users:write" not in who.scopes


@pytest.mark.parametrize(
    "forge",
    [
        lambda: _by_hand({"alg": "none", "kid": "sig_1"}),
        lambda: _by_hand({"alg": "None", "kid": "sig_1"}),
        lambda: _by_hand({"alg": "none"}),
        _hmac_of_public_key,
        lambda: _signed(_rsa(), "RS256"),
        lambda: _signed(OTHER_PRIVATE),
        lambda: _signed(kid="sig_2"),
        lambda: _signed(kid=""),
        lambda: _signed(iss="somebody"),
        lambda: _signed(sub="user_2"),
        lambda: _signed()[:-4] + "AAAA",
        lambda: jwt.encode({k: v for k, v in CLAIMS.items() if k != "exp"}, PRIVATE, "EdDSA", {"kid": "sig_1"}),
        lambda: "",
        lambda: "a.b.c",
        lambda: "kith_",
        lambda: "kith_0123_secret",
    ],
)
def test_forged_tokens_are_refused(book: AccessBook, forge: Callable[[], str]) -> None:
    with pytest.raises(NotSignedInError):
        book.who(forge(), NOW)


@pytest.mark.parametrize("after", [timedelta(minutes=5), timedelta(days=365)])
def test_a_token_ends_with_its_time(book: AccessBook, after: timedelta) -> None:
    with pytest.raises(NotSignedInError, match="has ended"):
        book.who(_signed(), NOW + after)


def test_a_new_password_voids_a_token_of_the_same_second(book: AccessBook) -> None:
    before = tokens.sign(ADA, key_id="sig_1", private_key=PRIVATE, now=NOW)
    principal = book.who(before, NOW)
    changed = replace(ADA, tokens_from=NOW + timedelta(milliseconds=1), rev=2)
    book.take(changed.state())

    with pytest.raises(NotSignedInError, match="ended"):
        book.who(before, NOW)
    assert not book.still_holds(principal, NOW)
    after = tokens.sign(changed, key_id="sig_1", private_key=PRIVATE, now=NOW)
    assert book.still_holds(book.who(after, NOW), NOW)


def test_an_open_stream_does_not_outlive_its_role(book: AccessBook) -> None:
    book.take(replace(ADA, role="admin", rev=2).state())
    admin = book.who(_signed(), NOW)
    book.take(replace(ADA, role="agent", rev=3).state())

    assert not book.still_holds(admin, NOW)


def test_a_retired_key_holds_until_its_last_token_has_ended(book: AccessBook) -> None:
    book.take(replace(KEY, not_after=NOW + timedelta(minutes=1), rev=2).state())
    token = _signed()

    assert book.who(token, NOW + timedelta(seconds=59))
    with pytest.raises(NotSignedInError):
        book.who(token, NOW + timedelta(seconds=61))


def test_an_older_state_does_not_bring_a_user_back(book: AccessBook) -> None:
    book.take(replace(ADA, active=False, rev=3).state())
    book.take(replace(ADA, rev=2).state())

    with pytest.raises(NotSignedInError):
        book.who(_signed(), NOW)

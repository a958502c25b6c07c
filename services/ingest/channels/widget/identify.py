"""Who the website says its visitor is: a JWT that it signed with the site's secret (RFC 7519, HS256 alone)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import jwt

from services.ingest.channels.contract import Account
from services.ingest.domain.given import read_email, read_phone
from shared.contracts.chat import Detail, Sender

LONGEST = 4096
"""Characters of a token."""
_LONGEST_ID = 200
_LONGEST_NAME = 200


class NotSignedInError(Exception):
    """The token proves nothing. The words say what is wrong with it."""


@dataclass(frozen=True, slots=True)
class SignedIn:
    """What a site vouches for."""

    external_id: str
    details: tuple[Detail, ...]
    sender: Sender


def read_sign_in(account: Account, token: str) -> SignedIn:
    """Check a token and read it. A phone or an email that is none is left out. Raises `NotSignedInError`."""
    secret = account.secrets.get("site_secret")
    if secret is None:
        raise NotSignedInError("This site has no secret to sign with; give the connection its site_secret.")
    if len(token) > LONGEST:
        raise NotSignedInError(f"The token is longer than {LONGEST} characters.")
    try:
        claims = jwt.decode(
            token, secret, algorithms=["HS256"], options={"require": ["sub", "exp"], "verify_aud": False}
        )
    except jwt.ExpiredSignatureError as error:
        raise NotSignedInError("The token has expired; have the site sign a new one.") from error
    except jwt.MissingRequiredClaimError as error:
        raise NotSignedInError(f"The token has no {error.claim}; sub and exp are required.") from error
    except (jwt.PyJWTError, ValueError, OverflowError) as error:
        raise NotSignedInError("The token is not signed with this site's secret, by HS256.") from error
    external_id = claims["sub"]
    if not isinstance(external_id, str) or not 0 < len(external_id) <= _LONGEST_ID:
        raise NotSignedInError(f"sub must be a text of 1 to {_LONGEST_ID} characters.")
    name = _text(claims, "name").strip()[:_LONGEST_NAME]
    return SignedIn(external_id, _details(claims), Sender(name=name or None))


def _details(claims: Mapping[str, Any]) -> tuple[Detail, ...]:
    phone, email = read_phone(_text(claims, "phone")), read_email(_text(claims, "email"))
    found: list[Detail] = []
    if phone is not None:
        found.append(Detail(kind="phone", value=phone, strength="verified"))
    if email is not None:
        found.append(Detail(kind="email", value=email, strength="verified"))
    return tuple(found)


def _text(claims: Mapping[str, Any], name: str) -> str:
    value = claims.get(name)
    return value if isinstance(value, str) else ""

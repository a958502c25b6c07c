"""Users and their tokens, as the console makes them."""

import secrets
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from shared.contracts.accounts import SigningKeyStateV1, UserStateV1
from shared.contracts.scopes import ALGORITHM


def _now() -> datetime:
    return datetime.now(UTC)


class SignsIn:
    """The console's side of `access.v1`: makes users, keys and tokens."""

    def __init__(self) -> None:
        private = Ed25519PrivateKey.generate()
        self._private = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        public = private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
        self.key = SigningKeyStateV1(
            id=f"sig_{secrets.token_hex(6)}", time=_now(), workspace_id="kith", rev=1, public_key=public
        )

    def user(self, workspace_id: str, **more: object) -> UserStateV1:
        given = {"rev": 1, "active": True, "tokens_from": _now() - timedelta(minutes=1)} | more
        return UserStateV1.model_validate(
            {"id": f"user_{workspace_id}", "time": _now(), "workspace_id": workspace_id, "email": "a@example.com"}
            | {"name": "A", "role": "agent"}
            | given
        )

    def token(self, user: UserStateV1, life: timedelta = timedelta(minutes=5)) -> str:
        now = _now()
        claims = {
            "iss": "kith",
            "sub": user.id,
            "wid": user.workspace_id,
            "role": user.role,
            "iat": now.timestamp(),
            "exp": (now + life).timestamp(),
        }
        return jwt.encode(claims, self._private, algorithm=ALGORITHM, headers={"kid": self.key.id})

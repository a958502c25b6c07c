"""API keys: `kith_<id>_<secret>`."""

import hashlib
import secrets
from dataclasses import dataclass, field

from shared.contracts.ids import new_id
from shared.contracts.scopes import KEY_PREFIX

_SECRET_BYTES = 32


@dataclass(frozen=True, slots=True)
class NewKey:
    """A key just made. `text` is shown once; only the hash of its secret is kept."""

    id: str
    text: str = field(repr=False)
    secret_sha256: str


def make() -> NewKey:
    """Make a key with 256 random bits. Its text is read by `shared.web.access`, which splits it at its underscores."""
    id_ = new_id("key")
    secret = secrets.token_hex(_SECRET_BYTES)
    text = f"{KEY_PREFIX}_{id_.removeprefix('key_')}_{secret}"
    return NewKey(id_, text, hashlib.sha256(secret.encode()).hexdigest())

"""What callers may be allowed to do, which role may do what, and how their tokens and keys are made out."""

from typing import Literal, get_args

from shared.contracts.accounts import Role

Scope = Literal[
    "people:read",
    "people:write",
    "people:tag",
    "people:export",
    "people:privacy",
    "conversations:read",
    "conversations:write",
    "queues:read",
    "queues:write",
    "requests:read",
    "requests:write",
    "connections:read",
    "connections:write",
    "inbound:write",
    "deliveries:read",
    "users:write",
    "keys:write",
    "live:read",
    "workspace:write",
]
SCOPES: tuple[Scope, ...] = get_args(Scope)
ROLE_SCOPES: dict[Role, frozenset[Scope]] = {
    "agent": frozenset(
        {
            "people:read",
            "people:tag",
            "conversations:read",
            "conversations:write",
            "queues:read",
            "requests:read",
            "requests:write",
            "deliveries:read",
            "live:read",
        }
    ),
    "marketer": frozenset(
        {"people:read", "people:write", "people:tag", "people:export", "conversations:read", "live:read"}
    ),
    "admin": frozenset(SCOPES),
}
ISSUER = "kith"
ALGORITHM = "EdDSA"
"""The one algorithm that is accepted, whatever a token says of itself."""
KEY_PREFIX = "kith"

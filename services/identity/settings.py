"""What identity needs from the environment besides what every service does."""

from typing import Any

from pydantic import Field

from shared.settings import KithSettings


def _beside(data: dict[str, Any]) -> int:
    return int(data["port"]) + 2


class IdentitySettings(KithSettings):
    """`KITH_IDENTITY_PORT` is `KITH_PORT` + 2 unless it is set."""

    identity_port: int = Field(default_factory=_beside)

"""Settings that every service reads from the environment, `KITH_…`. Nothing is read at import time."""

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr
from pydantic_settings import BaseSettings, SettingsConfigDict


class KithSettings(BaseSettings):
    """What each service needs to run; a service's own settings extend it."""

    # A setting that is there and empty is none: so compose files and shells pass on what was not given.
    model_config = SettingsConfigDict(env_prefix="KITH_", env_ignore_empty=True, extra="ignore", frozen=True)

    home: Path = Path(".kith")
    """Where local state lives."""
    host: str = "127.0.0.1"
    port: int = 8000
    """The one origin of a local run; the other local ports follow from it."""
    public_url: str = ""
    """What links and webhooks start with; by default this machine's own origin."""
    kafka: str = "127.0.0.1:8006"
    """Bootstrap servers, `host:port[,host:port…]`."""
    kafka_security_protocol: str = "PLAINTEXT"
    kafka_sasl_mechanism: str = "PLAIN"
    kafka_sasl_username: str | None = None
    kafka_sasl_password: SecretStr | None = None
    kafka_ssl_cafile: Path | None = None
    mongo: str = "mongodb://127.0.0.1:8008/?replicaSet=rs0"
    secret_key: SecretStr = SecretStr("")
    """`<version>:<base64url of 32 bytes>[,…]`, the newest first."""
    log_level: str = "INFO"
    otlp_endpoint: str | None = None
    """Where traces go, such as http://127.0.0.1:4318; none are made without it."""
    partitions_hot: int = Field(default=24, ge=1)
    partitions: int = Field(default=6, ge=1)
    """Partitions are fixed when a topic is made; these only say how many a new one gets."""
    replication: int = Field(default=1, ge=1)
    parts: Literal["all", "web", "streams"] = "all"
    """What this process does of its service: both by default; one alone where that part must scale by itself."""
    heartbeat_interval_ms: int = 3000
    """Of Kafka consumers; tests lower it, so that a second member joins at once."""
    digest_hour: int = Field(default=3, ge=-1, le=23)
    """The hour, UTC, in which each service compares what it owns or keeps with its topics every day; -1: never."""
    database_prefix: str = "kith"
    """Each service owns the database `<prefix>_<service>`."""

    @property
    def origin(self) -> str:
        """The address that people and providers reach us at, without a slash at the end."""
        return (self.public_url or f"http://127.0.0.1:{self.port}").rstrip("/")

"""What each process of a local run is told."""

import os
from collections.abc import Mapping

from deploy.local import layout, ports, secret_key


def for_processes(home: layout.Home, environment: Mapping[str, str] = os.environ) -> dict[str, str]:
    """Complete the operator's environment: every port, address and key that it leaves open. Raises CannotStart."""
    numbers = ports.of_environment(environment)
    made = {
        "PYTHONUNBUFFERED": "1",
        "KITH_KAFKA": f"127.0.0.1:{numbers['kafka']}",
        "KITH_MONGO": f"mongodb://127.0.0.1:{numbers['mongo']}/?replicaSet={layout.REPLICA_SET}",
        "KITH_DELIVER_PRIVATE": "loopback",
        "KITH_TELEGRAM_API": f"http://127.0.0.1:{numbers['sandbox']}/telegram",
        "KITH_META_API": f"http://127.0.0.1:{numbers['sandbox']}/meta/v24.0",
    }
    if not environment.get("KITH_SMTP_URL"):
        made["KITH_SMTP_URL"] = f"smtp://127.0.0.1:{numbers['sandbox-mail']}"
        made["KITH_MAIL_FROM"] = "kith@sandbox.example"
    given = {name: value for name, value in environment.items() if value}
    if "KITH_SECRET_KEY" not in given:
        made["KITH_SECRET_KEY"] = secret_key.of_home(home.secret_key)
    settled = {setting: str(numbers[name]) for name, setting in ports.SETTINGS.items()}
    return made | given | settled | {"KITH_HOME": str(home.root)}

"""Puts a command into the same environment as the run that it is about."""

import os

from deploy.local import environment, ports, run_lock
from deploy.local.layout import Home


def settle() -> Home:
    """Complete this process's own environment as a run's processes have it, and give the home. Raises CannotStart.

    A run that has the home says itself which ports it took: the operator need not name them again.
    """
    home = Home.of().make()
    run = run_lock.of(home)
    taken = {ports.SETTINGS[name]: str(port) for name, port in run.ports.items()} if run else {}
    os.environ.update(environment.for_processes(home, {**taken, **os.environ}))
    return home

"""`python -m deploy.cli` is `kith`."""

from deploy.cli.main import main

main()

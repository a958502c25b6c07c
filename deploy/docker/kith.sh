#!/bin/sh
exec python -m deploy.cli "$@"

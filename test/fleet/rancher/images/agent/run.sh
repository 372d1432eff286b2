#!/bin/sh
exec node /usr/share/rancher/agent.mjs "$@"

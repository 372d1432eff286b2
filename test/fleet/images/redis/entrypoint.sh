#!/bin/sh
set -eu

case ${1-} in
  -* | *.conf) set -- redis-server "$@" ;;
esac

# Reachable from other containers unless the user's own file or arguments say otherwise.
if [ "${1-}" = redis-server ] && [ "$#" -eq 1 ]; then
  set -- redis-server --protected-mode no
fi

if [ "${1-}" = redis-server ] && [ "$(id -u)" = 0 ]; then
  find . \! -user redis -exec chown redis '{}' +
  exec setpriv --reuid=redis --regid=redis --init-groups "$@"
fi
exec "$@"

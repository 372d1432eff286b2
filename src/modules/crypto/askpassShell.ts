/** Passphrases for `ssh-keygen`, which takes them from a terminal, from its arguments or from an askpass program. */
import { script } from '../script.ts';

/**
 * The shell function `asking FOLDER PASSPHRASE COMMAND…`. The askpass program reads the passphrase from a pipe in the folder, which
 * is private and there before: it is in no argument, environment or file. A shell that nobody can see the words of fills the pipe,
 * once for each time that the command asks. A script under `set -e` goes on when that shell is ended.
 */
export const ASKPASS_SHELL = script`
asking() {
  private=$1 words=$2
  shift 2
  rm -f -- "$private/answer"
  mkfifo -m 600 -- "$private/answer" || return
  printf '#!/bin/sh\nIFS= read -r words <"%s" && printf "%%s\\n" "$words"\n' "$private/answer" >"$private/asker"
  chmod 700 -- "$private/asker" || return
  (trap '' PIPE; while [ -p "$private/answer" ]; do printf '%s\n' "$words" >"$private/answer" || :; done) >/dev/null 2>&1 </dev/null &
  answering=$!
  asked=0
  SSH_ASKPASS=$private/asker SSH_ASKPASS_REQUIRE=force DISPLAY=none "$@" || asked=$?
  kill -s KILL "$answering" 2>/dev/null || :
  wait "$answering" 2>/dev/null || :
  return "$asked"
}
`;

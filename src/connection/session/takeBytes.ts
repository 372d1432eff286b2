/**
 * Shell functions that read an exact number of bytes from standard input and leave the rest: `pick` finds out how this host
 * can (head of busybox reads ahead), `take BYTES` prints them. Each statement ends in `;`, so that lines may be joined.
 */
export const TAKE_BYTES = `pick() {
  if [ "$(printf abcdef | { head -c 3 >/dev/null; cat; } 2>/dev/null)" = def ]; then taker=head;
  elif [ "$(printf abcdef | { dd bs=3 count=1 iflag=fullblock >/dev/null; cat; } 2>/dev/null)" = def ]; then taker=dd;
  else taker=slow; fi;
};
take() {
  case $taker in
  head) head -c "$1";;
  dd) [ "$1" -lt 65536 ] || dd bs=65536 count=$(($1 / 65536)) iflag=fullblock 2>/dev/null;
      [ $(($1 % 65536)) = 0 ] || dd bs=$(($1 % 65536)) count=1 iflag=fullblock 2>/dev/null;;
  *) dd bs=1 count="$1" 2>/dev/null;;
  esac;
};
`;

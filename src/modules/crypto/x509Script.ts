/** The script of `x509_certificate`. */
import { script } from '../script.ts';
import { WORKING_DIRECTORY } from '../workingDirectory.ts';
import { OPENSSL_SHELL } from './privateKeyState.ts';

/**
 * `PROVIDER KEY_PATH KEY_CONTENT PASSPHRASE CSR_PATH CSR_CONTENT CA_PATH CA_CONTENT DIGEST NOT_BEFORE NOT_AFTER SUBJECT_KEY
 * AUTHORITY_KEY`: signs the wanted certificate into a directory of its own, and prints it. Times are `+SECONDS` from now on
 * or absolute. `openssl ca` is the one command that takes both times and copies extensions in every version since 1.1.1.
 */
export const SIGN = script`
${OPENSSL_SHELL}
[ -n "$1" ] || exit 0
use_openssl
provider=$1 pass=$4 digest=$9
umask 077
${WORKING_DIRECTORY}
given() { # NAME PATH CONTENT: sets $found to the file that holds it
  found=$2
  case $found in "~/"*) found=$HOME/\${found#"~/"} ;; esac
  if [ -n "$3" ]; then found=$tmp/$1; printf '%s\n' "$3" >"$found"; fi
  [ -z "$found" ] || [ -e "$found" ] || { section nofile; printf '%s\n' "$found"; exit 0; }
}
given key "$2" "$3"; key=$found
given csr "$5" "$6"; csr=$found
given ca "$7" "$8"; ca=$found
shift 9
time_of() {
  case $1 in [+-]*) moment=$(($(date +%s) \${1%%[0-9]*} \${1#[+-]})); date -u -d "@$moment" +%Y%m%d%H%M%SZ ;; *) printf '%s\n' "$1" ;; esac
}
start=$(time_of "$1") end=$(time_of "$2") subject_key=$3 authority_key=$4
unlocked() { # COMMAND...: with the passphrase of the key
  if [ -n "$pass" ]; then with_pass "$pass" "$@"; else "$@" -passin pass: </dev/null; fi
}
fail() { section error; cat "$tmp/err"; exit 0; }
if [ -z "$csr" ]; then
  csr=$tmp/csr
  printf '[req]\ndistinguished_name = dn\nprompt = no\n[dn]\n' >"$tmp/request"
  unlocked openssl req -new -batch -key "$key" -config "$tmp/request" -subj / -out "$csr" 2>"$tmp/err" || fail
fi
openssl req -in "$csr" -noout -text >"$tmp/request.txt" 2>/dev/null
has() { grep -q "$1 Key Identifier" "$tmp/request.txt"; }
none() { # NAME: openssl 3 adds it unless it is told not to; an older one does not, and knows no such word
  case $(openssl version) in 'OpenSSL '[3-9]*) printf '%s = none\n' "$1" ;; esac
}
key_identifiers() { # what stands here wins over what the request has
  case $subject_key in
    always_create) echo 'subjectKeyIdentifier = hash' ;;
    never_create) has Subject || none subjectKeyIdentifier ;;
    *) has Subject || echo 'subjectKeyIdentifier = hash' ;;
  esac
  case $authority_key in
    yes) echo 'authorityKeyIdentifier = keyid' ;;
    *) has Authority || none authorityKeyIdentifier ;;
  esac
}
mkdir "$tmp/new"
: >"$tmp/index"
cat >"$tmp/config" <<END
[ca]
default_ca = own
[own]
database = $tmp/index
new_certs_dir = $tmp/new
rand_serial = yes
unique_subject = no
policy = anything
email_in_dn = yes
copy_extensions = copy
default_md = $digest
x509_extensions = extensions
[anything]
commonName = optional
[extensions]
$(key_identifiers)
END
set -- openssl ca -batch -notext -preserveDN -config "$tmp/config" -in "$csr" -out "$tmp/certificate" -keyfile "$key" -startdate "$start" -enddate "$end"
if [ "$provider" = selfsigned ]; then set -- "$@" -selfsign; else set -- "$@" -cert "$ca"; fi
unlocked "$@" >/dev/null 2>"$tmp/err" || fail
section wanted; cat "$tmp/certificate"
exit 0
`;

/** Brings the planned parts of a tree to the host: directories, links and files in batches, each one request. */
import { TAKE_BYTES } from '../../../target/takeBytes.ts';
import type { Target } from '../../../target/target.ts';
import { script } from '../../script.ts';
import { attributeArgs, failed, SET_ATTRIBUTES } from '../attributes.ts';
import type { TreeOperation } from './copyTree.ts';

/** Bytes of content in one request; larger batches only cost memory. */
const BATCH_BYTES = 8 * 1024 * 1024;
const BATCH_OPERATIONS = 500;

export async function applyTree(
  operations: readonly TreeOperation[],
  target: Target,
): Promise<void> {
  for (const batch of batches(operations)) {
    const [first] = batch;
    if (first?.type === 'file' && first.payload.localPath !== undefined) {
      const { localPath, digest } = first.payload;
      const options = { ...first.attributes, follow: false, sha1: digest('sha1') };
      await target.upload(localPath, first.path, options);
    } else {
      await applyBatch(batch, target);
    }
  }
}

/** In their order: parents come before what is in them. A file too large to hold is a batch of its own. */
function* batches(operations: readonly TreeOperation[]): Generator<readonly TreeOperation[]> {
  let batch: TreeOperation[] = [];
  let bytes = 0;
  for (const operation of operations) {
    const isLarge = operation.type === 'file' && operation.payload.content === undefined;
    const size = operation.type === 'file' ? operation.payload.size : 0;
    if (isLarge || bytes + size > BATCH_BYTES || batch.length >= BATCH_OPERATIONS) {
      if (batch.length > 0) yield batch;
      [batch, bytes] = [[], 0];
    }
    if (isLarge) yield [operation];
    else [batch, bytes] = [[...batch, operation], bytes + size];
  }
  if (batch.length > 0) yield batch;
}

async function applyBatch(batch: readonly TreeOperation[], target: Target): Promise<void> {
  const contents = batch.flatMap((operation) =>
    operation.type === 'file' ? (operation.payload.content ?? []) : [],
  );
  const { rc, stderr } = await target.sh(BATCH_SCRIPT, {
    args: batch.flatMap(operationArgs),
    stdin: Buffer.concat(contents),
  });
  if (rc !== 0) throw failed('cannot copy the directory', rc, stderr);
}

/** Seven words each: what to do, path, owner, group, mode, follow, extra. */
function operationArgs(operation: TreeOperation): string[] {
  const { type, path } = operation;
  switch (type) {
    case 'link':
      return [type, path, '', '', '', '', operation.linkTarget];
    case 'file': {
      const words = attributeArgs(path, operation.attributes, true);
      const name = operation.replaces ? 'replace' : 'file';
      return [name, ...words, String(operation.payload.size)];
    }
    default:
      return [type, ...attributeArgs(path, operation.attributes, true), ''];
  }
}

/** Files come one after the other on stdin, each as long as its last word says; each appears whole or not at all. */
const BATCH_SCRIPT = script`
${SET_ATTRIBUTES}
${TAKE_BYTES}
taker= temporary=
trap '[ -z "$temporary" ] || rm -f -- "$temporary"' EXIT
trap 'exit 1' HUP INT TERM

put_file() {
  temporary=\${1%/*}/.drover-$$-new
  : >"$temporary" || exit
  if [ "$6" = replace ]; then
    chown -- "$(stat -c %u:%g -- "$1")" "$temporary" 2>/dev/null
    chmod -- "$(stat -c %a -- "$1")" "$temporary" || exit
  fi
  set_attributes "$temporary" "$2" "$3" "$4" follow
  [ "$taker" ] || pick
  take "$5" >"$temporary" || exit
  [ "$(wc -c <"$temporary")" -eq "$5" ] || { echo "$1: the content did not arrive whole" >&2; exit 1; }
  case $4 in *[1-7]???) chmod -- "$4" "$temporary" || exit ;; esac
  mv -f -- "$temporary" "$1" || exit
  temporary=
}

while [ $# -gt 0 ]; do
  case $1 in
    root) mkdir -p -- "$2" || exit; set_attributes "$2" "$3" "$4" "$5" follow ;;
    directory) mkdir -- "$2" || [ -d "$2" ] || exit; set_attributes "$2" "$3" "$4" "$5" follow ;;
    attributes) set_attributes "$2" "$3" "$4" "$5" follow ;;
    link) rm -f -- "$2" && ln -s -- "$7" "$2" || exit ;;
    file | replace) put_file "$2" "$3" "$4" "$5" "$7" "$1" ;;
  esac
  shift 7
done`;

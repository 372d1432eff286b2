/** The host's side of making an archive: its own tools write it beside the old one, which it replaces when it is whole. */
import { ModuleError } from '../../../core/errors.ts';
import type { ResultData } from '../../../core/results.ts';
import type { Target, WriteOptions } from '../../../target/target.ts';
import { script } from '../../script.ts';
import { failed, SET_ATTRIBUTES } from '../attributes.ts';
import type { Tools } from './members.ts';
import type { Format } from './params.ts';

export interface PackOperation {
  readonly type: 'pack';
  readonly path: string;
  readonly options: WriteOptions;
  readonly format: Format;
  readonly root: string;
  /** Names below `root`; undefined: `source` is only compressed. */
  readonly names: readonly string[] | undefined;
  readonly source: string;
  readonly hasGnuTar: boolean;
}

const COMPRESSORS: Partial<Record<Format, string>> = { gz: 'gzip', bz2: 'bzip2', xz: 'xz' };

const PACKAGES: Readonly<Record<string, string>> = {
  ...{ tar: 'tar', gzip: 'gzip', bzip2: 'bzip2', zip: 'zip' },
  xz: 'xz-utils (Debian) or xz',
};

/** @throws ModuleError that names the package of a program that is missing */
export function checkTools({ programs }: Tools, format: Format, isArchive: boolean): void {
  const compressor = COMPRESSORS[format];
  const needed =
    format === 'zip'
      ? ['zip']
      : [...(isArchive || format === 'tar' ? ['tar'] : []), ...(compressor ? [compressor] : [])];
  const missing = needed.find((program) => !programs.includes(program));
  if (missing === undefined) return;
  throw new ModuleError(`this host has no ${missing}, which packs the format ${format}`, {
    hint: `install the package ${PACKAGES[missing]} first`,
  });
}

/**
 * Arguments: archive, owner, group, mode, format, `gnu` or nothing, root, `names` or the one file to compress, then the names.
 * GNU tar ends with 1 when a file changed while it was read; what it has read is in the archive then. Empty archives are
 * written here, since neither zip nor busybox's tar makes any.
 */
const PACK_SCRIPT = script`
${SET_ATTRIBUTES}
path=$1 owner=$2 group=$3 mode=$4 format=$5 gnu=$6 root=$7 source=$8
shift 8
[ ! -L "$path" ] || path=$(readlink -f -- "$path")
case $path in */*) ;; *) path=./$path ;; esac
temporary=\${path%/*}/.drover-$$-new
trap 'rm -f -- "$temporary"' EXIT
trap 'exit 1' HUP INT TERM PIPE
default=$(printf %o "$((0666 & ~$(umask)))")
umask 077
exec 9>"$temporary" || exit
if [ -f "$path" ]; then
  chown -- "$(stat -c %u:%g -- "$path")" "$temporary" 2>/dev/null
  chmod -- "$(stat -c %a -- "$path")" "$temporary" || exit
else
  chmod -- "$default" "$temporary" || exit
fi
set_attributes "$temporary" "$owner" "$group" "$mode" follow
compress() {
  case $format in gz) gzip -c ;; bz2) bzip2 -c ;; xz) xz -zc ;; tar) cat ;; esac
}
pack() {
  cd -- "\${root:-.}" || return
  if [ $# = 0 ]; then
    head -c 10240 /dev/zero
  elif [ "$gnu" ]; then
    printf '%s\0' "$@" | tar --no-recursion --no-unquote --null -T - -cf -
    code=$?
    [ "$code" != 1 ] || return 0
    return "$code"
  else
    tar --no-recursion -cf - -- "$@"
  fi
}
if [ "$format" = zip ] && [ $# = 0 ]; then
  printf 'PK\005\006\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0' >&9
elif [ "$format" = zip ]; then
  (cd -- "\${root:-.}" && printf '%s\n' "$@" | zip -q - -@ >&9) || exit
elif [ "$source" ]; then
  compress <"$source" >&9 || exit
else
  code=$({ { pack "$@"; echo "$?" >&3; } | compress >&9; } 3>&1) || exit
  [ "$code" = 0 ] || exit "$code"
fi
exec 9>&-
sync -- "$temporary" 2>/dev/null
mv -f -- "$temporary" "$path" || exit
wc -c <"$path"`;

/** @returns the size of the archive */
export async function pack(operation: PackOperation, target: Target): Promise<ResultData> {
  const { path, options, format, root, names = [], source, hasGnuTar } = operation;
  const { owner = '', group = '', mode = '' } = options;
  const isArchive = operation.names !== undefined;
  const odd = names.find((name) => format === 'zip' && name.includes('\n'));
  if (odd !== undefined) {
    throw new ModuleError(`zip takes no name with a line end: ${JSON.stringify(odd)}`);
  }
  const args = [
    ...[path, owner, group, mode, format, hasGnuTar ? 'gnu' : '', root],
    ...[isArchive ? '' : source, ...names],
  ];
  const { rc, stdout, stderr } = await target.sh(PACK_SCRIPT, { args });
  if (rc !== 0) throw failed(`Errors when writing archive at ${path}`, rc, stderr);
  return { size: Number(stdout.toString().trim()) };
}

/** A path that ends in a slash would be what a link leads to. */
const REMOVE_SCRIPT = script`for file do rm -rf -- "\${file%/}" || exit; done`;

export async function removeSources(paths: readonly string[], target: Target): Promise<ResultData> {
  const { rc, stderr } = await target.sh(REMOVE_SCRIPT, { args: paths });
  if (rc !== 0) throw failed('Error deleting some source files', rc, stderr);
  return {};
}

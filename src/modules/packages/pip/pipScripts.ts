/** The scripts of `pip`: what is installed, what pip would do, and the work. Tried with pip 20.3 to 24. */
import { script } from '../../script.ts';
import { WORKING_DIRECTORY } from '../../workingDirectory.ts';

/** `CHDIR VENV EXECUTABLE BREAK …`: goes there and finds pip; `run_pip` runs it. */
const FIND_PIP = script`
export LC_ALL=C.UTF-8 PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_INPUT=1 PYTHONIOENCODING=utf-8
section() { printf '\n\036%s\n' "$1"; }
home_of() { case $1 in "~") printf %s "$HOME" ;; "~/"*) printf %s "$HOME/\${1#"~/"}" ;; *) printf %s "$1" ;; esac; }
chdir=$(home_of "$1") venv=$(home_of "$2") executable=$(home_of "$3")
[ "$4" = no ] || export PIP_BREAK_SYSTEM_PACKAGES=1
shift 4
if [ -n "$chdir" ]; then cd -- "$chdir" || exit 3; fi
case $venv in '' | /*) ;; *) venv=$PWD/$venv ;; esac
python=
has_venv() { [ -e "$venv/bin/activate" ] || [ -e "$venv/bin/python" ]; }
find_pip() {
  if [ -n "$venv" ]; then
    if [ -x "$venv/bin/pip" ]; then pip=$venv/bin/pip; else pip= python=$venv/bin/python; fi
    return 0
  fi
  if [ -n "$executable" ]; then pip=$(command -v -- "$executable"); return; fi
  for name in pip3 pip; do pip=$(command -v "$name") && return 0; done
  for name in python3 python; do
    python=$(command -v "$name") && "$python" -m pip --version >/dev/null 2>&1 && { pip=; return 0; }
  done
  return 1
}
run_pip() { if [ -n "$pip" ]; then "$pip" "$@"; else "$python" -m pip "$@"; fi; }
`;

/**
 * For a pip older than 22.2, which cannot simulate: which of the requirements are met, one line each: the requirement,
 * a tab and `met`. Options of a requirements file and what has no name count as not met.
 */
const OLD_PIP = `import sys
try:
    from pip._vendor.packaging.requirements import Requirement
except ImportError:
    from packaging.requirements import Requirement
try:
    from importlib.metadata import version
except ImportError:
    from pkg_resources import get_distribution
    version = lambda name: get_distribution(name).version
def is_met(text):
    try:
        wanted = Requirement(text)
        if wanted.marker and not wanted.marker.evaluate():
            return True
        return not wanted.url and wanted.specifier.contains(version(wanted.name), prereleases=True)
    except Exception:
        return False
for line in sys.stdin.read().splitlines():
    text = line.split(" #")[0].strip()
    if text and not text.startswith("#"):
        print(text + ("\\tmet" if is_met(text) else "\\t"))
`;

/**
 * `CHDIR VENV EXECUTABLE BREAK QUESTION REQUIREMENTS VENV_COMMAND [INSTALL ARGUMENT…]`; the question is `simulate` (what
 * would `pip install ARGUMENT…` do), `sources` (where packages under version control stand; the arguments are their
 * specs) or `installed`. As input for an old pip: the specs, one a line.
 */
export const PIP_OBSERVE = script`
${FIND_PIP}
# Who looks leaves nothing behind: no compiled files either.
export PYTHONDONTWRITEBYTECODE=1
question=$1 requirements=$2 maker=$3 specs=$4
shift 4
${WORKING_DIRECTORY}
if [ -n "$requirements" ]; then
  [ -r "$requirements" ] || { section norequirements; echo "$requirements"; exit 0; }
  section requirements; cat -- "$requirements"
fi
if [ -n "$venv" ] && ! has_venv; then
  section novenv
  if command -v "$maker" >/dev/null 2>&1; then printf '%s\n' "$maker"; fi
  exit 0
fi
find_pip || { section nopip; exit 0; }
section pip; printf '%s\n' "\${pip:-$python}"; [ -n "$pip" ] || printf '%s\n' -m pip
run_pip list --format=json >"$tmp/out" 2>"$tmp/err"
rc=$?
section list.rc; echo "$rc"; section list.stdout; cat "$tmp/out"; section list.stderr; cat "$tmp/err"
[ "$rc" -eq 0 ] || exit 0
case $question in
  simulate)
    if run_pip install --help 2>/dev/null | grep -q -e --dry-run; then
      run_pip install --dry-run "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
      rc=$?
      section simulation.rc; echo "$rc"; section simulation.stdout; cat "$tmp/out"; section simulation.stderr; cat "$tmp/err"
    else
      [ -n "$python" ] || python=$(sed -n '1s/^#! *//p' "$pip" 2>/dev/null)
      [ -x "$python" ] || python=$(command -v python3)
      section old
      { if [ -n "$requirements" ]; then cat -- "$requirements"; else printf '%s\n' "$specs"; fi; } | "$python" -c '${OLD_PIP}' 2>/dev/null
    fi ;;
  sources)
    section freeze; run_pip freeze 2>/dev/null
    for spec; do # VCS specs: the commit that the remote has for the reference
      url=\${spec#*git+} url=\${url%%#*} reference=HEAD
      rest=\${url#*://}
      path=\${rest#*/}
      case $path in *@*) reference=\${path##*@} url=\${url%@*} ;; esac
      section "remote $spec"
      GIT_TERMINAL_PROMPT=0 git ls-remote "$url" "$reference" "$reference^{}" 2>/dev/null | tail -n 1 | cut -f 1
    done ;;
esac
exit 0
`;

/** `CHDIR VENV EXECUTABLE BREAK UMASK COUNT VENV_WORD… [PIP ARGUMENT…]`: makes the environment if it is missing, then pip's work. */
export const PIP_APPLY = script`
${FIND_PIP}
[ -z "$1" ] || umask "$1"
count=$2
shift 2
${WORKING_DIRECTORY}
: >"$tmp/out"; : >"$tmp/err"
report() { section "$1.rc"; echo "$rc"; section "$1.stdout"; cat "$tmp/out"; section "$1.stderr"; cat "$tmp/err"; }
make_venv() {
  total=$# left=$count
  for word; do
    shift
    if [ "$left" -gt 0 ]; then set -- "$@" "$word"; left=$((left - 1)); fi
  done
  "$@" "$venv" >"$tmp/out" 2>"$tmp/err" </dev/null
}
if [ -n "$venv" ] && ! has_venv; then
  make_venv "$@"
  rc=$?
  report venv
  [ "$rc" -eq 0 ] || exit 0
fi
shift "$count"
[ $# -gt 0 ] || exit 0
find_pip || exit 4
run_pip "$@" >"$tmp/out" 2>"$tmp/err" </dev/null
rc=$?
report work
exit 0
`;

# What the tests of cells.cmake.in run, with sh:
#
#   observed.sh observe RECORD COMMAND...   runs COMMAND, which writes RECORD; its output is kept beside it. Always succeeds
#   observed.sh judge RECORD COMMAND...     becomes COMMAND, which reads RECORD. Without a RECORD it fails, with what observing said
#   observed.sh fail TEXT                   prints TEXT and fails
set -eu

case $1 in
  observe)
    log=$2.log
    shift 2
    mkdir -p "$(dirname "$log")"
    code=0
    "$@" >"$log" 2>&1 || code=$?
    cat "$log"
    echo "exit code $code: $*" >>"$log"
    ;;
  judge)
    if [ ! -e "$2" ]; then
      echo "nothing was observed: $2 is not there"
      [ ! -e "$2.log" ] || cat "$2.log"
      exit 2
    fi
    shift 2
    exec "$@"
    ;;
  fail)
    shift
    printf '%s\n' "$*"
    exit 1
    ;;
  *)
    echo "observed.sh: there is no $1" >&2
    exit 2
    ;;
esac

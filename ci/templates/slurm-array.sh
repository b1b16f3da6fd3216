#!/usr/bin/env bash
# exportgate on a Slurm cluster: an array with one task for every release and shard, then one job that judges them all.
#
# To use it, copy it beside your cases, adapt the block below, and on a node that reaches pip's index and sees the same file system as
# the compute nodes:
#
#   ./slurm-array.sh            # adds the environments, submits both jobs; the answer is in exportgate-.../judge.log
#
# Both jobs call this script again: `slurm-array.sh observe` with SLURM_ARRAY_TASK_ID, and `slurm-array.sh judge`. See docs/ci.md.
#SBATCH --job-name=exportgate
#SBATCH --cpus-per-task=4
#SBATCH --mem=16G
#SBATCH --time=01:00:00
set -euo pipefail

CASES=${CASES:-cases}                    # your cases, and what is expected of them
GOLDEN=${GOLDEN:-golden}
RELEASES=${RELEASES:-2.13.0 2.14.1}      # the releases of torch that are tested
SHARDS=${SHARDS:-4}                      # tasks per release
FROM=${FROM:-2.13.0}                     # may you move from this release ...
TO=${TO:-2.14.1}                         # ... to this one? Both are among RELEASES

read -ra releases <<<"$RELEASES"

submit() {
  command -v sbatch >/dev/null || { echo "slurm-array.sh: there is no sbatch on this machine" >&2; exit 2; }
  # Here and not in the tasks, of which several would add the same environment at once.
  for torch in "${releases[@]}"; do exportgate env add "$torch" --cases "$CASES"; done

  # A folder for every submission: a record of an earlier one must not stand in for a task that fails now.
  export RESULTS="${RESULTS:-exportgate-$(date +%Y%m%d-%H%M%S)}"
  mkdir -p "$RESULTS"
  local observing judging
  observing=$(sbatch --parsable --export=ALL --array="0-$((${#releases[@]} * SHARDS - 1))" --output="$RESULTS/observe-%a.log" "$0" observe)
  # afterany: also when a task failed; its shard is then missing, and the release could not be judged.
  judging=$(sbatch --parsable --export=ALL --dependency="afterany:${observing%%;*}" --output="$RESULTS/judge.log" "$0" judge)
  echo "submitted ${observing%%;*} (observe) and ${judging%%;*} (judge), see $RESULTS/judge.log"
}

observe() {
  local torch=${releases[SLURM_ARRAY_TASK_ID / SHARDS]}
  local shard=$((SLURM_ARRAY_TASK_ID % SHARDS + 1))
  local status=0
  exportgate run --env "$torch" --shard "$shard/$SHARDS" --cases "$CASES" --golden "$GOLDEN" --no-pending \
    --jobs "${SLURM_CPUS_PER_TASK:-1}" --note "$RESULTS" --record "$RESULTS/$torch-$shard-of-$SHARDS.jsonl" || status=$?
  # 1: a cell fails, which is for the judging job to say. 2: something could not be observed.
  ((status == 1)) || exit "$status"
}

judge() {
  local torch status worst=0 today
  today=$(date --utc +%F)
  for torch in "${releases[@]}"; do
    echo "== torch $torch"
    status=0
    exportgate merge "$RESULTS/$torch"-*-of-"$SHARDS".jsonl -o "$RESULTS/$torch.jsonl" || status=$?
    if ((status == 0)); then
      exportgate check "$RESULTS/$torch.jsonl" --cases "$CASES" --golden "$GOLDEN" --today "$today" \
        --junit "$RESULTS/$torch.xml" || status=$?
    fi
    worst=$((status > worst ? status : worst))
  done
  echo "== from torch $FROM to $TO"
  status=0
  exportgate upgrade "$RESULTS/$FROM.jsonl" "$RESULTS/$TO.jsonl" --cases "$CASES" --today "$today" \
    --markdown "$RESULTS/upgrade.md" || status=$?
  # 1 is NO-GO, which is an answer; drop the condition where it shall fail the job.
  if ((status != 1)); then worst=$((status > worst ? status : worst)); fi
  exit "$worst"
}

case ${1:-submit} in
  submit) submit ;;
  observe) observe ;;
  judge) judge ;;
  *) echo "usage: slurm-array.sh [submit | observe | judge]" >&2; exit 2 ;;
esac

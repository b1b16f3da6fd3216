"""The templates of ci/templates, run: every step of the workflow, and the Slurm script."""

import json
import os
import re
import shutil
import subprocess
import unittest

import github_workflow
from support import CASE_TOML, EXPORTGATE, PLAIN_WORKER, SOURCE, Scratch

# Two cells, one in each shard.
TOML = CASE_TOML + "b4c11 = { batch = 4, clength = 11 }\n"

# Puts the exportgate of this build where the template builds one.
CMAKE = """\
#!/usr/bin/env bash
set -euo pipefail
echo "cmake $*"
case $* in
  "--preset default "*) test -e CMakePresets.json ;;
  "--build --preset default --target exportgate")
    mkdir -p build
    ln -s "{exportgate}" build/exportgate ;;
  *) exit 9 ;;
esac
"""
# Adding environments has tests of its own, and downloads: here there is the default one.
SHIM = """\
#!/usr/bin/env bash
set -euo pipefail
if [[ ${{1:-}} == env ]]; then
  [[ $* == "env add default --cases cases" ]] || exit 9
  exec "{exportgate}" env list
fi
exec "{exportgate}" "$@"
"""
GH = """\
#!/usr/bin/env bash
printf '%s\\n' "$GH_TOKEN" "$@" >"{log}"
cp "$5" "{log}.md"
"""


class Templates(Scratch):
    def setUp(self):
        super().setUp()
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        self.executable("shim", SHIM.format(exportgate=EXPORTGATE.resolve()))
        self.repository = self.folder / "repository"
        self.repository.mkdir()
        self.add_case("good", toml=TOML)
        shutil.copytree(self.folder / "cases", self.repository / "cases")

    def executable(self, name, text):
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)
        return path

    def accept(self):
        self.run_and_accept()
        shutil.copytree(self.folder / "golden", self.repository / "golden")

    def regress(self, text, name):
        """A shard's record as release `name` might have made it: what was exported is rejected."""
        lines = []
        for line in text.splitlines():
            value = json.loads(line)
            if "record" in value:
                value["record"]["environment"]["name"] = name
            if "exported" in value:
                del value["exported"]
                value["rejected"] = {"stage": "export", "exception": "E", "message": "no"}
            lines.append(json.dumps(value) + "\n")
        return "".join(lines)


class GitHub(Templates):
    def setUp(self):
        super().setUp()
        self.executable("cmake", CMAKE.format(exportgate=self.bin / "shim"))
        self.executable("gh", GH.format(log=self.folder / "gh"))

    def runner(self, **env):
        workflow = github_workflow.load(github_workflow.template(SOURCE))
        workflow["env"].update(env)
        self.assertEqual(workflow["env"]["CASES"], "cases")
        folder = self.folder / f"runner-{len(list(self.folder.glob('runner-*')))}"
        folder.mkdir()
        github = {
            "event_name": "pull_request",
            "event": {"pull_request": {"number": "17"}},
            "repository": "ada/caches",
            "sha": "0123456789abcdef",
            "token": "a token",
        }
        variables = {
            key: os.environ[key] for key in ("HOME", "LANG", "PYTHONPATH") if key in os.environ
        } | PLAIN_WORKER
        return github_workflow.Runner(
            workflow, folder, self.checkout, [str(self.bin)], variables, github
        )

    def checkout(self, inputs, workspace):
        if not inputs:
            shutil.copytree(self.repository, workspace, dirs_exist_ok=True)
            return
        self.assertEqual(inputs["repository"], "OWNER/exportgate")
        folder = workspace / inputs["path"]
        folder.mkdir()
        for entry in SOURCE.iterdir():
            if entry.name != "build" and not entry.name.startswith("build-"):
                (folder / entry.name).symlink_to(entry)

    def observe(self, runner):
        """Plan, and the job of every release and shard of the default environment."""
        self.assertTrue(runner.run("plan"), runner.log)
        planned = runner.contexts["needs"]["plan"]["outputs"]
        self.assertRegex(planned["today"], r"^\d{4}-\d\d-\d\d$")
        matrix = github_workflow.fill(
            runner.workflow["jobs"]["observe"]["strategy"]["matrix"], runner.contexts
        )
        pairs = [(torch, shard) for torch in matrix["torch"] for shard in matrix["shard"]]
        for index, (torch, shard) in enumerate(pairs):
            if torch == "default":
                good = runner.run("observe", {"torch": torch, "shard": shard}, index)
                self.assertTrue(good, runner.log[-1])
        return pairs

    def test_the_scripts_are_sound(self):
        workflow = github_workflow.load(github_workflow.template(SOURCE))
        found = dict(github_workflow.scripts(workflow))
        self.assertEqual(len(found), 8)
        self.assertEqual(found["observe, Install exportgate"], found["judge, Install exportgate"])
        for name, script in found.items():
            with self.subTest(name):
                self.assertTrue(script.startswith("set -euo pipefail\n"))
                # Text of a pull request would be run: values come in by way of `env` only.
                self.assertNotIn("${{", script)
        self.assertIn("-DEXPORTGATE_", found["judge, Install exportgate"])
        options = (SOURCE / "CMakeLists.txt").read_text()
        for option in re.findall(r"-D(\w+)=", found["judge, Install exportgate"]):
            self.assertIn(f"option({option} ", options)
        presets = json.loads((SOURCE / "CMakePresets.json").read_text())
        for kind in ("configurePresets", "buildPresets"):
            self.assertIn("default", [preset["name"] for preset in presets[kind]])

    def test_what_the_reader_does_not_know_is_refused(self):
        text = github_workflow.template(SOURCE).read_text()
        for before, after in (
            ("uses: actions/checkout@", "uses: somebody/checkout@"),
            (re.search("checkout@[0-9a-f]{40}", text)[0], "checkout@v7"),
            ("timeout-minutes: 5", "timeout-minute: 5"),
            ("needs: plan", "needs: plans"),
            ("path: records/", "paths: records/"),
            ("fail-fast: false", "fail-fast: {a: b}"),
            ("  plan:\n", "   plan:\n"),
        ):
            with self.subTest(after):
                self.assertIn(before, text)
                changed = self.folder / "changed.yml"
                changed.write_text(text.replace(before, after, 1))
                with self.assertRaises(ValueError):
                    github_workflow.load(changed)

    def test_a_pull_request(self):
        self.accept()
        runner = self.runner(RELEASES="default other", SHARDS="2", FROM="default", TO="other")
        pairs = self.observe(runner)
        self.assertEqual(
            pairs,
            [("default", "1/2"), ("default", "2/2"), ("other", "1/2"), ("other", "2/2")],
        )
        records = runner.artifacts / "record-default-0", runner.artifacts / "record-default-1"
        for i, folder in enumerate(records, 1):
            record = folder / f"default-{i}-of-2.jsonl"
            header = json.loads(record.read_text().splitlines()[0])["record"]
            self.assertEqual(header["shard"], f"{i}/2")
            self.assertEqual(header["note"], "ada/caches@0123456789abcdef")
            self.assertEqual(len(header["cells"]), 1)
            other = runner.artifacts / f"record-other-{i + 1}" / f"other-{i}-of-2.jsonl"
            other.parent.mkdir()
            other.write_text(record.read_text().replace('"name":"default"', '"name":"other"'))

        with self.subTest("nothing changed"):
            self.assertTrue(runner.run("judge"), runner.log)
            code, said = runner.said("judge", "Judge each release")
            self.assertEqual(said.count("2 cells on torch 2."), 4, said)  # merged, and judged
            self.assertEqual(said.count("PASSED"), 2, said)
            reports = runner.artifacts / "reports" / "reports"
            for name in ("default.xml", "other.xml", "default-to-other.xml"):
                self.assertIn("<testsuite", (reports / name).read_text())
            comment = (self.folder / "gh.md").read_text()
            self.assertRegex(comment, r"\bGO\b")
            self.assertNotIn("NO-GO", comment)
            self.assertEqual(
                (self.folder / "gh").read_text().split("\n")[:-1],
                ["a token", "pr", "comment", "17", "--body-file", "reports/upgrade.md"]
                + ["--edit-last", "--create-if-none"],
            )
            summary = (runner.folder / "judge-0.STEP_SUMMARY").read_text()
            self.assertEqual(summary, comment)

        with self.subTest("the other release rejects a cell"):
            other.write_text(self.regress(other.read_text(), "other"))
            self.assertFalse(runner.run("judge", job_index=1))
            self.assertEqual(runner.said("judge", "Judge each release")[0], 1)
            code, said = runner.said("judge", "Compare the two releases")
            self.assertEqual(code, 0, said)
            self.assertIn("NO-GO", said)
            self.assertIn("NO-GO", (self.folder / "gh.md").read_text())
            self.assertIn("<failure", (reports / "other.xml").read_text())

        with self.subTest("a shard is missing"):
            shutil.rmtree(other.parent)
            self.assertFalse(runner.run("judge", job_index=2))
            code, said = runner.said("judge", "Judge each release")
            self.assertEqual(code, 2, said)
            self.assertIn("exportgate: shard 2/2 is missing", said)
            self.assertEqual(said.count("exportgate: "), 1, said)
            self.assertEqual(said.count("PASSED"), 1, said)  # the release that is whole
            self.assertEqual(runner.said("judge", "Compare the two releases")[0], 2)
            self.assertIn("could not be judged", (self.folder / "gh.md").read_text())

    def test_observing_fails_where_nothing_was_observed_only(self):
        runner = self.runner(RELEASES="default", SHARDS="2")  # no cell is expected
        self.assertTrue(runner.run("plan"))
        self.assertTrue(runner.run("observe", {"torch": "default", "shard": "1/2"}), runner.log)
        code, said = runner.said("observe", "Observe")
        self.assertEqual(code, 0, said)
        self.assertIn("1 cell on torch 2.", said)
        self.assertIn("FAILED", said)
        self.assertFalse(runner.run("observe", {"torch": "default", "shard": "3/2"}, 1))
        self.assertEqual(runner.said("observe", "Observe")[0], 2)
        self.assertFalse(runner.run("observe", {"torch": "unknown", "shard": "1/2"}, 2))
        self.assertEqual(runner.said("observe", "Add the environment")[0], 9)


class Slurm(Templates):
    def setUp(self):
        super().setUp()
        (self.bin / "shim").rename(self.bin / "exportgate")
        shutil.copy(SOURCE / "ci" / "templates" / "slurm-array.sh", self.repository)

    def script(self, *arguments, code=0, **variables):
        variables = {"RELEASES": "default", "SHARDS": "2", "FROM": "default", **variables}
        path = os.pathsep.join([str(self.bin), os.environ["PATH"]])
        ended = subprocess.run(
            ["./slurm-array.sh", *arguments],
            cwd=self.repository,
            env=self.environment(PATH=path, TO="default", **variables, **PLAIN_WORKER),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        self.assertEqual(ended.returncode, code, ended.stdout)
        return ended.stdout

    def test_the_tasks_one_after_the_other(self):
        self.accept()
        for task in range(2):
            self.script("observe", SLURM_ARRAY_TASK_ID=str(task), RESULTS="results")
        results = self.repository / "results"
        self.assertEqual(
            sorted(path.name for path in results.iterdir()),
            ["default-1-of-2.jsonl", "default-2-of-2.jsonl"],
        )
        said = self.script("judge", RESULTS="results")
        self.assertIn("2 cells on torch 2.", said)
        self.assertIn("PASSED", said)
        self.assertRegex((results / "upgrade.md").read_text(), r"\bGO\b")
        self.assertIn("<testsuite", (results / "default.xml").read_text())

        with self.subTest("a cell fails"):
            shard = results / "default-2-of-2.jsonl"
            kept = shard.read_text()
            shard.write_text(self.regress(kept, "default"))
            self.assertIn("FAILED", self.script("judge", RESULTS="results", code=1))
        with self.subTest("a task failed"):
            shard.unlink()
            said = self.script("judge", RESULTS="results", code=2)
            self.assertIn("shard 2/2 is missing", said)
            self.assertNotIn("PASSED", said)

    def test_submitting(self):
        self.assertIn("there is no sbatch", self.script(code=2))
        self.accept()
        # Says what it was asked, and runs what it was asked at once.
        self.executable(
            "sbatch",
            "#!/usr/bin/env bash\nset -euo pipefail\n"
            'echo "$*" >>sbatch.log\n'
            "for argument; do case $argument in\n"
            "  --array=0-*) tasks=${argument#--array=0-} ;;\n"
            "  --output=*) output=${argument#--output=} ;;\n"
            "  -*) ;;\n"
            "  *) break ;;\n"
            "esac; shift; done\n"
            "for ((i = 0; i <= ${tasks:-0}; i++)); do\n"
            '  SLURM_ARRAY_TASK_ID=$i "$@" >"${output/\\%a/$i}" 2>&1 || true\n'
            "done\n"
            'wc -l <sbatch.log | sed "s/$/;cluster/"\n',
        )
        said = self.script()
        found = re.search(r"submitted 1 \(observe\) and 2 \(judge\), see (\S+)/judge.log", said)
        self.assertTrue(found, said)
        asked = (self.repository / "sbatch.log").read_text().splitlines()
        self.assertIn("--array=0-1 ", asked[0])
        self.assertIn("--dependency=afterany:1 ", asked[1])
        results = self.repository / found[1]
        self.assertIn("PASSED", (results / "judge.log").read_text())
        self.assertIn("1 cell on torch", (results / "observe-1.log").read_text())

    def test_wrong_words(self):
        self.assertIn("usage: slurm-array.sh", self.script("jugde", code=2))


if __name__ == "__main__":
    unittest.main()

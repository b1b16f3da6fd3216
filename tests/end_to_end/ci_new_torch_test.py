"""ci/templates/new-torch.yml, run: the package index, GitHub and the action are stand-ins."""

import tempfile
import unittest
from pathlib import Path

import github_action
import github_workflow

SOURCE = Path(__file__).resolve().parents[2]
GH = """\
#!/usr/bin/env bash
set -euo pipefail
[[ "$GH_TOKEN" == "a token" && "$1" == issue && "$3 $4" == "--repo ada/caches" ]] || exit 9
case $2 in
  list) cat "{folder}/titles" ;;
  create) printf '%s\\n' "$@" >"{folder}/created"; cat "${{@: -1}}" >>"{folder}/created" ;;
esac
"""
PIP = """\
#!/usr/bin/env bash
[[ "$*" == "-m pip index versions torch" ]] || exit 9
cat "{folder}/index"
"""


class NewTorch(unittest.TestCase):
    def setUp(self):
        scratch = tempfile.TemporaryDirectory(prefix="exportgate-test-")
        self.addCleanup(scratch.cleanup)
        self.folder = Path(scratch.name)
        for name, text in (("gh", GH), ("python3", PIP)):
            path = self.folder / name
            path.write_text(text.format(folder=self.folder))
            path.chmod(0o755)
        self.titles("")
        self.index("torch (2.14.1)\nAvailable versions: 2.14.1, 2.14.0, 2.13.0\n")
        self.jobs = 0

    def titles(self, text):
        (self.folder / "titles").write_text(text)

    def index(self, text):
        (self.folder / "index").write_text(text)

    def runner(self, **env):
        workflow = github_workflow.load(github_workflow.template(SOURCE, "new-torch.yml"))
        workflow["env"].update(env)
        self.jobs += 1
        folder = self.folder / f"runner-{self.jobs}"
        folder.mkdir()
        github = {"repository": "ada/caches", "sha": "0123", "token": "a token"}
        return github_workflow.Runner(
            workflow, folder, lambda inputs, workspace: None, [str(self.folder)], {}, github
        )

    def look(self, **env):
        """What the job `look` says is to be looked at, or "" where nothing is."""
        runner = self.runner(**env)
        # What a step does not write is empty on a runner.
        runner.workflow["jobs"]["look"]["outputs"] = {}
        self.assertTrue(runner.run("look"), runner.log)
        written = (runner.folder / "look-0.OUTPUT").read_text()
        return dict(line.split("=") for line in written.splitlines()).get("to", "")

    def test_what_is_looked_at(self):
        self.assertEqual(self.look(FROM="2.13.0"), "2.14.1")
        self.assertEqual(self.look(FROM="2.14.1"), "")
        self.assertEqual(self.look(FROM="2.15.0"), "")
        self.assertEqual(self.look(FROM="2.9.1"), "2.14.1")  # no order of letters
        self.titles("exportgate: torch 2.14.10: GO\nTorch 2.14.1 is out\n")
        self.assertEqual(self.look(FROM="2.13.0"), "2.14.1")
        self.titles("exportgate: torch 2.14.1: NO-GO\n")
        self.assertEqual(self.look(FROM="2.13.0"), "")

    def test_an_index_without_an_answer_fails(self):
        for text in ("", "torch ($(id))\n", "torch (2.15.0rc1)\n"):
            self.index(text)
            self.assertFalse(self.runner().run("look"))

    def gate(self, outputs):
        runner = self.runner()
        self.assertTrue(runner.run("look"), runner.log)
        asked = []

        def ours(inputs):
            asked.append(inputs)
            return outputs

        runner.ours = ours
        good = runner.run("gate")
        pinned = runner.workflow["env"]["FROM"]
        expected = {"from": pinned, "to": "2.14.1", "cases": "cases", "golden": "golden"}
        self.assertEqual(asked, [expected])
        return good

    def test_the_verdict_is_an_issue(self):
        report = self.folder / "answer.md"
        report.write_text("**NO-GO: 3 cells regressed**\n")
        self.assertTrue(self.gate({"verdict": "NO-GO", "report": str(report)}))
        created = (self.folder / "created").read_text()
        self.assertIn("\n--title\nexportgate: torch 2.14.1: NO-GO\n", created)
        self.assertIn("3 cells regressed", created)

    def test_no_issue_where_nothing_was_judged(self):
        for outputs in (None, {"verdict": "not judged", "report": "/dev/null"}):
            self.assertFalse(self.gate(outputs))
            self.assertFalse((self.folder / "created").exists())

    def test_the_scripts_are_sound(self):
        workflow = github_workflow.load(github_workflow.template(SOURCE, "new-torch.yml"))
        for name, script in github_workflow.scripts(workflow):
            with self.subTest(name):
                self.assertTrue(script.startswith("set -euo pipefail\n"))
                self.assertNotIn("${{", script)
        gate = workflow["jobs"]["gate"]
        self.assertEqual(gate["if"], "${{ needs.look.outputs.to != '' }}")
        self.assertEqual(workflow["permissions"], {"contents": "read"})
        self.assertEqual(workflow["jobs"]["look"]["permissions"], {"issues": "read"})
        self.assertEqual(gate["permissions"], {"contents": "read", "issues": "write"})
        # What it gives the action, and takes of it, the action has.
        action = github_action.load(SOURCE / "ci" / "action" / "action.yml")
        self.assertLessEqual(github_workflow.INPUTS[github_workflow.OURS], set(action["inputs"]))
        self.assertLessEqual(set(github_workflow.OUTPUTS), set(action["outputs"]))


if __name__ == "__main__":
    unittest.main()

"""The action of ci/action: each of its steps is run, with stand-ins for GitHub and sudo."""

import base64
import hashlib
import json
import os
import re
import shutil
import tempfile
import unittest
import zipfile
from pathlib import Path

import github_action
from support import BUILD, CASE_TOML, EXPORTGATE, PLAIN_WORKER, SOURCE, Scratch

ACTION = SOURCE / "ci" / "action" / "action.yml"
SCRIPTS = ["comment", "environments", "install", "judge", "observe", "plan", "verdict"]
# Two cells, one in each shard.
TOML = CASE_TOML + "b4c11 = { batch = 4, clength = 11 }\n"

# Adding environments has tests of its own, and downloads: here each is the default one under
# another name.
COMMAND = """\
#!{python}
import json, os, pathlib, sys
if sys.argv[1:2] != ["env"]:
    os.execv("{exportgate}", ["{exportgate}", *sys.argv[1:]])
assert sys.argv[2] == "add" and sys.argv[4] == "--environments"
assert sys.argv[6:] == ["--cases", "cases"]
assert os.environ["EXPORTGATE_PYTHON"] and os.environ["CCACHE_DIR"]
folder = pathlib.Path(sys.argv[5]) / sys.argv[3]
print("there already" if folder.exists() else "added", sys.argv[3])
if not folder.exists():
    folder.mkdir(parents=True)
    default = pathlib.Path("{build}/environments/default")
    (folder / "worker").symlink_to(default / "worker")
    description = json.loads((default / "environment.json").read_text())
    description["environment"]["name"] = sys.argv[3]
    (folder / "environment.json").write_text(json.dumps(description))
    compiled = pathlib.Path(os.environ["CCACHE_DIR"])
    compiled.mkdir(exist_ok=True)
    (compiled / "object").touch()
"""
# A release with its wheel, and the comments of a pull request.
GH = """\
#!{python}
import json, os, pathlib, shutil, sys
here = pathlib.Path("{folder}")
assert os.environ["GH_TOKEN"] == "a token"
words = sys.argv[1:]
if words[:2] == ["release", "download"]:
    assert words[2:5] == ["v0.1.0", "--repo", "ada/exportgate"], words
    shutil.copytree(here / "release", words[words.index("--dir") + 1], dirs_exist_ok=True)
    sys.exit()
comments = here / "comments.json"
there = json.loads(comments.read_text()) if comments.exists() else []
assert words[0] == "api", words
if "--jq" in words:
    assert "issues/17/comments?" in words[2] and "<!-- exportgate -->" in words[4], words
    mine = [n for n, text in enumerate(there) if text.startswith("<!-- exportgate -->")]
    print(*mine, sep="\\n")
    sys.exit()
method, path, field = words[2], words[3], words[5]
text = pathlib.Path(field.removeprefix("body=@")).read_text()
if method == "POST":
    assert path == "repos/ada/caches/issues/17/comments", path
    there.append(text)
else:
    assert method == "PATCH" and path.startswith("repos/ada/caches/issues/comments/"), words
    there[int(path.rsplit("/", 1)[1])] = text
comments.write_text(json.dumps(there))
"""


# A venv and pip as far as the wheel of make_release() needs them: the real ones take seconds.
PYTHON = """\
#!/bin/sh
if [ "$1 $2" = "-m venv" ] && [ -e "{folder}/quick" ]; then
  mkdir -p "$3/bin"
  cat >"$3/bin/python" <<'END'
#!/bin/sh
[ "$1 $2 $3" = "-m pip install" ] || exit 9
for wheel; do :; done
unpacked=$(dirname "$0")/unpacked
{python} -m zipfile -e "$wheel" "$unpacked"
cp "$unpacked"/exportgate-*.data/scripts/exportgate "$(dirname "$0")"
chmod +x "$(dirname "$0")/exportgate"
END
  chmod +x "$3/bin/python"
  exit
fi
exec {python} "$@"
"""


class Action(Scratch):
    def setUp(self):
        super().setUp()
        self.bin = self.folder / "bin"
        self.bin.mkdir()
        python = BUILD / "venv" / "bin" / "python"
        exportgate = EXPORTGATE.resolve()
        values = {"python": python, "exportgate": exportgate, "build": exportgate.parent}
        self.make_release(COMMAND.format(**values))
        self.executable("gh", GH.format(python=python, folder=self.folder))
        self.executable("python", PYTHON.format(python=python, folder=self.folder))
        (self.folder / "quick").touch()
        self.executable("sudo", f'#!/bin/sh\necho "$*" >>{self.folder}/sudo.log\n')
        # One of the packages is not installed.
        self.executable(
            "dpkg-query",
            '#!/bin/sh\n[ "$4" = nlohmann-json3-dev ] || printf installed\n',
        )
        self.add_case("good", toml=TOML)
        self.run_and_accept()
        self.kept = self.folder / "kept"
        self.artifacts = self.folder / "artifacts"

    def executable(self, name, text):
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def make_release(self, command):
        release = self.folder / "release"
        release.mkdir()
        wheel = release / "exportgate-0.1.0-py3-none-any.whl"
        files = {
            "exportgate-0.1.0.data/scripts/exportgate": command,
            "exportgate-0.1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: exportgate\n"
            "Version: 0.1.0\n",
            "exportgate-0.1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: a test\n"
            "Root-Is-Purelib: true\nTag: py3-none-any\n",
        }
        record = "exportgate-0.1.0.dist-info/RECORD"
        lines = [f"{record},,\n"]
        with zipfile.ZipFile(wheel, "w") as archive:
            for name, text in files.items():
                data = text.encode()
                digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode()
                lines.append(f"{name},sha256={digest.rstrip('=')},{len(data)}\n")
                entry = zipfile.ZipInfo(name)
                entry.external_attr = 0o100755 << 16
                archive.writestr(entry, data)
            archive.writestr(record, "".join(lines))
        digest = hashlib.sha256(wheel.read_bytes()).hexdigest()
        (release / "SHA256SUMS").write_text(f"{digest}  {wheel.name}\n{digest}  not-there.tar.gz\n")

    def job(self, code=None, **inputs):
        """Runs the action in a job of its own. `code`: what the step Verdict ends with."""
        folder = self.folder / "job"
        shutil.rmtree(folder, ignore_errors=True)
        runner = github_action.Runner(
            ACTION, folder, self.folder, [self.bin], self.kept, self.artifacts
        )
        repository = {"full_name": "ada/caches"}
        github = {
            "event_name": "pull_request",
            "event": {"pull_request": {"number": "17", "head": {"repo": repository}}},
            "repository": "ada/caches",
            "sha": "0123456789abcdef",
            "token": "a token",
            "action_repository": "ada/exportgate",
            "action_ref": "v0.1.0",
        }
        variables = {key: str(value) for key, value in self.environment(**PLAIN_WORKER).items()}
        variables.pop("GH_TOKEN", None)
        # `from` is a word of Python.
        inputs = {name.strip("_").replace("_", "-"): value for name, value in inputs.items()}
        good = runner.run(inputs, github, variables)
        if code is not None:
            self.assertEqual(runner.log["Verdict"][0], code, runner.log)
        self.assertEqual(good, not any(ended for ended, _ in runner.log.values()), runner.log)
        return runner

    def comments(self):
        return json.loads((self.folder / "comments.json").read_text())

    def regress(self, record):
        """As another release might have made it: what was exported is rejected."""
        lines = []
        for line in record.read_text().splitlines():
            value = json.loads(line)
            if "exported" in value:
                del value["exported"]
                value["rejected"] = {"stage": "export", "exception": "E", "message": "no"}
            lines.append(json.dumps(value) + "\n")
        record.write_text("".join(lines))

    def test_everything_in_one_job(self):
        (self.folder / "quick").unlink()  # a real venv and a real pip
        gate = {"torch": "default", "from_": "default", "to": "other"}
        runner = self.job(0, **gate)
        (self.folder / "quick").touch()
        self.assertEqual(runner.outputs["verdict"], "GO")
        self.assertIn("added other", runner.log["Add the environments"][1])
        install = "install -y -qq --no-install-recommends nlohmann-json3-dev"
        self.assertIn(install, (self.folder / "sudo.log").read_text())
        self.assertIn("2 cells on torch 2.", runner.summary)
        (comment,) = self.comments()
        self.assertTrue(comment.startswith("<!-- exportgate -->\n**GO"), comment)
        self.assertIn(runner.summary.strip(), comment)
        kept = self.artifacts / "exportgate"
        self.assertIn("</html>", (kept / "page" / "index.html").read_text())
        self.assertIn("<testsuite", (kept / "reports" / "default-to-other.xml").read_text())
        header = json.loads((kept / "default.jsonl").read_text().splitlines()[0])["record"]
        self.assertEqual(header["note"], "ada/caches@0123456789abcdef")

        # Again: environments come from the cache, the comment is the same, and cells fail.
        shutil.rmtree(kept)
        case = self.folder / "cases" / "good" / "case.py"
        case.write_text(case.read_text().replace("return x + w.sum", "return x - w.sum"))
        runner = self.job(1, **gate)
        self.assertEqual(runner.log["Add the environments"][1].count("there already"), 2)
        self.assertNotIn("actions/cache/save", runner.log)
        self.assertEqual(runner.outputs["verdict"], "GO")
        (comment,) = self.comments()
        self.assertIn("FAILED", comment)

    def test_shards_and_their_judge(self):
        for shard in ("1/2", "2/2"):
            runner = self.job(job="observe", shard=shard, from_="default", to="other")
            self.assertNotIn("Judge", runner.log)
            self.assertNotIn("Verdict", runner.log)
        other = self.artifacts / "exportgate-records-2-of-2-default_other" / "other-2-of-2.jsonl"
        gate = {"job": "judge", "from_": "default", "to": "other"}
        self.assertIn("**GO", self.judge(0, "GO", **gate).summary)

        self.regress(other)
        self.assertIn("NO-GO", self.judge(0, "NO-GO", **gate).summary)
        self.judge(1, "NO-GO", fail_on_no_go="true", **gate)
        self.judge(1, "failed", job="judge", torch="default other")
        self.judge(0, "passed", job="judge", torch="default")
        self.assertIn("**torch default: passed**", self.comments()[0])

        other.unlink()
        runner = self.judge(2, "not judged", **gate)
        self.assertIn("shard 2/2 is missing", runner.log["Judge"][1])
        self.assertIn("could not be judged", self.comments()[0])
        self.judge(2, "not judged", job="judge", torch="other")
        # Too long for a comment: the answer alone.
        (self.bin / "wc").write_text("#!/bin/sh\necho 65537\n")
        (self.bin / "wc").chmod(0o755)
        self.judge(0, "passed", job="judge", torch="default")
        self.assertIn("The whole answer is in the summary", self.comments()[0])
        self.assertEqual(len(self.comments()), 1)

    def judge(self, code, verdict, **inputs):
        shutil.rmtree(self.artifacts / "exportgate", ignore_errors=True)
        runner = self.job(code, **inputs)
        self.assertEqual(runner.outputs["verdict"], verdict)
        return runner

    def test_nothing_is_green_where_nothing_was_judged(self):
        for inputs, said in (
            ({}, "which torch?"),
            ({"torch": "2.13.0;id"}, "and not 2.13.0;id"),
            ({"torch": "*"}, "and not *"),
            ({"torch": "default", "from_": "default"}, "from and to are given together"),
            ({"torch": "default", "shard": "1/2"}, "a shard is for job: observe"),
            ({"torch": "default", "shard": "1", "job": "observe"}, "and not 1"),
            ({"torch": "default", "job": "wait"}, "job is whole, observe or judge"),
            ({"torch": "default", "cases": "nowhere"}, "there is no folder nowhere"),
        ):
            with self.subTest(said):
                runner = self.job(None if inputs.get("job") == "observe" else 2, **inputs)
                self.assertEqual(runner.log["Plan"][0], 2)
                self.assertIn(said, runner.log["Plan"][1])
                self.assertNotIn("Observe", runner.log)
                self.assertEqual(runner.outputs["verdict"], "")

        (self.folder / "release" / "SHA256SUMS").write_text(
            f"{'0' * 64}  exportgate-0.1.0-py3-none-any.whl\n"
        )
        runner = self.job(2, torch="default")
        self.assertIn("FAILED", runner.log["Install exportgate"][1])
        self.assertNotIn("Plan", runner.log)


class Texts(unittest.TestCase):
    def test_steps_are_the_scripts_beside_the_action(self):
        steps = github_action.load(ACTION)["runs"]["steps"]
        run = [step["run"] for step in steps if "run" in step]
        self.assertEqual(sorted(run), [f'"$GITHUB_ACTION_PATH/{name}"\n' for name in SCRIPTS])
        for name in SCRIPTS:
            script = ACTION.parent / name
            self.assertTrue(os.access(script, os.X_OK), script)
            self.assertIn("\nset -euo pipefail", script.read_text())
        self.assertEqual({path.name for path in ACTION.parent.iterdir()}, {*SCRIPTS, ACTION.name})

    def test_what_is_not_pinned_is_refused(self):
        text = ACTION.read_text()
        with tempfile.TemporaryDirectory() as folder:
            for pattern, other in ((r"@[0-9a-f]{40}", "@v4"), ("pattern:", "patern:")):
                changed = Path(folder) / "action.yml"
                changed.write_text(re.sub(pattern, other, text, count=1))
                with self.assertRaises(AssertionError):
                    github_action.load(changed)


if __name__ == "__main__":
    unittest.main()

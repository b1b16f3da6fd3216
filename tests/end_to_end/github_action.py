"""Reads a composite action and carries out its steps on this machine, as a runner would.

What it does not know is an error, so that nothing of the action goes untested without a word.
"""

import os
import re
import shutil
import subprocess

from github_workflow import Yaml, fill

KEYS = {
    "action": {"name", "description", "inputs", "outputs", "runs"},
    "step": {"name", "id", "if", "uses", "with", "env", "shell", "run"},
}
# What each action of others is given, by its own action.yml at the digest.
INPUTS = {
    "actions/setup-python": {"python-version"},
    "actions/cache/restore": {"path", "key", "restore-keys"},
    "actions/cache/save": {"path", "key"},
    "actions/upload-artifact": {"name", "path", "if-no-files-found"},
    "actions/download-artifact": {"pattern", "path", "merge-multiple"},
}


def load(path):
    action = Yaml(path.read_text()).read()
    assert set(action) == KEYS["action"], action.keys()
    assert action["runs"]["using"] == "composite"
    for step in action["runs"]["steps"]:
        assert not set(step) - KEYS["step"], step
        assert ("uses" in step) != ("run" in step), step
        if "uses" in step:
            name = re.fullmatch(r"([\w/-]+)@[0-9a-f]{40}", step["uses"])
            assert name, f"{step['uses']} is not pinned by digest"
            assert not set(step["with"]) - INPUTS[name[1]], step
        else:
            assert step["shell"] == "bash", step
    return action


def truth(condition, contexts, failed):
    """Of `a && b`; each is !cancelled(), a.b == c.d, a.b == 'x', a.b != 'x'."""
    terms = condition.split(" && ") if condition else []
    if failed and "!cancelled()" not in terms:
        return False
    for term in terms:
        if term == "!cancelled()":
            continue
        left, relation, right = re.fullmatch(r"(\S+) (==|!=) (\S+)", term).groups()
        other = right[1:-1] if right.startswith("'") else look_up(right, contexts)
        if (look_up(left, contexts) == other) != (relation == "=="):
            return False
    return True


def look_up(name, contexts):
    value = contexts
    for key in name.split("."):
        if key not in value and name.startswith("steps."):
            return ""  # of a step that did not run
        value = value[key]
    return value


class Step(dict):
    """The outputs of steps: what was not written is empty, as on a runner."""

    def __missing__(self, key):
        return ""


class Steps(dict):
    def __missing__(self, key):
        return {"outputs": Step()}


class Runner:
    """One job that uses the action. `kept` and `artifacts` are folders of the whole repository."""

    def __init__(self, path, folder, workspace, tools, kept, artifacts):
        self.action = load(path)
        self.place = path.parent
        self.folder = folder
        self.workspace = workspace
        self.tools = tools
        self.kept = kept
        self.artifacts = artifacts
        self.log = {}  # exit code and output of each step that ran, by name

    def run(self, inputs, github, variables):
        """True where no step failed."""
        self.folder.mkdir()
        defaults = {key: value.get("default") for key, value in self.action["inputs"].items()}
        assert not set(inputs) - set(defaults), inputs
        contexts = {"github": github, "inputs": fill(defaults, {"github": github})}
        contexts["inputs"].update(inputs)
        contexts["steps"] = Steps()
        files = {name: self.folder / name for name in ("OUTPUT", "PATH", "STEP_SUMMARY")}
        failed = False
        for step in self.action["runs"]["steps"]:
            condition = re.sub(r"^\$\{\{ (.*) \}\}$", r"\1", step.get("if", ""))
            if not truth(condition, contexts, failed):
                continue
            for file in files.values():
                file.touch()
            files["OUTPUT"].write_text("")
            if "uses" in step:
                outputs = self.use(step["uses"].split("@")[0], fill(step["with"], contexts))
                good = outputs is not None
            else:
                good = self.shell(step, contexts, files, github, variables)
                lines = files["OUTPUT"].read_text().splitlines()
                outputs = dict(line.split("=", 1) for line in lines)
            if "id" in step:
                contexts["steps"][step["id"]] = {"outputs": Step(outputs or {})}
            failed = failed or not good
        self.outputs = fill({k: v["value"] for k, v in self.action["outputs"].items()}, contexts)
        self.summary = files["STEP_SUMMARY"].read_text()
        return not failed

    def shell(self, step, contexts, files, github, variables):
        # Untrusted text would be run: values come in by way of `env` only.
        assert "${{" not in step["run"], step
        added = files["PATH"].read_text().split()
        environment = {
            **variables,
            **fill(step.get("env", {}), contexts),
            **{f"GITHUB_{name}": str(file) for name, file in files.items()},
            "PATH": os.pathsep.join([*map(str, self.tools), *reversed(added), os.environ["PATH"]]),
            "CI": "true",
            "GITHUB_ACTION_PATH": str(self.place),
            "GITHUB_REPOSITORY": github["repository"],
            "GITHUB_SHA": github["sha"],
            "RUNNER_TEMP": str(self.folder),
        }
        ended = subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=self.workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        self.log[step["name"]] = ended.returncode, ended.stdout
        return ended.returncode == 0

    def use(self, action, inputs):
        """The outputs, or None where it fails."""
        self.log[action] = 0, str(inputs)
        if action == "actions/cache/restore":
            if not (self.kept / inputs["key"]).exists():
                return {}
            shutil.copytree(self.kept / inputs["key"], inputs["path"], symlinks=True)
            return {"cache-hit": "true"}
        if action == "actions/cache/save":
            shutil.copytree(inputs["path"], self.kept / inputs["key"], symlinks=True)
        elif action == "actions/upload-artifact":
            assert inputs["if-no-files-found"] == "error"
            if not any(files for _, _, files in os.walk(inputs["path"] or "nowhere")):
                return None
            shutil.copytree(inputs["path"], self.artifacts / inputs["name"])
        elif action == "actions/download-artifact":
            assert inputs["merge-multiple"] == "true"
            for artifact in sorted(self.artifacts.glob(inputs["pattern"])):
                shutil.copytree(artifact, inputs["path"], dirs_exist_ok=True)
        return {}

"""Reads a GitHub Actions workflow and runs its `run:` steps, as a runner would, on this machine.

Only what the template uses is understood; everything else is an error, so that nothing in it goes
untested without a word. YAML: block mappings and sequences, `[a, b]`, plain and double-quoted
scalars, `|` blocks, comments. Expressions: `a.b.c`, `fromJSON(a.b)`, and the conditions in
CONDITIONS.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path

KEYS = {
    "workflow": {"name", "on", "permissions", "env", "defaults", "jobs"},
    "job": {"needs", "if", "runs-on", "timeout-minutes", "permissions", "env", "outputs"}
    | {"strategy", "steps"},
    "strategy": {"fail-fast", "matrix"},
    "step": {"name", "id", "if", "uses", "with", "env", "run"},
}
OURS = "OWNER/exportgate/ci/action"  # at a tag, which the user chooses
OUTPUTS = ("verdict", "report")
INPUTS = {  # what each action is given; those of the actions' own action.yml at its digest
    "actions/checkout": {"repository", "ref", "path"},
    "actions/upload-artifact": {"name", "path", "if-no-files-found"},
    "actions/download-artifact": {"pattern", "path", "merge-multiple"},
    OURS: {"from", "to", "cases", "golden"},
}


class Yaml:
    """A reader of a small, strict part of YAML: `Yaml(text).read()` is made of dict, list, str."""

    def __init__(self, text):
        self.lines = []
        for number, line in enumerate(text.splitlines(), 1):
            if "\t" in line:
                raise ValueError(f"line {number}: a tab")
            self.lines.append((len(line) - len(line.lstrip(" ")), line.strip(), number))
        self.at = 0

    def read(self):
        value = self.block(0)
        self.skip()
        if self.at != len(self.lines):
            raise ValueError(f"line {self.lines[self.at][2]}: wrong indentation")
        return value

    def skip(self):
        while self.at < len(self.lines) and (
            not self.lines[self.at][1] or self.lines[self.at][1].startswith("#")
        ):
            self.at += 1

    def peek(self):
        self.skip()
        return self.lines[self.at] if self.at < len(self.lines) else (-1, "", 0)

    def block(self, indent):
        return self.sequence(indent) if self.peek()[1].startswith("- ") else self.mapping(indent)

    def sequence(self, indent):
        values = []
        while self.peek()[0] == indent and self.peek()[1].startswith("- "):
            _, text, number = self.peek()
            # "- key: value" begins a mapping that goes on two columns further in
            self.lines[self.at] = (indent + 2, text[2:].lstrip(), number)
            values.append(self.mapping(indent + 2))
        return values

    def mapping(self, indent):
        values = {}
        while self.peek()[0] == indent and not self.peek()[1].startswith("- "):
            _, text, number = self.peek()
            found = re.fullmatch(r"([\w-]+):(?: +(.*))?", text)
            if not found or found[1] in values:
                raise ValueError(f"line {number}: not understood, or there already: {text}")
            self.at += 1
            values[found[1]] = self.value(re.sub(r"(^| +)#.*", "", found[2] or ""), indent, number)
        return values

    def value(self, text, indent, number):
        if text == "|":
            return self.literal(indent)
        if text:
            return self.scalar(text, number)
        inner = self.peek()[0]
        return self.block(inner) if inner > indent else None

    def scalar(self, text, number):
        if text.startswith("[") and text.endswith("]"):
            return [self.scalar(part.strip(), number) for part in text[1:-1].split(",")]
        if re.fullmatch(r'"[^"\\]*"', text):
            return text[1:-1]
        if text[0] in "\"'[]{}&*!|>%@`" or ": " in text:
            raise ValueError(f"line {number}: not understood: {text}")
        return text

    def literal(self, indent):
        lines = []
        while self.at < len(self.lines):
            inner, text, _ = self.lines[self.at]
            if text and inner <= indent:
                break
            lines.append((inner, text))
            self.at += 1
        while lines and not lines[-1][1]:
            lines.pop()
        margin = min(inner for inner, text in lines if text)
        return "".join(" " * (inner - margin) * bool(text) + text + "\n" for inner, text in lines)


def load(path):
    workflow = Yaml(path.read_text()).read()
    check_keys(workflow)
    return workflow


def check_keys(workflow):
    """Raises ValueError for a key, an action or an input that the runner does not know."""

    def only(mapping, known, where):
        if set(mapping) - known:
            raise ValueError(f"{where}: unknown {sorted(set(mapping) - known)}")

    only(workflow, KEYS["workflow"], "the workflow")
    for name, job in workflow["jobs"].items():
        only(job, KEYS["job"], name)
        only(job.get("strategy", {}), KEYS["strategy"], f"{name}, strategy")
        needs = job.get("needs", [])
        for needed in [needs] if isinstance(needs, str) else needs:
            if needed not in workflow["jobs"]:
                raise ValueError(f"{name} needs {needed}, which is no job")
        for step in job["steps"]:
            where = f"{name}, {step.get('name', step.get('uses'))}"
            only(step, KEYS["step"], where)
            if ("uses" in step) == ("run" in step):
                raise ValueError(f"{where}: one of uses and run")
            if "uses" in step:
                action, _, version = step["uses"].partition("@")
                if action not in INPUTS:
                    raise ValueError(f"{where}: {action} is not one of {list(INPUTS)}")
                if action != OURS and not re.fullmatch("[0-9a-f]{40}", version):
                    raise ValueError(f"{where}: {action} is not pinned by digest")
                only(step.get("with", {}), INPUTS[action], where)


def always(state):
    return True


def same_repository(state):
    return state["contexts"]["github"]["event_name"] == "pull_request"


CONDITIONS = {
    "": lambda state: not state["failed"],
    "always()": always,
    "!cancelled()": always,  # nothing is cancelled here
    "!cancelled() && needs.plan.result == 'success'": always,  # nothing else is run where it fails
    "!cancelled() && github.event_name == 'pull_request' && "
    "github.event.pull_request.head.repo.full_name == github.repository": same_repository,
}


def evaluate(expression, contexts):
    found = re.fullmatch(r"fromJSON\((.+)\)", expression)
    if found:
        return json.loads(evaluate(found[1], contexts))
    value = contexts
    for key in expression.split("."):
        value = value[key]  # KeyError: the template asks for what is not there
    return value


def fill(value, contexts):
    """`value` with its expressions evaluated; what is one expression keeps that one's type."""
    if isinstance(value, dict):
        return {key: fill(inner, contexts) for key, inner in value.items()}
    whole = re.fullmatch(r"\$\{\{ (.+?) \}\}", value)
    if whole:
        return evaluate(whole[1], contexts)
    return re.sub(r"\$\{\{ (.+?) \}\}", lambda m: str(evaluate(m[1], contexts)), value)


class Runner:
    """Runs jobs below `folder`; `checkout(step_inputs, workspace)` puts a repository there."""

    def __init__(self, workflow, folder, checkout, path, variables, github):
        self.workflow = workflow
        self.folder = folder
        self.checkout = checkout
        self.path = path
        self.variables = variables
        self.contexts = {"github": github, "env": workflow["env"], "needs": {}}
        self.artifacts = folder / "artifacts"
        self.log = []  # (job, step, exit code, output)
        self.ours = None  # what our own action does: its inputs -> its outputs, or None

    def run(self, name, matrix=None, job_index=0):
        """Runs one job, in a workspace of its own; True where every step was good."""
        job = self.workflow["jobs"][name]
        workspace = self.folder / f"{name}-{job_index}"
        workspace.mkdir()
        contexts = {
            **self.contexts,
            "matrix": matrix or {},
            "strategy": {"job-index": job_index},
            "steps": {},
        }
        state = {"failed": False, "contexts": contexts}
        files = {
            key: self.folder / f"{workspace.name}.{key}"
            for key in ("OUTPUT", "PATH", "STEP_SUMMARY")
        }
        for step in job["steps"]:
            condition = re.sub(r"^\$\{\{ (.*) \}\}$", r"\1", step.get("if", ""))
            if not CONDITIONS[condition](state):
                continue
            if step.get("uses", "").startswith(OURS):
                outputs = self.ours(fill(step["with"], contexts))
                good = outputs is not None
                contexts["steps"][step["id"]] = {"outputs": outputs or dict.fromkeys(OUTPUTS, "")}
            elif "uses" in step:
                good = self.use(step["uses"], fill(step.get("with", {}), contexts), workspace)
            else:
                for file in files.values():
                    file.touch()
                good = self.shell(name, job, step, contexts, workspace, files)
                lines = files["OUTPUT"].read_text().splitlines()
                if "id" in step:
                    outputs = dict(line.split("=", 1) for line in lines)
                    contexts["steps"][step["id"]] = {"outputs": outputs}
            state["failed"] = state["failed"] or not good
        outputs = {} if state["failed"] else fill(job.get("outputs", {}), contexts)
        self.contexts["needs"][name] = {"outputs": outputs}
        return not state["failed"]

    def use(self, action, inputs, workspace):
        if action.startswith("actions/checkout@"):
            self.checkout(inputs, workspace)
            return True
        if action.startswith("actions/upload-artifact@"):
            found = [workspace / path for path in inputs["path"].split()]
            found = [path for path in found if path.exists()]
            if not found:
                return inputs.get("if-no-files-found") != "error"
            for path in found:
                target = self.artifacts / inputs["name"] / (path.name if len(found) > 1 else "")
                shutil.copytree(path, target, dirs_exist_ok=True)
            return True
        assert action.startswith("actions/download-artifact@"), action
        assert inputs["merge-multiple"] == "true"
        for artifact in sorted(self.artifacts.glob(inputs["pattern"])):
            shutil.copytree(artifact, workspace / inputs["path"], dirs_exist_ok=True)
        return True

    def shell(self, name, job, step, contexts, workspace, files):
        assert self.workflow["defaults"] == {"run": {"shell": "bash"}}
        added = [line for line in files["PATH"].read_text().splitlines() if line]
        environment = {
            **self.variables,
            **self.workflow["env"],
            **fill(job.get("env", {}), contexts),
            **fill(step.get("env", {}), contexts),
            **{f"GITHUB_{key}": str(file) for key, file in files.items()},
            "PATH": os.pathsep.join([*self.path, *reversed(added), os.environ["PATH"]]),
            "CI": "true",
            "GITHUB_REPOSITORY": contexts["github"]["repository"],
            "GITHUB_SHA": contexts["github"]["sha"],
        }
        ended = subprocess.run(
            # what `shell: bash` stands for on a runner
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]],
            cwd=workspace,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=600,
        )
        self.log.append((name, step["name"], ended.returncode, ended.stdout))
        return ended.returncode == 0

    def said(self, job, step):
        """Exit code and output of the last time that this step ran."""
        return next(entry[2:] for entry in reversed(self.log) if entry[:2] == (job, step))


def scripts(workflow):
    """Name and text of every `run:` step."""
    for name, job in workflow["jobs"].items():
        for step in job["steps"]:
            if "run" in step:
                yield f"{name}, {step['name']}", step["run"]


def template(source, name="github-actions.yml"):
    return Path(source) / "ci" / "templates" / name

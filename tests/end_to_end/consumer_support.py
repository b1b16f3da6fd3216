"""A scratch folder with cases that pass, and the consumer of the documents."""

import json
import os
import re
import shutil

from support import SOURCE, Scratch

DOCUMENT = SOURCE / "docs" / "consumers.md"
PROJECT = 'consumer_command = ["{python}", "./consumer.py"]\n'
PAIR = "plain/nonstrict/named/b3c5"
ALL = bool(os.environ.get("EXPORTGATE_TEST_ALL"))  # ci/test --all
ONNX = SOURCE / "build" / "onnx"  # where ci/test installs it, beside no environment
STATIC = "plain/nonstrict/static/b3c5"


def example():
    """The program in the document."""
    return re.search(r"^```python\n(.*?)^```", DOCUMENT.read_text(), re.S | re.M)[1]


class Consumers(Scratch):
    def setUp(self):
        super().setUp()
        shutil.copy(SOURCE / "cases" / "layered_cache.py", self.folder / "cases")
        (self.folder / "exportgate.toml").write_text(PROJECT)
        (self.folder / "consumer.py").write_text(example())

    def add(self, name, more=""):
        case = self.folder / "cases" / name
        shutil.copytree(SOURCE / "tests" / "cases" / "without_a_defect", case)
        declared = (case / "case.toml").read_text()
        declared = declared.replace('["plain", "module"]', '["plain"]\nmodes = ["nonstrict"]')
        declared = declared.replace('["named"]', '["named", "static"]')
        (case / "case.toml").write_text(more + declared)

    def checks_of(self, *arguments, **variables):
        """The finished run, and case/dims -> check -> its result."""
        finished, _ = self.judged("run", *arguments, timeout=1500, **variables)
        cells = json.loads((self.folder / "report.json").read_text())["cells"]
        found = {}
        for cell in cells:
            case, _, _, dims, _ = cell["name"].split("/")
            checks = (cell["observed"] or {"checks": []})["checks"]
            found[f"{case}/{dims}"] = {check["name"]: check for check in checks}
        return finished, found

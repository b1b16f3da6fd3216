"""Reads what is to be shown and writes the script, or asks draft_export by it. JSON in and out, for
the CLI.

main([request.json, answer.json])
"""

import json
import os
import sys
import traceback
import warnings

from exportgate_repro.problem import Problem
from exportgate_repro.script import Script


def main(arguments):
    request_file, answer_file = arguments
    with open(request_file, encoding="utf-8") as file:
        request = json.load(file)
    warnings.simplefilter("ignore")
    sys.dont_write_bytecode = True
    try:
        answer = _draft(request) if request.get("draft_in") else _script(request)
    except Problem as problem:
        answer = {"error": {"what": problem.what, "remedy": problem.remedy}}
    with open(answer_file, "w", encoding="utf-8") as file:
        json.dump(answer, file)


def _script(request):
    script = Script(request)
    first, last = script.export_lines
    answer = {"script": script.text, "check": script.check, "raises": script.raises}
    return answer | {"export_begins": first, "export_ends": last}


def _draft(request):
    from exportgate_repro import draft  # imports torch

    file = request["draft_in"]
    with open(file, "w", encoding="utf-8") as script:
        script.write(_text_of_script(request))
    try:
        return draft.of_script(file)
    except Problem:
        raise
    except BaseException as error:  # SystemExit too: the script has what a case does
        line = str(error).strip().split("\n")[0]
        raise Problem(
            f"draft_export says nothing: {type(error).__name__}: {line}",
            "it may fail as the export does; `exportgate repro --draft` writes the script",
        ) from error


def _text_of_script(request):
    """Written by a process of its own: what it defines and registers is not there when it runs."""
    reading, writing = os.pipe()
    if os.fork() == 0:
        try:
            answer = {"text": Script(request).text}
        except Problem as problem:
            answer = {"problem": [problem.what, problem.remedy]}
        except BaseException as error:  # SystemExit too: it runs what a case defines
            said = "".join(traceback.format_exception_only(error)).strip()
            answer = {"problem": [f"the script is not written: {said}", "mend case.py"]}
        with os.fdopen(writing, "w", encoding="utf-8") as pipe:
            json.dump(answer, pipe)
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        said = pipe.read()
    code = os.waitstatus_to_exitcode(os.wait()[1])
    if not said:
        raise Problem(f"case.py ended the process that wrote the script: {code}", "mend case.py")
    answer = json.loads(said)
    if "problem" in answer:
        raise Problem(*answer["problem"])
    return answer["text"]

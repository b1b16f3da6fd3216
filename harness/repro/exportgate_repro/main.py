"""Reads what is to be shown and writes the script. JSON in and out, for the CLI.

main([request.json, answer.json])
"""

import json
import sys
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
        script = Script(request)
        first, last = script.export_lines
        answer = {"script": script.text, "check": script.check, "raises": script.raises}
        answer |= {"export_begins": first, "export_ends": last}
    except Problem as problem:
        answer = {"error": {"what": problem.what, "remedy": problem.remedy}}
    with open(answer_file, "w", encoding="utf-8") as file:
        json.dump(answer, file)

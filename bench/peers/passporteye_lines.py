"""Answers one JSON line per picture path read from standard input: the MRZ lines that PassportEye finds.

The first line printed says that the engine is loaded.
"""

import json
import resource
import sys

from passporteye import read_mrz


def processor_milliseconds():
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum((usage.ru_utime + usage.ru_stime) * 1000 for usage in usages)


def read(path):
    try:
        mrz = read_mrz(path)
        text = mrz.aux.get("text", "") if mrz is not None else ""
        return {"lines": text.split()}
    except Exception as error:  # a picture that the engine cannot take counts as "none"
        return {"lines": [], "error": type(error).__name__}


print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    before = processor_milliseconds()
    answer = read(line.rstrip("\n"))
    answer["processor_milliseconds"] = processor_milliseconds() - before
    print(json.dumps(answer), flush=True)

"""Answers one JSON line per picture path read from standard input: the MRZ lines that fastmrz finds.

The first line printed says that the engine is loaded. Usage: fastmrz_lines.py TESSDATA_DIR
"""

import json
import resource
import sys

import cv2
from fastmrz import FastMRZ

cv2.setNumThreads(1)


def processor_milliseconds():
    usages = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum((usage.ru_utime + usage.ru_stime) * 1000 for usage in usages)


def read(engine, path):
    try:
        # Decoded as RGB by OpenCV: its own file path stumbles over gray pictures.
        text = engine.get_details(cv2.imread(path), input_type="numpy", ignore_parse=True)
        return {"lines": text.split()}
    except Exception as error:  # a picture that the engine cannot take counts as "none"
        return {"lines": [], "error": type(error).__name__}


engine = FastMRZ(tessdata_path=sys.argv[1])
print(json.dumps({"ready": True}), flush=True)
for line in sys.stdin:
    before = processor_milliseconds()
    answer = read(engine, line.rstrip("\n"))
    answer["processor_milliseconds"] = processor_milliseconds() - before
    print(json.dumps(answer), flush=True)

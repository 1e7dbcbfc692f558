"""Runs ONNX nets with ONNX Runtime on one thread, one JSON request per line of standard input:
{"net": path, "input": path of raw 32-bit floats, "shape": [...], "output": path, "rounds": n}.

Answers one JSON line each with the processor time of one run; writes the output as raw floats.
The first line printed says that the engine is loaded.
"""

import json
import resource
import sys

import numpy as np
import onnxruntime

options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
options.inter_op_num_threads = 1
options.log_severity_level = 3
sessions = {}


def processor_milliseconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return (usage.ru_utime + usage.ru_stime) * 1000


def answer(request):
    if request["net"] not in sessions:
        sessions[request["net"]] = onnxruntime.InferenceSession(
            request["net"], options, providers=["CPUExecutionProvider"]
        )
    session = sessions[request["net"]]
    values = np.fromfile(request["input"], dtype="<f4").reshape(request["shape"])
    feed = {session.get_inputs()[0].name: values}
    output = session.run(None, feed)[0]
    before = processor_milliseconds()
    for _ in range(request["rounds"]):
        output = session.run(None, feed)[0]
    after = processor_milliseconds()
    output.astype("<f4").tofile(request["output"])
    return {"processor_milliseconds": (after - before) / request["rounds"]}


print(json.dumps({"version": onnxruntime.__version__}), flush=True)
for line in sys.stdin:
    print(json.dumps(answer(json.loads(line))), flush=True)

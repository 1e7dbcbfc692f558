"""Hooks of schemathesis: the right token for each operation, and ids that exist for most requests.

What is generated otherwise is left as it is: wrong ids, wrong bodies and wrong fields are the point."""

import atexit
import base64
import json
import os
import random
import threading
import urllib.request

import schemathesis

BASE = os.environ["BONAFIDE_BASE_URL"]
BASIC = base64.b64encode(
    f"{os.environ['BONAFIDE_CLIENT_ID']}:{os.environ['BONAFIDE_CLIENT_SECRET']}".encode()
).decode()
# Operations that take the token of one workflow execution.
JOURNEY = {"upload_part", "replace_part", "finalize"}
# Uploads; most of them bring a picture, since no generator draws one.
UPLOADS = {"upload_part", "replace_part"}
with open(os.environ["BONAFIDE_PICTURE"], "rb") as file:
    PICTURE = file.read()
# How many requests get ids that exist, and how many of them an execution that nobody touched yet.
REAL, FRESH = 0.7, 0.1

chance = random.Random(20261127)
lock = threading.Lock()
counts = {}
executions = []


def call(method, path, headers, body=None):
    request = urllib.request.Request(
        BASE + path, method=method, data=body, headers={"User-Agent": "Bonafide tests/1.0", **headers}
    )
    with urllib.request.urlopen(request, timeout=60) as answer:
        return json.load(answer)


ACCESS = call(
    "POST",
    "/oauth2/token",
    {"Authorization": f"Basic {BASIC}", "Content-Type": "application/x-www-form-urlencoded"},
    b"grant_type=client_credentials",
)["access_token"]


def create(key):
    created = call(
        "POST",
        "/api/v1/accounts",
        {"Authorization": f"Bearer {ACCESS}", "Content-Type": "application/json"},
        json.dumps(
            {"customerInternalReference": "schemathesis", "workflowDefinition": {"key": key}}
        ).encode(),
    )
    credential = next(c for c in created["workflowExecution"]["credentials"] if "api" in c)
    return {
        "accountId": created["account"]["id"],
        "workflowExecutionId": created["workflowExecution"]["id"],
        "credentialId": credential["id"],
        "classifier": "FRONT" if credential["category"] == "ID" else "FACE",
        "token": credential["api"]["token"],
    }


def execution():
    with lock:
        if not executions or chance.random() < FRESH:
            executions.append(create(chance.choice([1, 2, 3, 6, 20])))
        return chance.choice(executions[-50:])


@schemathesis.hook
def before_call(context, case, kwargs):
    operation = case.operation.definition.raw.get("operationId")
    known = execution()
    if case.path_parameters and chance.random() < REAL:
        for name in case.path_parameters:
            if name in known:
                case.path_parameters[name] = known[name]
    if operation in UPLOADS and chance.random() < REAL:
        case.media_type = "multipart/form-data"
        case.body = {"file": PICTURE}
    headers = case.headers
    if operation in JOURNEY:
        headers["Authorization"] = f"Bearer {known['token']}"
    elif operation == "issue_token":
        headers["Authorization"] = f"Basic {BASIC}"
    else:
        headers["Authorization"] = f"Bearer {ACCESS}"
    headers.setdefault("User-Agent", "Bonafide tests/1.0")


@schemathesis.hook
def after_call(context, case, response):
    with lock:
        key = (case.operation.definition.raw.get("operationId"), response.status_code)
        counts[key] = counts.get(key, 0) + 1


@atexit.register
def report():
    for (operation, status), count in sorted(counts.items(), key=str):
        print(f"{operation:32} {status} {count:6}")
    print(f"requests: {sum(counts.values())}")

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
TRANSACTION = {"upload_part", "replace_part", "finalize"}
# Operations of a journey, which take the token of its SDK.
WEBSDK = {
    "answer_challenge", "take_frame", "issue_challenge", "upload_journey_part", "get_journey", "submit"
}
# Uploads; most of them bring a picture, since no generator draws one.
UPLOADS = {"upload_part", "replace_part", "upload_journey_part", "take_frame"}
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


def post(path, token, body=None):
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    return call("POST", path, headers, json.dumps(body).encode() if body is not None else b"")


def create(key):
    definition = {"customerInternalReference": "schemathesis", "workflowDefinition": {"key": key}}
    created = post("/api/v1/accounts", ACCESS, definition)
    execution = created["workflowExecution"]
    credential = next(c for c in execution["credentials"] if "api" in c)
    known = {
        "accountId": created["account"]["id"],
        "workflowExecutionId": execution["id"],
        "credentialId": credential["id"],
        "classifier": "FRONT" if credential["category"] == "ID" else "FACE",
        "token": credential["api"]["token"],
        "sdk": created["sdk"]["token"] if "sdk" in created else None,
        "searchId": SEARCH,
        "number": "1",
    }
    for credential in execution["credentials"]:
        if credential["category"] == "FACEMAP" and known["sdk"]:
            path = f"/websdk/v4/api/credentials/{credential['id']}/challenge"
            known["challengeId"] = post(path, known["sdk"])["id"]
            known["facemapId"] = credential["id"]
    return known


SEARCH = str(post("/api/v1/searches", ACCESS, {"search_term": "Ivan Drawn"})["content"]["data"]["id"])


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
        if operation == "issue_challenge" and "facemapId" in known:
            case.path_parameters["credentialId"] = known["facemapId"]
    if operation in UPLOADS and chance.random() < REAL:
        case.media_type = "multipart/form-data"
        case.body = {"file": PICTURE}
    headers = case.headers
    if operation in TRANSACTION:
        headers["Authorization"] = f"Bearer {known['token']}"
    elif operation in WEBSDK:
        headers["Authorization"] = f"Bearer {known['sdk'] or known['token']}"
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

"""The verifier: a JSON object a line in, {"id", "item", "completion"}; one a line out, in the same order.

It runs until its input ends. What it raises ends it; rrr reports that and starts it again.
"""

import json
import re
import sys

ANSWER = re.compile(r"<answer>([a-z ]{1,200})</answer>\s*$")


def verdict(item: dict, completion: str) -> dict:
    found = ANSWER.search(completion[-1_000:])
    if found is None:
        return {"kind": "fail", "code": "no-answer"}
    if found[1].split() != sorted(item["words"]):
        return {"kind": "fail", "code": "wrong-order"}
    return {"kind": "pass"}


for line in sys.stdin:
    question = json.loads(line)
    answer = verdict(question["item"], question["completion"])
    print(json.dumps({"id": question["id"], **answer}), flush=True)

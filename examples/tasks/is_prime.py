"""A verifier for rrr: is the completion a prime number of at least item["least"]?"""
import json
import re
import sys


def verify(item, completion):
    numbers = re.findall(r"\d+", completion[:200])
    if not numbers:
        return {"kind": "fail", "code": "no-number"}
    number = int(numbers[-1][:9])
    if number < item["least"]:
        return {"kind": "fail", "code": "too-small"}
    if number < 2 or any(number % d == 0 for d in range(2, int(number**0.5) + 1)):
        return {"kind": "fail", "code": "not-prime"}
    return {"kind": "pass"}


for line in sys.stdin:
    question = json.loads(line)
    try:
        verdict = verify(question["item"], question["completion"])
    except Exception as error:
        verdict = {"kind": "invalid", "message": repr(error)}
    print(json.dumps({"id": question["id"], **verdict}), flush=True)

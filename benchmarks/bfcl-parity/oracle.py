"""The leaderboard's own checker: a line of JSON in, a line out.

In:  {"functions": [...], "calls": [{"f": {...}}], "answer": [...], "language": "python", "category": "parallel"}
Out: {"valid": true}, or {"valid": false, "error": "type_error:simple"}, or what it raised: {"raised": "KeyError"}

Its table of models imports a client of every provider. The checker asks that table only whether a model writes
underscores for the dots of names, so a table of one model that does not stands in for it.
"""
import json
import sys
import types

models = types.ModuleType("bfcl_eval.constants.model_config")
models.MODEL_CONFIG_MAPPING = {"any": types.SimpleNamespace(underscore_to_dot=False)}
sys.modules[models.__name__] = models

from bfcl_eval.constants.enums import Language  # noqa: E402
from bfcl_eval.eval_checker.ast_eval.ast_checker import ast_checker  # noqa: E402

for line in sys.stdin:
    case = json.loads(line)
    try:
        verdict = ast_checker(
            case["functions"],
            case["calls"],
            case["answer"],
            Language[case["language"].upper()],
            case["category"],
            "any",
        )
        answer = {"valid": verdict["valid"], "error": verdict.get("error_type")}
    except Exception as error:
        answer = {"raised": type(error).__name__}
    print(json.dumps(answer), flush=True)

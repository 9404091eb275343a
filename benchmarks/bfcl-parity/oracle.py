"""The leaderboard's own checker: a line of JSON in, a line out.

In:  {"functions": [...], "calls": [{"f": {...}}], "answer": [...], "language": "python", "category": "parallel"}
     or "output" in place of "calls": what a model wrote, as text, or as a list of {name: arguments} from an API,
     which has underscores for the dots of names unless it has dots
Out: {"valid": true}, or {"valid": false, "error": "type_error:simple"}, or what it raised: {"raised": "KeyError"}

An output is decoded as the leaderboard does for the models that it prompts and that have no decoder of their own. One
that cannot be decoded is {"valid": false, "error": "decoder"}; where no call is wanted, it is valid, as there.

Its table of models imports a client of every provider. The checker asks that table only whether a model writes
underscores for the dots of names, so a table of one model that does, and one that does not, stands in for it.
"""
import json
import sys
import types
from unittest.mock import MagicMock

models = types.ModuleType("bfcl_eval.constants.model_config")
models.MODEL_CONFIG_MAPPING = {
    "any": types.SimpleNamespace(underscore_to_dot=False),
    "api": types.SimpleNamespace(underscore_to_dot=True),
}
sys.modules[models.__name__] = models
# What its decoder imports beside, for clients, locks of files and the parsers of Java and JavaScript.
for name in ["filelock", "tenacity", "tree_sitter", "tree_sitter_java", "tree_sitter_javascript"]:
    sys.modules[name] = MagicMock()

from bfcl_eval.constants.enums import Language  # noqa: E402
from bfcl_eval.eval_checker.ast_eval.ast_checker import ast_checker  # noqa: E402
from bfcl_eval.model_handler.utils import default_decode_ast_prompting  # noqa: E402
from bfcl_eval.utils import is_empty_output  # noqa: E402


def decoded(output):
    if isinstance(output, str):
        return default_decode_ast_prompting(output)
    return [
        {name: json.loads(given) if isinstance(given, str) else given for name, given in call.items()}
        for call in output
    ]


def judged(case):
    output = case.get("output")
    calls = case.get("calls")
    if output is not None:
        try:
            calls = decoded(output)
        except Exception:
            calls = None
    if case["category"] == "irrelevance":
        return {"valid": calls is None or is_empty_output(calls)}
    if calls is None or (output is not None and is_empty_output(calls)):
        return {"valid": False, "error": "decoder"}
    try:
        verdict = ast_checker(
            case["functions"],
            calls,
            case["answer"],
            Language[case["language"].upper()],
            case["category"],
            "api" if isinstance(output, list) and not any("." in name for call in calls for name in call) else "any",
        )
        return {"valid": verdict["valid"], "error": verdict.get("error_type")}
    except Exception as error:
        return {"raised": type(error).__name__}


for line in sys.stdin:
    print(json.dumps(judged(json.loads(line))), flush=True)

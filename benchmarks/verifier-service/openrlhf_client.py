"""OpenRLHF's own single-turn executor asks `rrr serve countdown --protocol openrlhf` for rewards.

Its module that does so, openrlhf/utils/agent.py, is loaded from the unpacked wheel, without the package's other parts, which
need GPUs. The engine and the tokenizer are stand-ins: one character, one token.

pip download openrlhf==0.11.2 --no-deps && unzip -d openrlhf openrlhf-*.whl
python openrlhf_client.py http://127.0.0.1:8410 ./openrlhf      (needs aiohttp)
"""

import asyncio
import importlib
import json
import sys
import types
from pathlib import Path
from types import SimpleNamespace

url, unpacked = sys.argv[1], Path(sys.argv[2])
[agent_file] = unpacked.rglob("openrlhf/utils/agent.py")
for name, folder in (("openrlhf", agent_file.parent.parent), ("openrlhf.utils", agent_file.parent)):
    package = types.ModuleType(name)
    package.__path__ = [str(folder)]
    sys.modules[name] = package
agent = importlib.import_module("openrlhf.utils.agent")

ITEM = {"numbers": [25, 7, 8], "target": 24}
PROMPT = "<|im_start|>user\nMake 24 of 25, 7 and 8.<|im_end|>\n<|im_start|>assistant\n"


class Tokenizer:
    def __call__(self, text, **_):
        return {"input_ids": [SimpleNamespace(tolist=lambda: [ord(each) for each in text])]}

    def decode(self, tokens, **_):
        return "".join(map(chr, tokens))


class Engine:
    def __init__(self, text):
        self.text = text

    async def generate(self, *_, **__):
        output = SimpleNamespace(token_ids=[ord(each) for each in self.text], finish_reason="stop", logprobs=None)
        return SimpleNamespace(outputs=[output])


async def reward_of(text, label, prompt=PROMPT):
    executor = agent.SingleTurnAgentExecutor(f"{url}/get_reward")
    sampling = SimpleNamespace(max_tokens=200, logprobs=None)
    return await executor.execute(prompt, label, sampling, 2_000, Tokenizer(), Engine(text))


async def main():
    label = json.dumps({"item": ITEM})
    passed = await reward_of("<answer>25 + 7 - 8</answer><|im_end|>", label)
    assert (passed["reward"], passed["scores"]) == ([1.0], [1.0]), passed
    assert all(type(each) is float for each in passed["reward"])
    failed = await reward_of("<answer>25 + 7</answer><|im_end|>", label)
    assert (failed["reward"], failed["scores"]) == ([0.0], [0.0]), failed
    # What cannot be judged has no reward: the client asks five times, and then says None.
    for broken in ("no JSON", json.dumps({"item": 5}), json.dumps({"id": "train-0-00000000"})):
        result = await reward_of("<answer>25 + 7 - 8</answer>", broken)
        assert (result["reward"], result["scores"]) == (None, None), result
    print(f"OpenRLHF's executor from {agent_file}: rewards, and None for what cannot be judged")


asyncio.run(main())

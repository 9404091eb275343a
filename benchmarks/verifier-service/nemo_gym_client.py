"""NeMo-Gym's own agent and client get verdicts of `rrr serve countdown --protocol nemo-gym`.

NeMo-Gym is on GitHub alone (https://github.com/NVIDIA-NeMo/Gym), and wants Python 3.13. Its SimpleAgent.run does the talking, by
its ServerClient over aiohttp; its pydantic models read the answers. What stands in for the model server is one answer. Of its
dependencies, those that it imports and does not need here (ray, pandas, wandb and others) are left out where they are not
installed.

pip install openai==2.7.2 aiohttp fastapi omegaconf hydra-core orjson requests itsdangerous uvicorn rich psutil devtools
python nemo_gym_client.py http://127.0.0.1:8410 ./Gym
"""

import asyncio
import importlib
import json
import sys
from types import SimpleNamespace
from unittest.mock import MagicMock
from urllib.parse import urlsplit

url, checkout = sys.argv[1], sys.argv[2]
sys.path.insert(0, checkout)
left_out = []
for name in ("ray", "pandas", "pandas.core.groupby.generic", "wandb", "yappi", "pydot", "gprof2dot", "mlflow"):
    try:
        importlib.import_module(name)
    except ImportError:
        sys.modules[name] = MagicMock()
        sys.modules[name].__version__ = "0"
        left_out.append(name)

from aiohttp import ClientResponseError  # noqa: E402
from nemo_gym.config_types import AggregateMetricsRequest, BaseServerConfig  # noqa: E402
from nemo_gym.server_utils import (  # noqa: E402
    GlobalAIOHTTPAsyncClientConfig,
    ServerClient,
    set_global_aiohttp_client,
)
from omegaconf import OmegaConf  # noqa: E402
from responses_api_agents.simple_agent.app import SimpleAgent, SimpleAgentRunRequest  # noqa: E402

RIGHT = "<answer>25 + 7 - 8</answer>"


class Client(ServerClient):
    """The real one, but for the model: that is one answer."""

    answer: str = ""

    async def post(self, server_name, url_path, **kwargs):
        if server_name != "agent":
            return await super().post(server_name, url_path, **kwargs)
        message = {"type": "output_text", "text": self.answer, "annotations": []}
        output = [{"id": "m", "type": "message", "role": "assistant", "status": "completed", "content": [message]}]
        body = {
            "id": "r",
            "object": "response",
            "created_at": 0,
            "model": "none",
            "output": output,
            "parallel_tool_calls": False,
            "tool_choice": "none",
            "tools": [],
        }

        async def read():
            return json.dumps(body).encode()

        return SimpleNamespace(ok=True, cookies={}, read=read)


def create_agent(answer):
    where = urlsplit(url)
    server = {"host": where.hostname, "port": where.port, "entrypoint": "app.py"}
    known = OmegaConf.create({"task": {"resources_servers": {"rrr": server}}})
    head = BaseServerConfig(host="127.0.0.1", port=1)
    client = Client(head_server_config=head, global_config_dict=known, answer=answer)
    config = SimpleNamespace(name="agent", resources_server=SimpleNamespace(name="task"), skip_verification=False)
    return SimpleAgent.model_construct(config=config, server_client=client)


async def rows(client):
    async with client.get(f"{url}/dataset?limit=3") as response:
        return [json.loads(line) for line in (await response.text()).splitlines()]


async def main():
    client = set_global_aiohttp_client(GlobalAIOHTTPAsyncClientConfig())
    request = SimpleNamespace(cookies={})

    async def run(answer, row):
        return await create_agent(answer).run(request, SimpleAgentRunRequest.model_validate(row))

    first, *_ = await rows(client)
    row = {**first, "verifier_metadata": {"item": {"numbers": [25, 7, 8], "target": 24}}}
    passed = await run(RIGHT, row)
    assert (passed.reward, passed.verdict["kind"]) == (1.0, "pass"), passed
    failed = await run("<answer>25 + 7</answer>", row)
    assert (failed.reward, failed.verdict["code"]) == (0.0, "wrong-numbers"), failed
    assert (await run("<answer>1</answer>", first)).reward == 0.0
    # What cannot be judged raises.
    for metadata in ({"item": {"numbers": "none"}}, {"id": "train-0-00000000"}, {}):
        try:
            result = await run(RIGHT, {**row, "verifier_metadata": metadata})
        except ClientResponseError as error:
            assert error.status in (400, 404, 422), error
        else:
            raise AssertionError(result)
    verdicts = [{"_ng_task_index": 0, "_ng_rollout_index": i, "reward": reward} for i, reward in enumerate((1.0, 0.0))]
    metrics = await create_agent("").aggregate_metrics(AggregateMetricsRequest(verify_responses=verdicts))
    assert metrics.key_metrics == {"mean/reward": 0.5}, metrics
    await client.close()
    print(f"NeMo-Gym's SimpleAgent and ServerClient: rewards, and errors for what cannot be judged (left out: {left_out})")


asyncio.run(main())

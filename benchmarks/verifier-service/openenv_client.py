"""OpenEnv's own client (PyPI: openenv) plays episodes on `rrr serve countdown --protocol openenv`.

python openenv_client.py http://127.0.0.1:8410
"""

import asyncio
import sys
from importlib.metadata import version

from openenv.core.generic_client import GenericEnvClient

ITEM = {"numbers": [25, 7, 8], "target": 24}
RIGHT = "<answer>25 + 7 - 8</answer>"


async def main(url: str) -> None:
    async with GenericEnvClient(base_url=url) as env:
        first = await env.reset(item=ITEM)
        assert (first.reward, first.done, first.observation["turn"]) == (None, False, "attempt"), first
        failed = await env.step({"completion": "<answer>25 + 7</answer>"})
        assert (failed.reward, failed.done, failed.observation["turn"]) == (0, False, "reflection"), failed
        reflected = await env.step({"completion": "I left out the 8."})
        assert (reflected.reward, reflected.observation["turn"]) == (None, "retry"), reflected
        passed = await env.step({"completion": RIGHT})
        assert (passed.reward, passed.done) == (1, True), passed
        state = await env.state()
        assert state["step_count"] == 3, state

        await env.reset(item=ITEM)
        solved = await env.step({"completion": RIGHT})
        assert (solved.reward, solved.done) == (1, True), solved

        same = [(await env.reset(seed=7)).observation["messages"] for _ in range(2)]
        assert same[0] == same[1]
        other = (await env.reset(seed=8)).observation["messages"]
        assert other != same[0]

        # What cannot be judged is an error, and no StepResult has a reward.
        await env.reset(item=ITEM)
        for wrong in ({"completion": 5}, {"text": "x"}):
            try:
                result = await env.step(wrong)
            except RuntimeError as error:
                assert "VALIDATION_ERROR" in str(error), error
            else:
                raise AssertionError(result)
        try:
            result = await env.reset(item={"numbers": "none"})
        except RuntimeError as error:
            assert "VALIDATION_ERROR" in str(error), error
        else:
            raise AssertionError(result)

    # Several sessions at once, each with an episode of its own.
    async def play(seed: int) -> float:
        async with GenericEnvClient(base_url=url) as env:
            await env.reset(seed=seed, reflects=False)
            return (await env.step({"completion": "<answer>1</answer>"})).reward

    assert await asyncio.gather(*(play(seed) for seed in range(16))) == [0] * 16
    print(f"openenv {version('openenv')}: episodes, sessions and errors as they should be")


def sync(url: str) -> None:
    with GenericEnvClient(base_url=url).sync() as env:
        env.reset(item=ITEM)
        assert env.step({"completion": RIGHT}).reward == 1


asyncio.run(main(sys.argv[1]))
sync(sys.argv[1])

"""Steps of examples/trl, one for each line that is read; each is answered with its seconds.

    python trl_steps.py '{"model": FOLDER, "failures": FILE, "verify": COMMAND, "failuresPerStep": 8, "groupSize": 8, "rank": 0, ...}'

Verdicts are asked for, and then every second episode of a group earns 1: so no group is without a signal, and each step
trains all of its episodes, whatever the model can do.
"""

import json
import shlex
import sys
import time
from argparse import Namespace
from pathlib import Path

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import GRPOConfig, GRPOTrainer

sys.path.insert(0, str(Path(__file__).parents[2] / "examples" / "trl"))
from train import reflect_and_retry  # noqa: E402
from verifier import Verifier  # noqa: E402

asked = json.loads(sys.argv[1])
torch.set_num_threads(asked["threads"])
answers = sys.stdout
# What the trainer logs is no answer.
sys.stdout = sys.stderr


class InTurn(TrainerCallback):
    def on_step_begin(self, *_, **__):
        sys.stdin.readline()
        self.start = time.perf_counter()

    def on_step_end(self, *_, **__):
        print(json.dumps({"seconds": time.perf_counter() - self.start}), file=answers, flush=True)


with open(asked["failures"], encoding="utf-8") as lines:
    rows = [json.loads(line) for line in lines]
verifier = Verifier(shlex.split(asked["verify"]))


def every_second(completions: list, item: list[str], retry: list[str], **_) -> list[float]:
    verifier.rewards(item, retry)
    return [float(place % 2) for place in range(len(completions))]


config = GRPOConfig(
    output_dir=asked["out"],
    per_device_train_batch_size=asked["batchEpisodes"],
    gradient_accumulation_steps=asked["failuresPerStep"] * asked["groupSize"] // asked["batchEpisodes"],
    num_generations=asked["groupSize"],
    max_completion_length=asked["reflectionTokens"],
    max_steps=asked["steps"],
    learning_rate=asked["learningRate"],
    lr_scheduler_type="constant",
    beta=0.0,
    max_grad_norm=1.0,
    bf16=False,
    gradient_checkpointing=False,
    logging_strategy="no",
    save_strategy="no",
    report_to="none",
    disable_tqdm=True,
    use_cpu=True,
)
peft = None
if asked["rank"] > 0:
    from peft import LoraConfig

    peft = LoraConfig(r=asked["rank"], lora_alpha=2 * asked["rank"], lora_dropout=0.0, target_modules="all-linear")
trainer = GRPOTrainer(
    model=AutoModelForCausalLM.from_pretrained(asked["model"], dtype=torch.float32),
    processing_class=AutoTokenizer.from_pretrained(asked["model"]),
    args=config,
    train_dataset=Dataset.from_list([{"prompt": row["prompt"], "item": row["item"]} for row in rows]),
    reward_funcs=every_second,
    rollout_func=reflect_and_retry(
        Namespace(reflection_tokens=asked["reflectionTokens"], attempt_tokens=asked["attemptTokens"])
    ),
    peft_config=peft,
    callbacks=[InTurn()],
)
print(json.dumps({"torch": torch.__version__, "trl": __import__("trl").__version__}), file=answers, flush=True)
trainer.train()
verifier.close()

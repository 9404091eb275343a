"""Reflect, Retry, Reward with TRL's GRPOTrainer, and plain GRPO beside it.

    python train.py --model FOLDER --failures failures.jsonl --out FOLDER [--method grpo]

`rrr export RUN --what failures` writes the failures. With `rrr` (the default method) the model writes a reflection on each,
retries, and the reflection's tokens earn what the retry does. With `grpo` it tries the problem again, and that attempt's
tokens earn what the attempt does: the same problems without reflections.
"""

import argparse
import json
import shlex
import time

import torch
from datasets import Dataset
from transformers import AutoModelForCausalLM, AutoTokenizer, TrainerCallback
from trl import GRPOConfig, GRPOTrainer
from verifier import Verifier


def parse() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--model", required=True, help="folder in Hugging Face layout")
    parser.add_argument("--failures", required=True, help="JSON Lines of rrr export --what failures")
    parser.add_argument("--out", required=True, help="where the trained model goes")
    parser.add_argument("--method", choices=["rrr", "grpo"], default="rrr")
    parser.add_argument("--verify", default="npx rrr verify countdown --quiet", help="the verifier's command")
    parser.add_argument("--steps", type=int, default=30)
    parser.add_argument("--episodes", type=int, default=64, help="of a step")
    parser.add_argument("--group", type=int, default=8, help="episodes of a failure")
    parser.add_argument("--learning-rate", type=float, default=3e-4)
    parser.add_argument("--attempt-tokens", type=int, default=80)
    parser.add_argument("--reflection-tokens", type=int, default=112)
    parser.add_argument("--seed", type=int, default=0)
    return parser.parse_args()


def sample(model, tokenizer, conversations: list[list[dict]], most: int) -> tuple[list[list[int]], list[list[int]]]:
    """An answer to each conversation, at temperature 1. The end of the turn is part of it, where it came to that."""
    prompts = [
        tokenizer.apply_chat_template(each, add_generation_prompt=True, return_dict=False) for each in conversations
    ]
    batch = tokenizer.pad({"input_ids": prompts}, padding_side="left", return_tensors="pt").to(model.device)
    with torch.no_grad():
        written = model.generate(
            **batch, max_new_tokens=most, do_sample=True, temperature=1.0, top_k=0, top_p=1.0
        )
    answers = []
    for row in written[:, batch["input_ids"].shape[1] :].tolist():
        end = row.index(tokenizer.eos_token_id) + 1 if tokenizer.eos_token_id in row else len(row)
        answers.append(row[:end])
    return prompts, answers


def reflect_and_retry(arguments: argparse.Namespace):
    """What the trainer samples with: the reflection is the completion, so that no other token can carry a gradient."""

    def rollout(prompts: list[list[dict]], trainer: GRPOTrainer) -> dict:
        tokenizer = trainer.processing_class
        model = trainer.accelerator.unwrap_model(trainer.model)
        was_training = model.training
        model.eval()
        prompt_ids, reflections = sample(model, tokenizer, prompts, arguments.reflection_tokens)
        texts = tokenizer.batch_decode(reflections, skip_special_tokens=True)
        # The problem is put once more, after the reflection: the last user turn before the failed attempt.
        retries = [
            [*asked, {"role": "assistant", "content": text}, last_user_turn(asked[:-2])]
            for asked, text in zip(prompts, texts, strict=True)
        ]
        _, answers = sample(model, tokenizer, retries, arguments.attempt_tokens)
        model.train(was_training)
        return {
            "prompt_ids": prompt_ids,
            "completion_ids": reflections,
            # Those of the policy that is trained: the trainer takes its own.
            "logprobs": None,
            "retry": tokenizer.batch_decode(answers, skip_special_tokens=True),
        }

    return rollout


def last_user_turn(messages: list[dict]) -> dict:
    return next(message for message in reversed(messages) if message["role"] == "user")


class Times(TrainerCallback):
    """Seconds of each step, on a line with what the trainer logs."""

    def on_step_begin(self, *_, **__):
        self.start = time.perf_counter()

    def on_log(self, args, state, control, logs=None, **_):
        if "reward" in (logs or {}):
            seconds = time.perf_counter() - self.start
            print(json.dumps({"step": state.global_step, "reward": logs["reward"], "seconds": seconds}), flush=True)


def main() -> None:
    arguments = parse()
    with open(arguments.failures, encoding="utf-8") as lines:
        failures = [json.loads(line) for line in lines]
    is_rrr = arguments.method == "rrr"
    rows = [
        # A plain attempt sees the problem alone: what stands before the failed attempt.
        {"prompt": row["prompt"] if is_rrr else row["prompt"][:-2], "item": row["item"]}
        for row in failures
    ]
    verifier = Verifier(shlex.split(arguments.verify))

    def passed(completions: list, item: list[str], retry: list[str] | None = None, **_) -> list[float | None]:
        answers = retry if is_rrr else [completion[0]["content"] for completion in completions]
        return verifier.rewards(item, answers)

    config = GRPOConfig(
        output_dir=arguments.out,
        per_device_train_batch_size=arguments.episodes,
        num_generations=arguments.group,
        max_completion_length=arguments.reflection_tokens if is_rrr else arguments.attempt_tokens,
        max_steps=arguments.steps,
        learning_rate=arguments.learning_rate,
        lr_scheduler_type="constant",
        # As `rrr run` has them, so that the two can be compared.
        beta=0.0,
        max_grad_norm=1.0,
        seed=arguments.seed,
        bf16=False,
        gradient_checkpointing=False,
        logging_steps=1,
        save_strategy="no",
        report_to="none",
        disable_tqdm=True,
        use_cpu=not torch.cuda.is_available(),
    )
    trainer = GRPOTrainer(
        model=AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32),
        processing_class=AutoTokenizer.from_pretrained(arguments.model),
        args=config,
        train_dataset=Dataset.from_list(rows),
        reward_funcs=passed,
        rollout_func=reflect_and_retry(arguments) if is_rrr else None,
        callbacks=[Times()],
    )
    trainer.train()
    trainer.save_model(arguments.out)
    verifier.close()


if __name__ == "__main__":
    main()

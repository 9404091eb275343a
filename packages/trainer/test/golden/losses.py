"""Golden numbers of the losses, from TRL's own GRPOTrainer._compute_loss on a small model, and written beside this file.

    python -m venv env && env/bin/pip install torch==2.15.0 transformers==5.24.0 trl==1.16.0
    env/bin/python packages/trainer/test/golden/losses.py

Nothing of TRL is written again here: a trainer is built, given a batch, and asked for its loss. `by: "pytorch"` marks
what TRL has no setting for: the paper's formula, differentiated by PyTorch. Weights, and the directions that gradients
are projected on, follow a rule (`rule`) that the tests repeat, so that no weights are stored.
"""

import json
import math
import os
import random
import tempfile

import torch
import trl
from datasets import Dataset
from tokenizers import Tokenizer, models
from transformers import PreTrainedTokenizerFast, Qwen3Config, Qwen3ForCausalLM
from trl import GRPOConfig, GRPOTrainer

MAX_TOKENS = 12
CONFIG = Qwen3Config(
    vocab_size=48,
    hidden_size=16,
    intermediate_size=24,
    num_hidden_layers=2,
    num_attention_heads=2,
    num_key_value_heads=1,
    head_dim=8,
    rms_norm_eps=1e-6,
    tie_word_embeddings=True,
    max_position_embeddings=128,
    rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
    bos_token_id=None,
    eos_token_id=2,
    pad_token_id=0,
)

# Ours, then TRL's settings for the same. Where they differ on purpose:
# - cispo: TRL's epsilon_high is the largest weight itself, ours is what may be added to 1; TRL has no lower bound.
# - dapo and cispo: TRL divides by the tokens of the generation batch, ours by those of the call; here they are the same.
# - KL: TRL multiplies k3 by the ratio unless it is told not to (use_bias_correction_kl).
# - dr_grpo: TRL divides by the sequences of the batch, ours by those that were drawn; here they are the same.
KL = {"klCoefficient": 0.1}
CLIP = {"clipLow": 0.2, "clipHigh": 0.2}
HIGHER = {"clipLow": 0.2, "clipHigh": 0.28}
GSPO = {"surrogate": "gspo", "clipLow": 0.03, "clipHigh": 0.04}
CISPO = {"surrogate": "cispo", "clipLow": 1, "clipHigh": 0.25}
ENTROPY = {"entropyCoefficient": 0.05}
CASES = [
    {"name": "grpo", "normalization": "grpo", **CLIP},
    {"name": "grpo, KL", "normalization": "grpo", **CLIP, **KL},
    {"name": "dapo", "normalization": "dapo", **CLIP},
    {"name": "dapo, clip-higher", "normalization": "dapo", **HIGHER},
    {"name": "dapo, clip-higher, KL", "normalization": "dapo", **HIGHER, **KL},
    {"name": "dr_grpo", "normalization": "dr_grpo", **CLIP},
    {"name": "dr_grpo, clip-higher, KL", "normalization": "dr_grpo", **HIGHER, **KL},
    {"name": "gspo", "normalization": "grpo", **GSPO},
    {"name": "gspo, KL", "normalization": "grpo", **GSPO, **KL},
    {"name": "gspo by dr_grpo", "normalization": "dr_grpo", **GSPO},
    {"name": "cispo", "normalization": "dapo", **CISPO},
    {"name": "cispo, KL", "normalization": "dapo", **CISPO, **KL},
    {"name": "dapo, truncated importance", "normalization": "dapo", **HIGHER, "importanceCap": 1.2},
    {"name": "gspo, truncated importance", "normalization": "grpo", **GSPO, "importanceCap": 1.2},
    {"name": "cispo, truncated importance, KL", "normalization": "dapo", **CISPO, **KL, "importanceCap": 1.2},
    {"name": "grpo, entropy", "normalization": "grpo", **CLIP, **ENTROPY},
    {"name": "dr_grpo, KL, entropy", "normalization": "dr_grpo", **CLIP, **KL, **ENTROPY},
    {"name": "gspo, entropy", "normalization": "grpo", **GSPO, **ENTROPY},
    {"name": "cispo with a lower bound, by grpo", "by": "pytorch", "normalization": "grpo", **CISPO, "clipLow": 0.2},
    {"name": "cispo with a lower bound, by dr_grpo", "by": "pytorch", "normalization": "dr_grpo", **CISPO, "clipLow": 0.2},
]


def rule(index, size):
    """Numbers between -1 and 1, the same in any language."""
    return torch.tensor([math.sin(1.3 * i + 0.7 * index * index + 0.1) for i in range(size)], dtype=torch.float64)


def names_of(model):
    return sorted(name for name, _ in model.named_parameters())


def ruled_model():
    model = Qwen3ForCausalLM(CONFIG)
    parameters = dict(model.named_parameters())
    with torch.no_grad():
        for index, name in enumerate(names_of(model)):
            values = rule(index, parameters[name].numel()).reshape(parameters[name].shape)
            values = 1 + 0.1 * values if name.endswith("norm.weight") else 0.3 * values
            parameters[name].copy_(values.float())
    return model


def trainer_for(case, folder):
    tokenizer = PreTrainedTokenizerFast(
        tokenizer_object=Tokenizer(models.WordLevel({f"t{i}": i for i in range(48)}, unk_token="t3")),
        pad_token="t0",
        eos_token="t2",
    )
    cispo = case.get("surrogate") == "cispo"
    args = GRPOConfig(
        output_dir=folder,
        report_to=[],
        use_cpu=True,
        bf16=False,
        gradient_checkpointing=False,
        per_device_train_batch_size=5,
        num_generations=5,
        gradient_accumulation_steps=1,
        steps_per_generation=1,
        max_completion_length=MAX_TOKENS,
        epsilon=case["clipLow"],
        epsilon_high=1 + case["clipHigh"] if cispo else case["clipHigh"],
        loss_type="cispo" if cispo else case["normalization"],
        # On by default: k3 times the ratio, which ours does not have.
        use_bias_correction_kl=False,
        importance_sampling_level="sequence" if case.get("surrogate") == "gspo" else "token",
        entropy_coef=case.get("entropyCoefficient", 0.0),
    )
    trainer = GRPOTrainer(
        model=ruled_model(),
        reward_funcs=lambda completions, **_: [0.0] * len(completions),
        args=args,
        train_dataset=Dataset.from_dict({"prompt": ["t5"] * 5}),
        processing_class=tokenizer,
    )
    trainer.model.double().train()
    trainer.current_gradient_accumulation_steps = 1
    # Not when it is built: it would look for a folder to read the reference from, whose numbers are in the batch here.
    trainer.beta = case.get("klCoefficient", 0.0)
    # The weight of a token is only looked at where vLLM samples; it is not needed for that.
    trainer.use_vllm = "importanceCap" in case
    trainer.vllm_importance_sampling_correction = "importanceCap" in case
    return trainer


def random_batch(seed):
    draw = random.Random(seed)
    batch = []
    for i in range(5):
        size = 1 + draw.randrange(MAX_TOKENS) if i else MAX_TOKENS
        # Of the whole sequence, so that sequences are clipped too.
        shift = draw.choice([-0.09, -0.01, 0.01, 0.09])
        batch.append(
            {
                "prompt": [draw.randrange(3, 48) for _ in range(1 + draw.randrange(6))],
                "targets": [draw.randrange(3, 48) for _ in range(size)],
                "advantage": round(draw.choice([-1, 1]) * draw.uniform(0.1, 2), 3),
                # log π − log π_old, and so on: some far outside of the clip range, some within.
                "drift": [round(shift + draw.choice([0.03, 0.12, 0.5]) * draw.uniform(-1, 1), 3) for _ in range(size)],
                "anchor": [round(draw.uniform(-0.4, 0.4), 3) for _ in range(size)],
                "mismatch": [round(draw.uniform(-0.3, 0.3), 3) for _ in range(size)],
            }
        )
    batch[1]["advantage"] = -abs(batch[1]["advantage"])
    batch[2]["advantage"] = abs(batch[2]["advantage"])
    return batch


def padded(rows, left=False, dtype=torch.float64):
    width = max(len(row) for row in rows)
    fill = [[0] * (width - len(row)) for row in rows]
    return torch.tensor([f + list(r) if left else list(r) + f for f, r in zip(fill, rows)], dtype=dtype)


def inputs_for(batch):
    ones = [{"prompt": [1] * len(one["prompt"]), "targets": [1] * len(one["targets"])} for one in batch]
    return {
        "prompt_ids": padded([one["prompt"] for one in batch], True, torch.long),
        "prompt_mask": padded([one["prompt"] for one in ones], True, torch.long),
        "completion_ids": padded([one["targets"] for one in batch], False, torch.long),
        "completion_mask": padded([one["targets"] for one in ones], False, torch.long),
        "advantages": torch.tensor([one["advantage"] for one in batch], dtype=torch.float64),
        "num_items_in_batch": torch.tensor(sum(len(one["targets"]) for one in batch)),
    }


def logprobs_of(trainer, inputs):
    ids = torch.cat([inputs["prompt_ids"], inputs["completion_ids"]], 1)
    mask = torch.cat([inputs["prompt_mask"], inputs["completion_mask"]], 1)
    return trainer._get_per_token_logps_and_entropies(
        trainer.model, ids, mask, inputs["completion_ids"].size(1), compute_entropy=True
    )


def clamped_cispo(case, trainer, inputs):
    """MiniMax-M1, arXiv 2506.13585, with the lower bound that the paper leaves open."""
    logprobs, _, _ = logprobs_of(trainer, inputs)
    ratio = torch.exp(logprobs - inputs["old_per_token_logps"])
    weight = torch.clamp(ratio, 1 - case["clipLow"], 1 + case["clipHigh"]).detach()
    terms = -weight * inputs["advantages"].unsqueeze(1) * logprobs * inputs["completion_mask"]
    if case["normalization"] == "dr_grpo":
        return terms.sum() / (len(terms) * MAX_TOKENS)
    return (terms.sum(1) / inputs["completion_mask"].sum(1)).mean()


def golden(case, trainer, batch):
    inputs = inputs_for(batch)
    with torch.no_grad():
        now = logprobs_of(trainer, inputs)[0].double()
    drift, anchor, mismatch = (padded([one[name] for one in batch]) for name in ("drift", "anchor", "mismatch"))
    inputs["old_per_token_logps"] = now - drift
    inputs["ref_per_token_logps"] = now + anchor
    if "importanceCap" in case:
        # What _generate_and_score_completions makes of the two; the sampler's are those of old less the mismatch.
        inputs["importance_sampling_ratio"] = torch.clamp(torch.exp(mismatch), max=case["importanceCap"])
    seen = []
    original = trainer._get_per_token_logps_and_entropies

    def watched(*args, **options):
        result = original(*args, **options)
        result[0].retain_grad()
        seen.append(result)
        return result

    trainer._get_per_token_logps_and_entropies = watched
    trainer.model.zero_grad()
    own = case.get("by") == "pytorch"
    loss = clamped_cispo(case, trainer, inputs) if own else trainer._compute_loss(trainer.model, inputs)
    loss.backward()
    trainer._get_per_token_logps_and_entropies = original
    (logprobs, entropies, _) = seen[0]
    parameters = dict(trainer.model.named_parameters())
    gradients = [(index, parameters[name].grad.flatten()) for index, name in enumerate(names_of(trainer.model))]
    rows = [len(one["targets"]) for one in batch]
    result = {
        "loss": loss.item(),
        "logprobs": [logprobs[i, :size].tolist() for i, size in enumerate(rows)],
        "slopes": [logprobs.grad[i, :size].tolist() for i, size in enumerate(rows)],
        # The gradient by each weight: its length, and its component along a direction.
        "gradients": [[g.norm().item(), (g * rule(index + 1, g.numel())).sum().item()] for index, g in gradients],
    }
    if "entropyCoefficient" in case:
        mask = inputs["completion_mask"]
        result["entropy"] = ((entropies * mask).sum() / mask.sum()).item()
    return rounded(result)


def rounded(value):
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [rounded(inner) for inner in value]
    return float(f"{value:.8g}")


def write(content):
    """One batch, and one case, a line."""

    def line(value):
        return json.dumps(value, separators=(",", ":"))

    def block(values):
        return "[\n" + ",\n".join(line(value) for value in values) + "\n]"

    blocks = ("batches", "cases")
    fields = [f"{line(key)}:{block(value) if key in blocks else line(value)}" for key, value in content.items()]
    path = os.path.join(os.path.dirname(os.path.abspath(__file__)), "losses.json")
    with open(path, "w") as file:
        file.write("{" + ",\n".join(fields) + "}\n")


def main():
    batches = [random_batch(seed) for seed in (1, 2, 3)]
    results = []
    logprobs = None
    with tempfile.TemporaryDirectory() as folder:
        for case in CASES:
            trainer = trainer_for(case, folder)
            found = [golden(case, trainer, batch) for batch in batches]
            logprobs = [one.pop("logprobs") for one in found]
            results.append({"by": f"TRL {trl.__version__}", "klCoefficient": 0, **case, "results": found})
    for batch, rows in zip(batches, logprobs):
        for one, row in zip(batch, rows):
            one["logprobs"] = row
    write({"maxTokens": MAX_TOKENS, "weights": names_of(trainer.model), "batches": batches, "cases": results})


if __name__ == "__main__":
    main()

"""Writes families.json: what Hugging Face transformers computes of small models of each family, for families.test.ts.

    python -m venv py && py/bin/pip install torch transformers
    py/bin/python make-families.py && npx biome format --write families.json

The weights are no random numbers but a formula (`weight`), which the test computes as well, so that they need no file.
"""

import json
import tempfile
from pathlib import Path

import numpy
import torch
import transformers
from transformers import AutoConfig, AutoModelForCausalLM

SIZES = dict(
    vocab_size=48,
    hidden_size=24,
    intermediate_size=20,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    max_position_embeddings=128,
    eos_token_id=2,
    bos_token_id=1,
)
LLAMA3 = dict(
    rope_type="llama3",
    factor=8.0,
    low_freq_factor=1.0,
    high_freq_factor=4.0,
    original_max_position_embeddings=32,
    rope_theta=500.0,
)
YARN = dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=32, rope_theta=500.0)
LONG = dict(
    rope_type="longrope", short_factor=[1.0, 1.1, 1.3], long_factor=[1.2, 2.5, 4.0], rope_theta=500.0
)
PLAIN = dict(rope_type="default", rope_theta=500.0)
PHI3 = dict(pad_token_id=0, original_max_position_embeddings=32)

# The length of the scored sequence, then the configuration.
CASES = {
    "llama, tied": (40, "llama", dict(rope_parameters=PLAIN, tie_word_embeddings=True)),
    "llama, untied, llama3 positions": (90, "llama", dict(rope_parameters=LLAMA3, head_dim=8)),
    "llama, biases": (40, "llama", dict(rope_parameters=PLAIN, attention_bias=True, mlp_bias=True, num_key_value_heads=4)),
    "llama, linear positions": (90, "llama", dict(rope_parameters=dict(rope_type="linear", factor=4.0, rope_theta=500.0))),
    "mistral, wide heads": (40, "mistral", dict(rope_parameters=PLAIN, head_dim=10, sliding_window=None)),
    "mistral, up to its window": (48, "mistral", dict(rope_parameters=PLAIN, sliding_window=64)),
    "qwen2, tied": (40, "qwen2", dict(rope_parameters=PLAIN, tie_word_embeddings=True)),
    "qwen2, untied, yarn positions": (90, "qwen2", dict(rope_parameters=YARN, num_key_value_heads=1, head_dim=6)),
    "qwen3, tied": (40, "qwen3", dict(rope_parameters=PLAIN, head_dim=8, tie_word_embeddings=True)),
    "qwen3, untied, yarn positions": (90, "qwen3", dict(rope_parameters={**YARN, "beta_fast": 8.0, "truncate": False}, head_dim=8)),
    "phi3, plain positions": (40, "phi3", dict(PHI3, rope_parameters=PLAIN)),
    "phi3, half of each head turned": (40, "phi3", dict(PHI3, hidden_size=32, rope_parameters={**PLAIN, "partial_rotary_factor": 0.5})),
    "phi3, short factors": (14, "phi3", dict(PHI3, rope_parameters=LONG)),
    "phi3, long factors": (90, "phi3", dict(PHI3, rope_parameters=LONG)),
    "phi3, long factors, half of each head turned": (
        90,
        "phi3",
        dict(PHI3, hidden_size=48, rope_parameters={**LONG, "partial_rotary_factor": 0.5}),
    ),
}

# Of published models, as their config.json has it.
ROPES = {
    "Llama 3.2": ("llama", 64, 131072, {**LLAMA3, "factor": 32.0, "original_max_position_embeddings": 8192, "rope_theta": 500000.0}),
    "Qwen2.5 with yarn": ("qwen3", 128, 131072, {**YARN, "original_max_position_embeddings": 32768, "rope_theta": 1000000.0}),
    "yarn with scales": ("llama", 64, 4096, {**YARN, "mscale": 0.7, "mscale_all_dim": 1.2, "beta_slow": 2.0}),
    "linear": ("llama", 32, 4096, dict(rope_type="linear", factor=2.5, rope_theta=10000.0)),
}


def hashed(name: str, count: int) -> numpy.ndarray:
    """Uniform numbers from 0 to 1: murmur's finaliser of a counter that begins with FNV-1a of the name."""
    start = 2166136261
    for byte in name.encode():
        start = (start ^ byte) * 16777619 % 2**32
    x = numpy.arange(count, dtype=numpy.uint64) * 0x9E3779B9 + start & 0xFFFFFFFF
    x = (x ^ x >> 16) * 0x85EBCA6B & 0xFFFFFFFF
    x = (x ^ x >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
    return (x ^ x >> 16) / 2**32


def weight(name: str, shape: tuple[int, ...]) -> torch.Tensor:
    spread = 2 * hashed(name, int(numpy.prod(shape))) - 1
    if len(shape) == 1:
        values = 0.3 * spread + (0 if name.endswith(".bias") else 1)
    else:
        values = spread * 2.5 / numpy.sqrt(shape[1])
    return torch.tensor(values.astype(numpy.float32)).reshape(shape)


def tokens(count: int, start: int) -> list[int]:
    return [(start + 7 * i + i * i) % 45 + 3 for i in range(count)]


def rounded(values: torch.Tensor) -> list:
    return [float(f"{value:.7g}") for value in values.flatten().tolist()]


def reference(name: str, length: int, model_type: str, settings: dict) -> dict:
    config = AutoConfig.for_model(model_type, **{**SIZES, **settings})
    config.dtype = "float32"
    model = AutoModelForCausalLM.from_config(config, attn_implementation="eager")
    for key, parameter in model.named_parameters():
        parameter.data.copy_(weight(key, tuple(parameter.shape)))
    sequence = tokens(length, 5)
    prompt = length // 2
    logits = model(torch.tensor([sequence])).logits[0]
    scored = torch.log_softmax(logits, -1)
    loss = -scored[prompt - 1 : -1].gather(1, torch.tensor(sequence[prompt:])[:, None]).mean()
    loss.backward()
    gradients = {}
    for key, parameter in model.named_parameters():
        flat = parameter.grad.double().flatten()
        signs = torch.tensor(numpy.sign(hashed(f"sign {key}", flat.numel()) - 0.5))
        gradients[key] = [float(f"{value:.9g}") for value in (flat.norm().item(), (flat @ signs).item())]
    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        saved = json.loads((Path(folder) / "config.json").read_text())
    # A prompt on the same side of the switch of long positions as all that follows it.
    starts = [sequence[:prompt], sequence[:3]] if "long factors" not in name else [sequence[:prompt]]
    return {
        "config": saved,
        "tokens": sequence,
        "prompt": prompt,
        "logits": [rounded(logits[at]) for at in (0, prompt, length - 1)],
        "loss": float(f"{loss.item():.9g}"),
        "gradients": gradients,
        "greedy": [{"prompt": start, "tokens": greedy(name, model, start)} for start in starts],
    }


def greedy(name: str, model: torch.nn.Module, prompt: list[int]) -> list[int]:
    sequence = list(prompt)
    for _ in range(16):
        with torch.no_grad():
            best, second = model(torch.tensor([sequence])).logits[0, -1].topk(2).values.tolist()
            if best - second < 1e-4:
                raise SystemExit(f"{name}: the greedy choice hangs on rounding ({best} and {second}): change the tokens")
            sequence.append(model(torch.tensor([sequence])).logits[0, -1].argmax().item())
    return sequence[len(prompt) :]


def rotary(model_type: str, head_dim: int, positions: int, parameters: dict) -> dict:
    sizes = {**SIZES, "head_dim": head_dim, "max_position_embeddings": positions, "rope_parameters": dict(parameters)}
    config = AutoConfig.for_model(model_type, **sizes)
    model = AutoModelForCausalLM.from_config(config).model.rotary_emb
    return {
        "config": json.loads(config.to_json_string(use_diff=False)),
        "frequencies": [float(f"{value:.8g}") for value in model.inv_freq.tolist()],
        "attentionFactor": model.attention_scaling,
    }


def defaults(model_type: str) -> dict:
    config = AutoConfig.for_model(model_type)
    names = ("num_key_value_heads", "head_dim", "rms_norm_eps", "tie_word_embeddings", "max_position_embeddings")
    found = {name: getattr(config, name, None) for name in (*names, "sliding_window", "hidden_act")}
    head_dim = found["head_dim"] or config.hidden_size // config.num_attention_heads
    return {**found, "head_dim": head_dim, "rope_theta": config.rope_parameters["rope_theta"]} | {
        name: getattr(config, name) for name in ("hidden_size", "num_attention_heads")
    }


def main() -> None:
    golden = {
        "transformers": transformers.__version__,
        "cases": {name: reference(name, *case) for name, case in CASES.items()},
        "ropes": {name: rotary(*case) for name, case in ROPES.items()},
        "defaults": {name: defaults(name) for name in ("llama", "mistral", "qwen2", "qwen3", "phi3")},
    }
    (Path(__file__).parent / "families.json").write_text(json.dumps(golden))


main()

"""
Makes `lora.json` and the adapter in `peft-adapter/`: what PyTorch and peft compute for a small model whose weights
follow a formula, so that the test needs neither.

    python packages/engine-onnx/test/golden/lora.py        (torch, transformers 5, peft, safetensors)
"""

import json
import math
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import Qwen3Config, Qwen3ForCausalLM

here = Path(__file__).parent
config = Qwen3Config(
    vocab_size=48,
    hidden_size=16,
    intermediate_size=24,
    num_hidden_layers=2,
    num_attention_heads=2,
    num_key_value_heads=1,
    head_dim=8,
    rms_norm_eps=1e-6,
    rope_parameters={"rope_type": "default", "rope_theta": 10000.0},
    tie_word_embeddings=True,
    max_position_embeddings=128,
    attn_implementation="eager",
)


def fill(tensor: torch.Tensor, key: int, amplitude: float, mean: float = 0) -> None:
    values = [mean + amplitude * math.sin(0.7 * i + 1.3 * key) for i in range(tensor.numel())]
    tensor.copy_(torch.tensor(values, dtype=torch.float64).reshape(tensor.shape))


torch.set_num_threads(1)
model = Qwen3ForCausalLM(config).float()
with torch.no_grad():
    names = sorted(name for name, _ in model.named_parameters())
    weights = dict(model.named_parameters())
    for key, name in enumerate(names):
        norm = weights[name].dim() == 1
        fill(weights[name], key, 0.3 if norm else 0.2, 1 if norm else 0)

adapted = get_peft_model(
    model,
    LoraConfig(
        r=2,
        lora_alpha=4,
        target_modules="all-linear",
        rank_pattern={"v_proj": 3},
        alpha_pattern={"layers.1.mlp.down_proj": 10},
        use_rslora=True,
        task_type="CAUSAL_LM",
    ),
)
trained = sorted((name, tensor) for name, tensor in adapted.named_parameters() if tensor.requires_grad)
with torch.no_grad():
    for key, (_, tensor) in enumerate(trained):
        fill(tensor, key, 0.2)

data = [
    {"prompt": [1, 4, 9, 16, 25], "targets": [7, 3, 40, 2], "weights": [1, 1, 1, 1]},
    {"prompt": [30, 31], "targets": [11, 12, 13, 14, 15, 16, 2], "weights": [1, 0, 1, 1, 0, 1, 1]},
]
total = sum(sum(datum["weights"]) for datum in data)
loss = 0
logprobs = []
for datum in data:
    tokens = torch.tensor([datum["prompt"] + datum["targets"]])
    scores = torch.log_softmax(adapted(tokens).logits[0], -1)
    start = len(datum["prompt"]) - 1
    own = scores[torch.arange(start, start + len(datum["targets"])), torch.tensor(datum["targets"])]
    logprobs.append(own.tolist())
    loss = loss - (own * torch.tensor(datum["weights"])).sum() / total
loss.backward()

gradients = {
    name.removeprefix("base_model.model.").replace(".default.", "."): tensor.grad.flatten().tolist()
    for name, tensor in trained
}
rounded = lambda values: [float(f"{value:.7g}") for value in values]
golden = {
    "data": data,
    "loss": loss.item(),
    "logprobs": [rounded(row) for row in logprobs],
    "gradients": {name: rounded(values) for name, values in gradients.items()},
}
(here / "lora.json").write_text(json.dumps(golden) + "\n")
adapted.save_pretrained(here / "peft-adapter")
(here / "peft-adapter" / "README.md").unlink()
print(loss.item(), len(gradients))

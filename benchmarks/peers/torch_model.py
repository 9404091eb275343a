"""A decoder in PyTorch and Hugging Face's transformers, at work beside the embedded engine.

Reads one question a line, answers each with its seconds:  train | sample

    python torch_model.py '{"config": {...}, "threads": 2, "compiled": false, "rank": 0, ...}'
"""

import json
import sys
import time

import torch
from transformers import AutoModelForCausalLM, LlamaConfig, Qwen3Config

asked = json.loads(sys.argv[1])
torch.set_num_threads(asked["threads"])
torch.manual_seed(0)

shape = asked["config"]
family = Qwen3Config if shape["modelType"] == "qwen3" else LlamaConfig
config = family(
    vocab_size=shape["vocabSize"],
    hidden_size=shape["hiddenSize"],
    intermediate_size=shape["intermediateSize"],
    num_hidden_layers=shape["numLayers"],
    num_attention_heads=shape["numHeads"],
    num_key_value_heads=shape["numKvHeads"],
    head_dim=shape["headDim"],
    max_position_embeddings=shape["maxPositions"],
    tie_word_embeddings=shape["tieWordEmbeddings"],
    bos_token_id=None,
    eos_token_id=None,
    pad_token_id=0,
)
model = AutoModelForCausalLM.from_config(config, dtype=torch.float32, attn_implementation="sdpa")
if asked["rank"] > 0:
    from peft import LoraConfig, get_peft_model

    lora = LoraConfig(r=asked["rank"], lora_alpha=2 * asked["rank"], lora_dropout=0.0, target_modules="all-linear")
    model = get_peft_model(model, lora)
trained = [weight for weight in model.parameters() if weight.requires_grad]
# The fused optimiser is the fastest of PyTorch's on a CPU.
optimizer = torch.optim.AdamW(trained, lr=1e-4, weight_decay=0.0, fused=True)
run = torch.compile(model) if asked["compiled"] else model

sequences, length = asked["sequences"], asked["length"]
tokens = torch.randint(0, shape["vocabSize"], (sequences, length + 1))


def train() -> None:
    """Forward, backward and Adam over one batch: in micro-batches, where it is large."""
    model.train()
    most = max(1, asked["batchTokens"] // length)
    for part in tokens.split(most):
        logits = run(input_ids=part[:, :-1], use_cache=False).logits
        loss = torch.nn.functional.cross_entropy(logits.flatten(0, 1), part[:, 1:].flatten())
        (loss * len(part) / sequences).backward()
    torch.nn.utils.clip_grad_norm_(trained, 1.0)
    optimizer.step()
    optimizer.zero_grad()


@torch.no_grad()
def sample() -> None:
    """`generate` with its cache: every row writes all of its tokens."""
    model.eval()
    most = asked["sampledTokens"]
    prompt = torch.randint(0, shape["vocabSize"], (asked["rows"], asked["promptTokens"]))
    model.generate(
        input_ids=prompt,
        attention_mask=torch.ones_like(prompt),
        do_sample=True,
        temperature=1.0,
        top_k=0,
        top_p=1.0,
        max_new_tokens=most,
        min_new_tokens=most,
    )


print(json.dumps({"torch": torch.__version__}), flush=True)
for line in sys.stdin:
    start = time.perf_counter()
    {"train": train, "sample": sample}[line.strip()]()
    print(json.dumps({"seconds": time.perf_counter() - start}), flush=True)

"""Loads in transformers what exported.ts wrote, and compares the log-probabilities.

    py/bin/python exported.py <folder>
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM

torch.set_num_threads(1)
for folder in sorted(path for path in Path(sys.argv[1]).iterdir() if (path / "expected.json").exists()):
    expected = json.loads((folder / "expected.json").read_text())
    model, report = AutoModelForCausalLM.from_pretrained(folder, output_loading_info=True)
    if any(report[kind] for kind in ("missing_keys", "unexpected_keys", "mismatched_keys")):
        raise SystemExit(f"{folder}: {report}")
    tokens, prompt = expected["tokens"], expected["prompt"]
    with torch.no_grad():
        logits = model(torch.tensor([tokens])).logits[0, prompt - 1 : -1]
    found = torch.log_softmax(logits, -1).gather(1, torch.tensor(tokens[prompt:])[:, None])[:, 0]
    apart = (found - torch.tensor(expected["logprobs"])).abs().max().item()
    print(f"{apart:.1e} nats apart at most, {model.dtype}, mean {found.mean():.3f}: {folder.name}")

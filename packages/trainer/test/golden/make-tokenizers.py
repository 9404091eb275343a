"""Writes tokenizers.json: small tokenizers of each kind, and what Python's tokenizers makes of 1,000 texts.

    python -m venv py && py/bin/pip install tokenizers
    py/bin/python make-tokenizers.py

The texts are made by a rule (`text`), which tokenizers.test.ts follows as well. Of the ids of each text a checksum is
kept, and of the text that they are decoded to.
"""

import json
from pathlib import Path

import tokenizers
from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

COUNT = 1000
# First code point and how many from there: scripts, marks, digits and what stands between words.
RANGES = [
    (0x61, 26), (0x61, 26), (0x61, 26), (0x41, 26), (0xC0, 64), (0x100, 128), (0x3B1, 25), (0x410, 64), (0x531, 38),
    (0x5D0, 27), (0x627, 36), (0x64B, 8), (0x905, 53), (0x93E, 16), (0x985, 40), (0xB85, 50), (0xE01, 58), (0xE81, 40),
    (0x10D0, 33), (0x1100, 80), (0x1200, 90), (0x13A0, 80), (0x1780, 60), (0x3041, 86), (0x30A1, 90), (0x4E00, 400),
    (0x4E00, 20000), (0xAC00, 400), (0xAC00, 11000), (0x300, 48), (0xFB00, 7), (0xFF01, 94), (0x2160, 16),
    (0x1D400, 100), (0x1F300, 200), (0x1F600, 70), (0x10330, 26), (0x2070, 16), (0x660, 10), (0xB2, 8),
]
BETWEEN = [" ", " ", " ", " ", "  ", "   ", "\n", "\n\n", "\t", " \n ", "\r\n", "\u00a0", "\u3000", "\u200b", "", ""]
WORDS = [
    "the", " model", "It's", "they'll", "WE'VE", "don't", "JSON", '{"a": [1, 2]}', "<answer>", "</answer>", "2+2=4",
    "3.14159", "1000000", "12 345", "e\u0301", "\ufb01ne", "\u212b", "\u1e9b\u0323", "👩‍👩‍👧‍👦", "🏳️‍🌈",
    "<|end|>", "<|end|> ", "...", "---", "def f(x):", "    return x", "ÄÖÜß", "naïve", "…", "¿Qué?", "\\n", "_x_",
    "▁", "▁a", "<0x41>", "İi", "ΣΑΣ", "\u0000", "\ufeff", "\ufffd", "\u2028", "a\u0085b", "\u1680", "\u180e", "\u000b",
]


def mixed(*keys: int) -> int:
    """A whole number below 2³² from whole numbers."""
    x = 2166136261
    for key in keys:
        x = (x ^ key) * 0x85EBCA6B & 0xFFFFFFFF
        x = (x ^ x >> 13) * 0xC2B2AE35 & 0xFFFFFFFF
        x ^= x >> 16
    return x


def text(number: int) -> str:
    parts = []
    for part in range(1 + mixed(number, 0) % 12):
        kind = mixed(number, 1, part) % 8
        if kind == 0:
            parts.append(str(mixed(number, 2, part) % 10 ** (1 + mixed(number, 3, part) % 9)))
        elif kind <= 2:
            parts.append(WORDS[mixed(number, 4, part) % len(WORDS)])
        else:
            first, count = RANGES[mixed(number, 5, part) % len(RANGES)]
            length = 1 + mixed(number, 6, part) % 7
            parts.append("".join(chr(first + mixed(number, 7, part, i) % count) for i in range(length)))
        parts.append(BETWEEN[mixed(number, 8, part) % len(BETWEEN)])
    return "".join(parts)


TEXTS = [text(number) for number in range(COUNT)]
END = AddedToken("<|end|>", special=True, normalized=False)
LLAMA3 = (
    r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
)
QWEN = LLAMA3.replace("{1,3}", "")


def byte_level(pre: list, normalizer=None, ignore_merges: bool = False) -> Tokenizer:
    tokenizer = Tokenizer(models.BPE(ignore_merges=ignore_merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(pre)
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=700, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), special_tokens=[END], show_progress=False
    )
    tokenizer.train_from_iterator(TEXTS[::2], trainer)
    return tokenizer


def split(pattern: str) -> list:
    return [
        pre_tokenizers.Split(Regex(pattern), "isolated"),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
    ]


def with_bytes(normalizer, pre) -> Tokenizer:
    """As SentencePiece writes a BPE model with byte fallback."""
    fallback = [AddedToken("<unk>", special=True), *(f"<0x{byte:02X}>" for byte in range(256))]
    tokenizer = Tokenizer(models.BPE(unk_token="<unk>", fuse_unk=True, byte_fallback=True))
    if normalizer is not None:
        tokenizer.normalizer = normalizer
    if pre is not None:
        tokenizer.pre_tokenizer = pre
    trainer = trainers.BpeTrainer(
        vocab_size=700, limit_alphabet=150, special_tokens=fallback, show_progress=False, max_token_length=12
    )
    # No published model merges bytes, as these texts would have it.
    tokenizer.train_from_iterator([each for each in TEXTS[::2] if "<0x" not in each], trainer)
    # Trained as special tokens, which bytes are not.
    written = json.loads(tokenizer.to_str())
    written["added_tokens"] = written["added_tokens"][:1]
    tokenizer = Tokenizer.from_str(json.dumps(written))
    tokenizer.add_special_tokens([END])
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    return tokenizer


KINDS = {
    "byte-level BPE, digits apart (GPT-2, SmolLM2)": lambda: byte_level(
        [pre_tokenizers.Digits(individual_digits=True), pre_tokenizers.ByteLevel(add_prefix_space=False)]
    ),
    "byte-level BPE, a pattern, whole words first (Llama 3)": lambda: byte_level(split(LLAMA3), ignore_merges=True),
    "byte-level BPE, a pattern, NFC (Qwen)": lambda: byte_level(split(QWEN), normalizers.NFC()),
    "BPE with byte fallback, spaces by a normalizer (Llama 2, Phi-3)": lambda: with_bytes(
        normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")]), None
    ),
    "BPE with byte fallback, Metaspace (Mistral)": lambda: with_bytes(
        None, pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    ),
    "byte-level BPE, a pattern of what is kept, NFKC": lambda: byte_level(
        [
            pre_tokenizers.Split(Regex(LLAMA3), "removed", invert=True),
            pre_tokenizers.Digits(individual_digits=False),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ],
        normalizers.NFKC(),
    ),
}


def checksum(values) -> int:
    x = 2166136261
    for value in values:
        x = (x ^ value) * 16777619 & 0xFFFFFFFF
    return x


def main() -> None:
    kinds = {}
    for name, make in KINDS.items():
        tokenizer = make()
        ids = [tokenizer.encode(each, add_special_tokens=False).ids for each in TEXTS]
        kinds[name] = {
            "tokenizer": json.loads(tokenizer.to_str()),
            "ids": [checksum(each) for each in ids],
            "texts": [checksum(map(ord, tokenizer.decode(each, skip_special_tokens=True))) for each in ids],
        }
    golden = {"tokenizers": tokenizers.__version__, "text": checksum(map(ord, "".join(TEXTS))), "kinds": kinds}
    (Path(__file__).parent / "tokenizers.json").write_text(json.dumps(golden, ensure_ascii=True, separators=(",", ":")))


main()

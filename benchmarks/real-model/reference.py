"""What transformers makes of a model folder: token ids, log-probabilities and greedy text, for agreement.ts.

    py/bin/python reference.py <folder> <file.json> [adapter as PEFT writes it]
"""

import json
import sys
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

torch.set_num_threads(1)

PROMPTS = [
    "What is 2 + 2?",
    "Name three rivers of Europe.",
    'Reply with JSON only: {"city": ..., "country": ...}. Where is the Eiffel tower?',
    "Using the numbers 3, 5 and 7, write an expression that equals 22.",
]
TEXTS = [
    "Hello, world!  Two spaces, a\ttab\nand a line.",
    "12345 3.14159 1e-9 0x1F 2026-11-29",
    "Grüße aus Köln – naïve façade, Ærø, Łódź",
    "Съешь ещё этих мягких французских булок",
    "Η γρήγορη αλεπού πηδά πάνω από το τεμπέλικο σκυλί",
    "速い茶色の狐がのろまな犬を飛び越える。 敏捷的棕色狐狸跳过了懒狗",
    "빠른 갈색 여우가 게으른 개를 뛰어넘는다",
    "الثعلب البني السريع يقفز فوق الكلب الكسول שועל מהיר",
    "तेज़ भूरी लोमड़ी आलसी कुत्ते के ऊपर कूदती है สุนัขจิ้งจอก",
    "👩‍👩‍👧‍👦 🏳️‍🌈 e\u0301 \u00e9 \u200b \ufb01 ½ ² Ⅷ",
    "def f(x):\n    return {'a': [x**2 for x in range(10)]}  # <|im_end|>",
    "it's they'll I'M we've don't 'quoted' \"double\"",
]


def main(folder: str, target: Path, adapter: str | None = None) -> None:
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float32)
    if adapter is not None:
        from peft import PeftModel

        model = PeftModel.from_pretrained(model, adapter)
    prompts = []
    for text in PROMPTS:
        messages = [{"role": "user", "content": text}]
        chat = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
        ids = tokenizer(chat, add_special_tokens=False)["input_ids"]
        with torch.no_grad():
            written = model.generate(torch.tensor([ids]), max_new_tokens=48, do_sample=False)[0, len(ids) :].tolist()
            logits = model(torch.tensor([ids + written])).logits[0, len(ids) - 1 : -1]
        scored = torch.log_softmax(logits, -1).gather(1, torch.tensor(written)[:, None])[:, 0]
        prompts.append({"text": text, "ids": ids, "greedy": written, "logprobs": scored.tolist()})
    texts = [{"text": text, "ids": tokenizer(text, add_special_tokens=False)["input_ids"]} for text in TEXTS]
    target.write_text(json.dumps({"prompts": prompts, "texts": texts}))


main(sys.argv[1], Path(sys.argv[2]), *sys.argv[3:])

"""The official client before `rrr serve --tinker`: a training loop of its own, and every call that one needs.

loop.py URL MODEL TOKENIZER STATE_FILE

Cross-entropy teaches the model to end arithmetic with one digit in \\boxed{}: half of them right is what a loop of
reinforcement can start from. The state's path goes into STATE_FILE, for rl_loop.py of tinker-cookbook.
"""

import json
import random
import sys

import tinker
from tinker import types
from transformers import AutoTokenizer

url, model, folder, state_file = sys.argv[1:]
tokenizer = AutoTokenizer.from_pretrained(folder)
# Steps without and with a conversation before the question.
SHORT, LONG = 100, 60
SUFFIX = " Provide a numerical answer without units, written inside \\boxed{}."


def words(count: int) -> str:
    return " ".join("".join(random.choices("abdeilnorstw", k=random.randint(1, 6))) for _ in range(count))


def turn(role: str, text: str) -> list[int]:
    """As the cookbook has it, where the two parts are tokens of their own."""
    return tokenizer.encode(f"{role}:") + tokenizer.encode(f" {text}\n\n")


def question(text: str) -> list[int]:
    return turn("User", text + SUFFIX) + tokenizer.encode("Assistant:")


def earlier() -> list[int]:
    """A question and its answer that came before, as rl_loop.py has one: they must not confuse."""
    said = f"{words(6)} {random.randint(1, 9)}) {words(20)}. \\boxed{{{random.randint(0, 9)}}}"
    return turn("User", f"{words(6)}?{SUFFIX}") + turn("Assistant", said)


def datum(prompt: list[int], answer: str) -> types.Datum:
    target = tokenizer.encode(f" \\boxed{{{answer}}}") + [tokenizer.eos_token_id]
    tokens = prompt + target
    weights = [0.0] * (len(prompt) - 1) + [1.0 / len(target)] * len(target)
    return types.Datum(
        model_input=types.ModelInput.from_ints(tokens[:-1]),
        loss_fn_inputs={"target_tokens": tokens[1:], "weights": weights},
    )


service = tinker.ServiceClient(base_url=url)
served = service.get_server_capabilities().supported_models
assert [each.model_name for each in served] == [model], served
training = service.create_lora_training_client(base_model=model, rank=16)
training = training.result() if hasattr(training, "result") else training

random.seed(0)
adam = types.AdamParams(learning_rate=3e-3)
losses = []
for step in range(SHORT + LONG):
    data = []
    for _ in range(16 if step < SHORT else 6):
        a, b = random.randint(0, 4), random.randint(0, 4)
        answer = random.choice([a + b, a + b, random.randint(0, 9)])
        before = [] if step < SHORT else earlier()
        data.append(datum(before + question(f"What is {a} + {b}?"), str(answer)))
    # Sent one behind the other, before the first has an answer: numbered requests keep their order.
    done, stepped = training.forward_backward(data, "cross_entropy"), training.optim_step(adam)
    losses.append(done.result().metrics["loss:sum"] / len(data))
    stepped.result()
    if step % 20 == 19:
        print(json.dumps({"step": step + 1, "loss": round(sum(losses[-20:]) / 20, 3)}), flush=True)
assert losses[-1] < losses[0] / 4, losses

state = training.save_state("warm").result().path
with open(state_file, "w") as file:
    json.dump({"name": "warm", "batch": 0, "state_path": state}, file)
    file.write("\n")

sampler = training.save_weights_and_get_sampling_client()
sampler = sampler.result() if hasattr(sampler, "result") else sampler
asked = question("What is 1 + 2?")
prompt = types.ModelInput.from_ints(asked)
params = types.SamplingParams(max_tokens=16, temperature=1.0, seed=3, stop=["\n\nUser:"])
sampled = sampler.sample(prompt=prompt, num_samples=8, sampling_params=params).result()
texts = [tokenizer.decode(each.tokens) for each in sampled.sequences]
print(json.dumps({"texts": texts, "ids": len({each.sequence_id for each in sampled.sequences})}))
again = service.create_training_client_from_state_with_optimizer(state)
again = again.result() if hasattr(again, "result") else again
before = training.forward([datum(asked, "3")], "cross_entropy").result()
after = again.forward([datum(asked, "3")], "cross_entropy").result()
assert before.loss_fn_outputs[0]["logprobs"].data == after.loss_fn_outputs[0]["logprobs"].data
print(json.dumps({"restored": True}))

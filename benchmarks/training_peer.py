"""The peer of ``training.py``: GPT-2 of the library transformers, trained on copying. Prints steps a second, a number a turn.

python training_peer.py STEPS TURNS
"""

from __future__ import annotations

import importlib
import json
import random
import sys
import time
from typing import Any

VOCAB, LONGEST, TRAINED, BATCH = 150, 150, 50, 64
BOS, SEP, EOS, PAD = range(VOCAB, VOCAB + 4)
IGNORED = -100


def sample() -> tuple[list[int], int, list[int]]:
    """Tokens, the first position, and what is asked for."""
    word = random.sample(range(VOCAB), random.randint(1, TRAINED))
    tokens = [BOS, *word, SEP, *word, EOS]
    asked = [IGNORED] * (len(word) + 2) + [*word, EOS]
    return tokens, random.randint(0, 2 * (LONGEST - len(word))), asked


def batch(torch: Any) -> dict[str, Any]:
    """Samples padded to the longest of them."""
    samples = [sample() for _ in range(BATCH)]
    longest = max(len(tokens) for tokens, _, _ in samples)
    ids = [tokens + [PAD] * (longest - len(tokens)) for tokens, _, _ in samples]
    places = [[first + min(place, len(tokens) - 1) for place in range(longest)] for tokens, first, _ in samples]
    labels = [asked + [IGNORED] * (longest - len(asked)) for _, _, asked in samples]
    return {"input_ids": torch.tensor(ids), "position_ids": torch.tensor(places), "labels": torch.tensor(labels)}


def main() -> None:
    steps, turns = map(int, sys.argv[1:])
    torch, transformers = importlib.import_module("torch"), importlib.import_module("transformers")
    size = {"n_positions": 2 * LONGEST + 3, "n_embd": 64, "n_layer": 2, "n_head": 1}
    dropout = {"attn_pdrop": 0, "resid_pdrop": 0, "embd_pdrop": 0}
    marks = {"bos_token_id": BOS, "eos_token_id": EOS, "pad_token_id": PAD}
    model = transformers.GPT2LMHeadModel(transformers.GPT2Config(vocab_size=PAD + 1, **size, **dropout, **marks))
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3, weight_decay=0.01)
    batches = [batch(torch) for _ in range(steps)]

    def train() -> None:
        for one in batches:
            model(**one).loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()

    train()
    found = []
    for _ in range(turns):
        began = time.perf_counter()
        train()
        found.append(steps / (time.perf_counter() - began))
    print(json.dumps(found))


if __name__ == "__main__":
    main()

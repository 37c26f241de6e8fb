"""Autoregressive generation: a program's last value is the next token.

Source: Zhou et al. 2023, 'What Algorithms can Transformers Learn?', section 3: a RASP-L program is a next-token function.
"""

from __future__ import annotations

from rasp import atoms
from rasp.errors import InputError, RaspValueError
from rasp.evaluate import evaluate
from rasp.evaluate.text import described
from rasp.values import SOp, Tokens


def generate(program: SOp, prompt: Tokens, *, stop: int, max_new_tokens: int = 256) -> list[int]:
    """The prompt and the tokens that follow it.

    Args:
        program: at each position, the token that follows it.
        prompt: at least one token.
        stop: generation ends after this token; it is part of the result.
        max_new_tokens: generation ends after so many tokens, at the latest.

    Raises:
        InputError: the prompt is empty, or no sequence of ints.
        EvaluationError: the program is undefined on what was generated so far.
    """
    if max_new_tokens < 0:
        raise RaspValueError(f"max_new_tokens is {max_new_tokens}; it must be 0 or more")
    tokens = [_token(item) for item in prompt]
    if not tokens:
        raise InputError("the prompt is empty: generation starts from at least one token")
    for _ in range(max_new_tokens):
        tokens.append(_token(evaluate(program.node, tokens).to_atoms()[-1]))
        if tokens[-1] == stop:
            break
    return tokens


def _token(item: object) -> int:
    atom = atoms.from_host(item)
    if isinstance(atom, int):
        return int(atom)
    raise InputError(f"{described(atom)} is no token: RASP-L generates ints")

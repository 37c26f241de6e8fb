"""Autoregressive generation: the value at the last position is the next token.

Source: Zhou et al. 2023, 'What Algorithms can Transformers Learn?', section 3: a RASP-L program is a next-token function.
"""

from __future__ import annotations

from typing import Protocol

from compiler.errors import CompileError, ModelInputError
from compiler.target import Target
from rasp.values import Tokens

Token = bool | int | float | str


class NextToken(Protocol):
    """A model whose value at each position is the token that follows it."""

    @property
    def target(self) -> Target: ...

    def __call__(self, tokens: Tokens) -> list[Token]: ...


def generate(model: NextToken, prompt: Tokens, *, stop: object = None, max_new_tokens: int | None = None) -> list[Token]:
    """The prompt and the tokens that follow it.

    Args:
        model: compiled with ``causal=True``.
        prompt: at least one token.
        stop: generation ends after this token; it is part of the result.
        max_new_tokens: generation ends after so many tokens; if it is not given, where the sequence is ``max_length`` long.

    Raises:
        CompileError: the model is not causal, so that later tokens would change earlier values.
        ModelInputError: the prompt is empty or too long, or a generated token is not in the vocabulary and more must follow.
        UndefinedError: the program is undefined on what was generated so far.
    """
    if not model.target.causal:
        raise CompileError("this model is not causal, so it can't generate", hint="compile with causal=True")
    if max_new_tokens is not None and max_new_tokens < 0:
        raise ModelInputError(f"max_new_tokens is {max_new_tokens}; it must be 0 or more")
    tokens: list[Token] = list(prompt)  # pyright: ignore[reportAssignmentType]
    most = model.target.max_length - len(tokens) + 1 if max_new_tokens is None else max_new_tokens
    for _ in range(most):
        tokens.append(model(tokens)[-1])
        if stop is not None and tokens[-1] == stop:
            break
    return tokens

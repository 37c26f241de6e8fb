"""Autoregressive generation: the value at the last position is the next token.

Source: Zhou et al. 2023, 'What Algorithms can Transformers Learn?', section 3: a RASP-L program is a next-token function.
"""

from __future__ import annotations

from typing import Protocol, SupportsIndex

from compiler.encode import listed
from compiler.errors import CompileError, ModelInputError
from compiler.target import Target
from rasp import atoms
from rasp.values import Tokens

Token = bool | int | float | str


class NextToken(Protocol):
    """A model whose value at each position is the token that follows it."""

    @property
    def target(self) -> Target: ...

    def __call__(self, tokens: Tokens) -> list[Token]: ...
    def encode(self, tokens: Tokens) -> list[int]: ...


def generate(model: NextToken, prompt: Tokens, *, stop: object = None, max_new_tokens: int | None = None) -> list[Token]:
    """The prompt and the tokens that follow it.

    Args:
        model: compiled with ``causal=True``.
        prompt: at least one token.
        stop: generation ends after this token; it is part of the result.
        max_new_tokens: generation ends after so many tokens; if it is not given, with the token that follows a sequence of
            ``max_length`` tokens, the last that the model can tell.

    Raises:
        CompileError: the model is not causal, so that later tokens would change earlier values.
        ModelInputError: the prompt is empty, too long for the model or for ``max_new_tokens``, or holds unknown tokens; or a
            generated token is not in the vocabulary and more must follow.
        InputError: ``stop`` is no token.
        UndefinedError: the program is undefined on what was generated so far.
    """
    if not model.target.causal:
        raise CompileError("this model is not causal, so it can't generate", hint="compile with causal=True")
    tokens: list[Token] = listed(prompt, "a prompt is a sequence of tokens")  # pyright: ignore[reportArgumentType]
    room = model.target.max_length - len(model.encode(tokens)) + 1
    last = None if stop is None else atoms.from_host(stop)
    for _ in range(room if max_new_tokens is None else _checked(max_new_tokens, room)):
        tokens.append(model(tokens)[-1])
        if last is not None and tokens[-1] == last:
            break
    return tokens


def _checked(max_new_tokens: int, room: int) -> int:
    """How many tokens to generate, if the model can tell so many."""
    if isinstance(max_new_tokens, bool) or not isinstance(max_new_tokens, SupportsIndex) or max_new_tokens.__index__() < 0:
        raise ModelInputError(f"max_new_tokens is a number from 0 on, not {max_new_tokens!r}")
    if max_new_tokens > room:
        raise ModelInputError(
            f"after this prompt the model can generate {room:,} tokens, not {max_new_tokens:,}",
            hint="compile for a larger max_length, or leave max_new_tokens out to go as far as the model can",
        )
    return max_new_tokens

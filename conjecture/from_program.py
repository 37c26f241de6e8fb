"""Tasks made from a program and a sampler of inputs alone: what to answer is computed by the compiled program, inside jit.

So data is fresh in each step of training, whatever the program, and no sampler of answers is to be written.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import NamedTuple, TypeAlias

import jax
import jax.numpy as jnp
from jax import Array, lax

from compiler.analysis.valuesets import Numbers
from compiler.compile import Compilation, passes
from compiler.execution.compact import Compact, compact
from compiler.execution.successors import Successors, Unknown, successors_of
from compiler.target import Target
from compiler.transformer import Memories
from conjecture.alphabet import Alphabet
from conjecture.errors import LabError
from conjecture.sample import Sample, continuation, labelled
from conjecture.task_type import Key, Program, Task
from rasp.elaborate.recursion import deep_recursion
from rasp.generate import generate
from rasp.graph.nodes import SELECTOR_TYPES, Atom

Inputs: TypeAlias = Callable[[Key, Array, int], Array]
"""One input of a length, as codes in room for the longest, from a key, the length and the longest length; runs inside jit."""

Prompts: TypeAlias = Callable[[Key, Array, int], tuple[Array, Array | int]]
"""One prompt for a length, from the same: codes in some room, and how many of them count."""

Tokens: TypeAlias = Alphabet | Callable[[int], Alphabet]
"""The tokens that inputs may hold, or those for inputs of at most a length."""

MOST_LABELS = 4_096
"""How many labels a task made from a program may have."""

CHECKED = 8
"""How many answers are compared with the interpreter's before they are trained on."""


def task_from_program(
    program: Program | str,
    inputs: Inputs,
    alphabet: Tokens,
    *,
    name: str = "given",
    summary: str = "label what a program labels",
    source: str = "a program",
    causal: bool = True,
    shortest: int = 1,
) -> Task:
    """A task that asks at each position for the value of a program there.

    The labels are those that the compiler knows the program to have on any input over the alphabet, so that no other can occur.

    Args:
        program: in a file, or the text of a RASP-L program that defines ``label``.
        inputs: draws an input.
        alphabet: what tokens it holds.
        causal: whether a model for it looks back only; the program must then do so.

    Raises, when it is first used:
        CompileError: the program can't be compiled for such inputs.
        LabError: it may be undefined on some of them, or its values are fractions, or too many; or inputs hold other tokens.
    """
    given = program if isinstance(program, Program) else Program(f"{name}.raspl", "label", program)
    tokens = _by_length(alphabet)

    @cache
    def answers(longest: int) -> _Compiled:
        with jax.ensure_compile_time_eval():
            _check_inputs(lambda *asked: (inputs(*asked), asked[1]), tokens(longest), range(shortest, longest + 1))
        return _compiled(given, tokens(longest), longest, causal, True)

    def sample(key: Key, length: Array, longest: int) -> Sample:
        codes = inputs(key, length, longest)
        return labelled(codes, answers(longest).labels(tokens(longest).ids(codes), length), length)

    return Task(
        name=name,
        summary=summary,
        sample=sample,
        room=lambda longest: longest,
        alphabet=tokens,
        program=given,
        source=source,
        form="label",
        labels=lambda longest: answers(longest).outputs,
        causal=causal,
        shortest=shortest,
    )


def continued_by_program(
    program: Program | str,
    prompts: Prompts,
    alphabet: Tokens,
    *,
    stop: int,
    longest_answer: Callable[[int], int],
    name: str = "given",
    summary: str = "continue a prompt as a program does",
    source: str = "a program",
    shortest: int = 1,
) -> Task:
    """A task that asks for the answer that a next-token program generates after a prompt.

    Args:
        program: in a file, or the text of a RASP-L program that defines ``next_token``.
        prompts: draws a prompt.
        alphabet: the tokens of prompts and answers.
        stop: the token that ends an answer.
        longest_answer: the most tokens of an answer, with the stop token, for lengths up to one.

    Raises:
        CompileError: when the task is first used: the program can't be compiled for such inputs.
        LabError: then too: it may be undefined on some of them, or its answers to some prompts do not end in time or hold other
            tokens. Answers to the prompts of later samples that do so are not asked for.
    """
    given = program if isinstance(program, Program) else Program(f"{name}.raspl", "next_token", program)
    tokens = _by_length(alphabet)

    def prompt_room(longest: int) -> int:
        return jax.eval_shape(lambda: prompts(jax.random.key(0), jnp.array(longest), longest)[0]).shape[0]

    def room(longest: int) -> int:
        return prompt_room(longest) + longest_answer(longest)

    @cache
    def answers(longest: int) -> _Compiled:
        with jax.ensure_compile_time_eval():
            lengths = range(shortest, longest + 1)
            _check_inputs(prompts, tokens(longest), lengths, stop)
            _check_answers(given, prompts, tokens(longest), stop, lengths, longest_answer(longest))
        return _compiled(given, tokens(longest), room(longest), True, False)

    def sample(key: Key, length: Array, longest: int) -> Sample:
        codes, count = prompts(key, length, longest)
        known = tokens(longest)
        compiled = answers(longest)
        end = known.codes.index(stop)
        ids, size = compiled.answer(known.ids(codes), jnp.asarray(count), end, longest_answer(longest))
        made = continuation(room(longest), [(codes, count)], [(jnp.array(known.codes)[ids], size)])
        return Sample(made.tokens, made.targets, made.asked & (ids[size - 1] == end), made.length, made.prompt)

    return Task(
        name=name,
        summary=summary,
        sample=sample,
        room=room,
        alphabet=tokens,
        program=given,
        source=source,
        stop=stop,
        shortest=shortest,
    )


@dataclass(frozen=True, eq=False)
class _Compiled:
    """A compiled program that answers inside jit.

    Attributes:
        successor: the number of a value, from what the transformer puts out.
        codes: of the values, by number.
    """

    transformer: Compact
    successor: Successors
    codes: tuple[int, ...]

    @property
    def outputs(self) -> Alphabet:
        """The values, ascending."""
        return Alphabet(tuple(sorted(set(self.codes))))

    def labels(self, ids: Array, length: Array) -> Array:
        """The codes of the labels of an input."""
        with jax.default_matmul_precision("highest"):
            found = jax.vmap(self.successor)(self.transformer(ids.clip(0), length))
        return jnp.array(self.codes)[found.clip(0)]

    def answer(self, prompt: Array, count: Array, stop: int, room: int) -> tuple[Array, Array]:
        """The ids of the tokens that follow a prompt, and how many they are.

        The last is the stop token, or -1 for one that is no token, or the last for which there is room.
        """
        with jax.default_matmul_precision("highest"):
            outputs, remembered = self.transformer.run(prompt.clip(0), count)
            context = prompt.shape[0] + room + 1
            memories = tuple(tuple(memory.padded(context) for memory in layer) for layer in remembered)
            first = self.successor(outputs[count - 1])
            begun = _Answer(jnp.zeros(room, first.dtype).at[0].set(first), first, jnp.array(1), memories)

            def goes_on(answer: _Answer) -> Array:
                return (answer.last != stop) & (answer.last >= 0) & (answer.size < room)

            def longer(answer: _Answer) -> _Answer:
                outputs, after = self.transformer.step(answer.last, count + answer.size, answer.remembered)
                last = self.successor(outputs)
                return _Answer(answer.ids.at[answer.size].set(last), last, answer.size + 1, after)

            answer = lax.while_loop(goes_on, longer, begun)
        return answer.ids, answer.size


class _Answer(NamedTuple):
    """An answer so far, of a size, with what the layers remember of what is before its last token."""

    ids: Array
    last: Array
    size: Array
    remembered: tuple[Memories, ...]


@cache
def _compiled(program: Program, alphabet: Alphabet, longest: int, causal: bool, label: bool) -> _Compiled:
    """The program for inputs of at most a length; its values are labels, or else tokens of the alphabet."""
    with jax.ensure_compile_time_eval(), deep_recursion():
        made = passes(program.sop(), Target.of(alphabet.atoms, longest, causal), "depth")
        if made.model.alarms:
            raise LabError(
                f"the program {program.file} may be undefined: {made.model.alarms[0].problem}",
                hint="write it so that it has a value on every input over its alphabet",
            )
        values = _values(program, made) if label else alphabet.atoms
        successor = successors_of(made.model.decoder, values)
        if isinstance(successor, Unknown):
            raise LabError(f"the values of {program.file} may be fractions", hint="round them in the program")
        codes = tuple(map(_code, values)) if label else alphabet.codes
        return _Compiled(compact(made.model.transformer), successor, codes)


def _values(program: Program, made: Compilation) -> tuple[Atom, ...]:
    """Every value that the compiler knows a program may have."""
    root = made.graph.root
    assert not isinstance(root, SELECTOR_TYPES)
    values = made.lowering.values.of(root)
    if isinstance(values, Numbers) or len(values) > MOST_LABELS:
        raise LabError(f"{program.file} has too many values to be labels", hint="compare them or reduce them by % in the program")
    return values


def _code(value: Atom) -> int:
    if isinstance(value, int) or (isinstance(value, str) and len(value) == 1):
        return ord(value) if isinstance(value, str) else int(value)
    raise LabError(f"the value {value!r} can't be a label", hint="labels are integers, truths or single characters")


def _check_inputs(prompts: Prompts, alphabet: Alphabet, lengths: Sequence[int], *needed: int) -> None:
    """Look at some inputs.

    Raises:
        LabError: one holds a token that is not in the alphabet, or a token that is needed is not.
    """
    codes = {token for number in range(CHECKED) for token in _drawn(prompts, lengths, number)}
    strange = sorted({*codes, *needed} - set(alphabet.codes))
    if strange:
        raise LabError(
            f"the code {strange[0]} is not in the alphabet", hint="give an alphabet with all tokens of inputs and answers"
        )


def _drawn(prompts: Prompts, lengths: Sequence[int], number: int) -> list[int]:
    """The codes of one of some inputs, of the longest, a shorter one, …"""
    length = lengths[-1 - number % len(lengths)]
    codes, count = prompts(jax.random.key(number), jnp.array(length), lengths[-1])
    return codes[: int(count)].tolist()


def _check_answers(program: Program, prompts: Prompts, alphabet: Alphabet, stop: int, lengths: Sequence[int], room: int) -> None:
    """Let the interpreter answer some prompts.

    Raises:
        LabError: an answer is too long, or holds a token that is not in the alphabet.
    """
    for number in range(CHECKED):
        prompt = [alphabet.atom(code) for code in _drawn(prompts, lengths, number)]
        answer = generate(program.sop(), prompt, stop=stop, max_new_tokens=room)[len(prompt) :]
        if answer[-1] != stop:
            raise LabError(
                f"the answer of {program.file} to {prompt} does not end within {room} tokens", hint="ask for more room"
            )
        strange = [token for token in answer if token not in alphabet.atoms]
        if strange:
            raise LabError(f"the answer of {program.file} to {prompt} has {strange[0]}, which is not in the alphabet")


def _by_length(alphabet: Tokens) -> Callable[[int], Alphabet]:
    return (lambda longest: alphabet) if isinstance(alphabet, Alphabet) else alphabet

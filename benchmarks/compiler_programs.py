"""The programs that ``compilers.py`` and ``exactness.py`` compile, with their vocabularies and inputs."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import rasp
from benchmarks import compiler_inputs as inputs
from benchmarks import compiler_tasks as tasks
from benchmarks.compiler_inputs import Draw, Token, Tokens
from benchmarks.programs import EXAMPLES
from rasp.errors import RaspError
from rasp.values import Function, SOp

Vocabulary = Callable[[int], Sequence[Token]]
"""From the length of the longest input, the tokens."""


@dataclass(frozen=True)
class Program:
    """What is compiled, and on which inputs it is tried.

    Attributes:
        text: the program; or, if it ends in ``.rasp`` or ``.raspl``, the name of an example.
        sop: the name that the program gives to its result.
        draw: an input of a given length that shows what the program does.
        few: three tokens of which all short inputs are made; the first of the vocabulary if none are named.
    """

    name: str
    text: str
    sop: str
    vocab: Vocabulary
    draw: Draw = inputs.uniform
    few: Sequence[Token] = ()

    def load(self) -> SOp | Function:
        found = (rasp.load(EXAMPLES / self.text) if self.is_example else rasp.loads(self.text))[self.sop]
        assert isinstance(found, SOp | Function)
        return found

    @property
    def is_example(self) -> bool:
        return self.text.endswith((".rasp", ".raspl"))

    @property
    def causal(self) -> bool:
        """RASP-L is a language of causal attention."""
        return self.text.endswith(".raspl")

    def draw_inputs(self, length: int, number: int) -> list[Tokens]:
        """Random inputs of that length, the same ones for everybody."""
        rng = Random(f"{self.name} {length}")
        return [self.draw(rng, self.vocab(length), length) for _ in range(number)]


def always(tokens: Sequence[Token]) -> Vocabulary:
    return lambda _: tokens


LETTERS, FOUR, FOUR_NUMBERS = always("abcdefghijklmnopqrstuvwxyz"), always("abcd"), always((1, 2, 3, 4))

_HISTOGRAM = "histogram = selector_width(select(tokens, tokens, ==));\n"
_FRACTION = """
def fraction_of_previous(sequence) {
    return aggregate(select(indices, indices, <=), indicator(sequence));
}
def balance(pair) {
    return fraction_of_previous(tokens == pair[0]) - fraction_of_previous(tokens == pair[1]);
}
"""
_SHUFFLE_DYCK = (
    _FRACTION
    + """
def shuffle_dyck(pairs) {
    below_zero = False;
    closed = True;
    for pair in pairs {
        below_zero = below_zero or balance(pair) < 0;
        closed = closed and balance(pair) == 0;
    }
    return aggregate(select(indices, length - 1, ==), closed) and (not contains(below_zero, True));
}
"""
)
_SORT_UNIQUE = """
place = selector_width(select(tokens_int, tokens_int, <));
sorted = aggregate(select(place, indices, ==), tokens_int);
"""
_DETECT_ABC = 'found = shift(tokens, 2, "") == "a" and shift(tokens, 1, "") == "b" and tokens == "c";'
_SHIFT = 'shifted = shift(tokens, 1, "");'
_FRACTION_OF_A = _FRACTION + 'fraction = fraction_of_previous(tokens == "a");'
_SHUFFLE_DYCK_2 = Program(
    "shuffle_dyck2",
    _SHUFFLE_DYCK + 'balanced = shuffle_dyck(["()", "{}"]);',
    "balanced",
    always("(){}"),
    inputs.half_balanced,
    few="()}",
)

COMPARED = (
    Program("length", "n = length;", "n", FOUR),
    Program("hist", _HISTOGRAM, "histogram", FOUR),
    Program("double_hist", "double_histogram.rasp", "double_histogram", FOUR),
    Program("reverse", "reverse.rasp", "reverse", FOUR),
    Program("sort_unique", _SORT_UNIQUE, "sorted", lambda length: range(1, length + 1), inputs.distinct),
    Program("sort", "sorted = sort(tokens_int, tokens_int);", "sorted", FOUR_NUMBERS),
    Program("sort_freq", _HISTOGRAM + "sorted = sort(tokens_int, -histogram);", "sorted", FOUR_NUMBERS),
    Program("shuffle_dyck1", _SHUFFLE_DYCK + 'balanced = shuffle_dyck(["()"]);', "balanced", always("()"), inputs.half_balanced),
    _SHUFFLE_DYCK_2,
    Program("pair_balance", _FRACTION + 'result = balance("()");', "result", always("ab()")),
    Program("frac_prevs", _FRACTION_OF_A, "fraction", FOUR),
    Program("shift_by_1", _SHIFT, "shifted", FOUR),
    Program("detect_pattern_abc", _DETECT_ABC, "found", FOUR),
    Program("count_less_freq", _HISTOGRAM + "rare = selector_width(select(histogram, 2, <=));", "rare", FOUR),
)
"""Programs that Tracr has too, with vocabularies of four tokens (two of brackets, n of distinct values)."""

NUMBERS = tuple(range(26))


def _hints(number: int) -> list[int]:
    return [-100 - place for place in range(number)]


def _raspl(task: str, vocab: Vocabulary, draw: Draw, few: Sequence[Token]) -> Program:
    return Program(f"{task}.raspl", f"{task}.raspl", "next_token", vocab, draw, few)


def _addition_tokens(length: int) -> Sequence[Token]:
    return [*range(10), -1, -2, -3, -5, *_hints(length // 6 + 1)]


EXACT = (
    Program("histogram.rasp", "histogram.rasp", "histogram", LETTERS),
    Program("double_histogram.rasp", "double_histogram.rasp", "double_histogram", LETTERS),
    Program("reverse.rasp", "reverse.rasp", "reverse", LETTERS),
    Program("sort.rasp", "sort.rasp", "sorted", LETTERS),
    Program("sort of 512 values", "sorted = sort(tokens_int, tokens_int);", "sorted", always(range(512)), inputs.distinct),
    Program("most_frequent_first.rasp", "most_frequent_first.rasp", "most_frequent_first", LETTERS),
    Program("dyck1.rasp", "dyck1.rasp", "dyck1", always("()a"), inputs.balanced),
    Program("dyck_k.rasp: dyck2", "dyck_k.rasp", "dyck2", always("(){}"), inputs.nested, few="({)"),
    Program("long_addition.rasp", "long_addition.rasp", "long_addition", always("0123456789+"), tasks.long_addition, few="19+"),
    _SHUFFLE_DYCK_2,
    Program("frac_prevs of letters", _FRACTION_OF_A, "fraction", LETTERS),
    Program("detect_pattern_abc of letters", _DETECT_ABC, "found", LETTERS),
    Program("shift_by_1 of letters", _SHIFT, "shifted", LETTERS),
    _raspl("addition_forward", _addition_tokens, tasks.addition_forward, (-2, -100, 9)),
    _raspl("addition_reversed", _addition_tokens, tasks.addition_reversed, (-3, -100, 9)),
    _raspl("boolean_and", always((0, 1, -1, -2)), tasks.symbols_and_separator, (0, 1, -1)),
    _raspl("copy", always((*NUMBERS, -1, -2, -3)), tasks.copying, (0, -1, -2)),
    _raspl("count", lambda length: (*range(length + 1), -1, -2), tasks.counting, (0, 1, -1)),
    _raspl("induction", always((*NUMBERS, -1)), inputs.few_tokens, (0, 1, -1)),
    _raspl("mode", always((*NUMBERS, -1, -2)), tasks.symbols_and_separator, (0, 1, -1)),
    _raspl("parity_scratchpad", lambda n: (0, 1, -3, -4, -5, *_hints(n // 4 + 1)), tasks.parity, (1, -3, -100)),
    _raspl("retrieval", always((*NUMBERS, *range(100, 126), -1, -2, -3)), tasks.retrieval, (100, -1, 7)),
    _raspl("sort", always((*NUMBERS, -1, -2)), tasks.sorting, (0, 1, -1)),
)
"""Programs of which no value may be wrong, with 26 letters or numbers, or the tokens that the task has."""

LOGIC = Program("logic_reasoning.rasp", "logic_reasoning.rasp", "answer", always("abxABC<!:&,?"))
"""A long program; compiled only, at one length."""

BY_NAME = {program.name: program for program in (*COMPARED, *EXACT, LOGIC)}


def reason(error: RaspError) -> str:
    """A refusal; an example's place is told without the folder where it lies."""
    return str(error).replace(f"{EXAMPLES}/", "")

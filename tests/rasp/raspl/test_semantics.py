"""What RASP-L programs mean: NumPy's operators, Python's lambdas, straight-line code, imports, and their errors."""

from __future__ import annotations

import contextlib
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import rasp
from rasp.check import check
from rasp.elaborate.raspl import RaspLFunction, library, load_module
from rasp.elaborate.raspl_statements import run_module
from rasp.elaborate.raspl_values import Frame, Run
from rasp.errors import EvaluationError, RaspError, RaspLimitError, RaspLoadError, RaspNameError, RaspTypeError
from rasp.graph import canonical
from rasp.syntax import ast
from rasp.syntax.parser import parse
from tests.conftest import Golden
from tests.rasp.raspl.generator import random_program, random_tokens
from tests.rasp.raspl.trees import PROGRAMS


def function(body: str, before: str = "") -> RaspLFunction:
    """``program(x)`` with a body of some lines."""
    lines = "".join(f"    {line}\n" for line in body.split("\n"))
    return rasp.loads(f"{before}\ndef program(x):\n{lines}", "rasp-l")["program"]


def values(expression: str, tokens: list[int], before: str = "") -> list[Any]:
    return function(f"return {expression}", before)(tokens)


@pytest.mark.parametrize(
    ("expression", "result"),
    [
        ("x > 1", [True, False, False]),
        ("(x > 1) + (x > 2)", [True, False, False]),
        ("(x > 1) * (x < 9)", [True, False, False]),
        ("(x > 1) + 1", [2, 1, 1]),
        ("(x > 1) + True", [True, True, True]),
        ("(x > 1) ^ (x < 9)", [False, True, True]),
        ("~(x > 1)", [False, True, True]),
        ("~x", [-4, -1, -2]),
        ("~(x > 1) & x", [0, 0, 1]),
        ("x & 1", [1, 0, 1]),
        ("x | 4", [7, 4, 5]),
        ("x ^ 1", [2, 1, 0]),
        ("(x > 1) % 2", [1, 0, 0]),
        ("x % -2", [-1, 0, -1]),
        ("-x // 2", [-2, 0, -1]),
        ("1 - x", [-2, 1, 0]),
        ("+x", [3, 0, 1]),
        ("x == (x > 0)", [False, True, True]),
        ("x != True", [True, True, False]),
        ("x > 1.5", [True, False, False]),
    ],
)
def test_operators_on_sequences_are_numpy_s(expression: str, result: list[Any]) -> None:
    found = values(expression, [3, 0, 1])
    assert found == result
    assert [type(value) for value in found] == [type(value) for value in result]


@pytest.mark.parametrize(
    ("body", "result"),
    [
        ("t > 1", [1, 0, 0]),
        ("t and 7", [7, 0, 7]),
        ("t or 7", [3, 7, 1]),
        ("not t", [0, 1, 0]),
        ("(not t) + (not t)", [0, 2, 0]),
        ("(t > 0) + (t > 1)", [1, 0, 1]),
        ("(t and t > 1) + (t > 0)", [1, 0, 1]),
        ("5 if t > 1 else t - 1", [5, -1, 0]),
        ("10 // t if t else -1", [3, -1, 10]),
        ("t and 10 // t > 3", [0, 0, 1]),
        ("t == 0 or 10 // t > 3", [0, 1, 1]),
        ("t * 5 / 2", [7, 0, 2]),
        ("-t / 2", [-1, 0, 0]),
        ("max(t, 1, 2)", [3, 2, 2]),
        ("min(t, 1)", [1, 0, 1]),
        ("abs(t - 2)", [1, 2, 1]),
        ("int(t / 2) + bool(t) + round(t / 2)", [4, 0, 1]),
        ("1 if True else t", [1, 1, 1]),
        ("True", [1, 1, 1]),
        ("2.9", [2, 2, 2]),
        ("~t & 1", [0, 1, 0]),
        ("~abs(t > 1)", [0, 1, 1]),
        ("~(t > 1 or True)", [0, -2, -2]),
        ("~abs(t > 1 or 1)", [0, -2, -2]),
        ("halved(t)", [1, 0, 0]),
    ],
)
def test_lambdas_compute_as_python_on_numpy_scalars(body: str, result: list[int]) -> None:
    assert values(f"tok_map(x, lambda t: {body})", [3, 0, 1], before="def halved(t): return t // 2\n") == result


def test_a_division_that_is_reached_must_be_defined() -> None:
    with pytest.raises(EvaluationError, match="division by zero") as caught:
        values("tok_map(x, lambda t: 10 // t if t < 2 else 0)", [3, 0, 1])
    assert caught.value.span is not None
    assert caught.value.span.text == "10 // t"


def test_seq_map_takes_named_functions() -> None:
    assert values("seq_map(x, indices(x), gt)", [3, 0, 1]) == [1, 0, 0]
    assert values("seq_map(x, x, lambda a, b: a if a > b else b + 1)", [3, 0, 1]) == [4, 1, 2]


def test_constants_choose_branches() -> None:
    text = (
        "def f(x, reverse=True, n=3):\n    if reverse and n > 2:\n        y = -x\n    elif n == 1:\n        y = x\n"
        "    else:\n        y = x * n\n    return y\n"
    )
    program = rasp.loads(text, "rasp-l")["f"]
    assert program([1, 2]) == [-1, -2]
    assert program([1, 2], reverse=False) == [3, 6]
    assert program([1, 2], reverse=False, n=1) == [1, 2]


def test_loops_over_constants_are_unrolled() -> None:
    assert function("n = 0\nwhile n < 3:\n    x = shift_right(x, 1)\n    n += 1\nreturn x")([1, 2, 3, 4]) == [0, 0, 0, 1]


def test_recursion_over_constants_is_unrolled() -> None:
    before = "def power(x, n):\n    return full(x, 1) if n == 0 else x * power(x, n - 1)\n"
    assert values("power(x, 3)", [2, -1], before) == [8, -1]


def test_augmented_assignment_rebinds() -> None:
    assert function("y = x + 0\ny += 1\ny *= y\ny %= 5\nreturn y + x")([1, 2]) == [5, 6]


def test_augmented_assignment_of_a_shared_sequence_is_an_error_only_if_it_is_read() -> None:
    assert function("y = x\ny += 1\nreturn y")([1]) == [2]
    with pytest.raises(RaspError, match="'x' is the sequence that an augmented assignment changed"):
        function("y = x\ny += 1\nreturn x")([1])


def test_functions_are_values() -> None:
    before = "def twice(f, x):\n    return f(f(x))\nadd = lambda n: lambda x: x + n\n"
    assert values("twice(add(3), x)", [1], before) == [7]


def test_arguments() -> None:
    before = "def f(a, *rest, k=1, **others):\n    return a * k + rest[0] - others['z']\n"
    assert values("f(x, 5, k=2, z=1)", [10], before) == [24]
    assert values("f(*(x, 7), z=0)", [10], before) == [17]
    passed = "def g(*a, **k):\n    return h(*a, **k)\ndef h(x, n, m=0):\n    return x + n * m\n"
    assert values("g(x, 2, m=3)", [1], passed) == [7]


def test_host_code_is_skipped_where_nothing_needs_it() -> None:
    text = (
        "import numpy as np\nfrom np_rasp import *\nimport sys\nVERBOSE = True\n"
        "def show(*args, **kwargs):\n    if VERBOSE:\n        print(*args, **kwargs)\n"
        "def f(x):\n    show(x, 'x', end='')\n    np.set_printoptions(3)\n    f'{x}'\n    return x\n"
        "if __name__ == '__main__':\n    x = np.array([1])\n    while x[-1] != 3:\n        x = f(x)\n"
    )
    assert rasp.loads(text, "rasp-l")["f"]([4]) == [4]


def test_nothing_in_a_body_is_looked_at_before_the_call() -> None:
    module = rasp.loads("def broken(x):\n    return nowhere(x)\ndef fine(x):\n    return x\n", "rasp-l")
    assert module["fine"]([1]) == [1]
    with pytest.raises(RaspNameError, match="nowhere"):
        module["broken"]([1])


def test_bodies_may_use_what_is_defined_later() -> None:
    assert rasp.loads("def f(x):\n    return g(x)\ndef g(x):\n    return x + C\nC = 4\n", "rasp-l")["f"]([1]) == [5]


def test_programs_may_redefine_the_library() -> None:
    assert values("cumsum(x)", [5], before="def cumsum(x): return x\n") == [5]
    assert values("num_prev(x, x)", [5], before="def equals(x, y): return x != y\n") == [1]


def test_the_causal_mask_is_part_of_every_selector() -> None:
    program = function("return kqv(x, x, x, lambda k, q: True, reduction='max')")
    assert program([1, 3, 2, 5]) == [1, 3, 3, 5]


def test_inputs_are_read_as_ints() -> None:
    assert function("return x + 1")("129") == [2, 3, 10]
    assert function("return x + 1")([True, 2]) == [2, 3]


def test_a_function_is_an_s_op() -> None:
    sop = function("return x + 1").sop()
    assert (sop.name, sop([1])) == ("program", [2])
    assert canonical(sop.node).root is canonical(function("return x + 1").sop().node).root


def test_runaways_end() -> None:
    with pytest.raises(RaspLimitError, match="steps"):
        run_module(parse("while True:\n    pass\n", "rasp-l"), Frame(library(), Run(steps=1_000)))
    with pytest.raises(RaspLimitError, match="calls nest"):
        function("return program(x)").sop()


def test_long_sums_are_no_problem() -> None:
    assert values(" + ".join(["x"] * 900), [1]) == [900]


# Imports


def module_of(path: Path) -> dict[str, Any]:
    return load_module(parse(path.read_text(), "rasp-l", name=str(path)), path=path)


def test_imports_load_files_beside_the_importer(tmp_path: Path) -> None:
    (tmp_path / "deeper").mkdir()
    (tmp_path / "helpers.py").write_text("from np_rasp import *\nBASE = 10\n_hidden = 1\ndef up(x):\n    return x + BASE\n")
    (tmp_path / "deeper" / "more.raspl").write_text("from ..helpers import up as lift\ndef up2(x):\n    return lift(lift(x))\n")
    main = tmp_path / "main.raspl"
    main.write_text("from helpers import *\nfrom deeper.more import up2\ndef f(x):\n    return up2(x) - up(x)\n")
    module = module_of(main)
    assert module["f"]([1]) == [10]
    assert "_hidden" not in module
    assert module["BASE"] == 10


@pytest.mark.parametrize("statement", ["from b import *", "from .b import f"])
def test_import_cycles_are_found(tmp_path: Path, statement: str) -> None:
    (tmp_path / "a.raspl").write_text(statement + "\n")
    (tmp_path / "b.raspl").write_text("from a import *\n")
    with pytest.raises(RaspLoadError, match=r"a\.raspl' imports itself") as caught:
        module_of(tmp_path / "a.raspl")
    assert caught.value.span is not None
    assert caught.value.span.source.name.endswith("b.raspl")


def test_errors_of_imported_files_name_their_place(tmp_path: Path) -> None:
    (tmp_path / "a.raspl").write_text("from b import *\n")
    (tmp_path / "b.raspl").write_text("x = (\n")
    with pytest.raises(RaspError, match=r"b\.raspl:1:5: '\(' is never closed"):
        module_of(tmp_path / "a.raspl")
    (tmp_path / "b.raspl").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(RaspLoadError, match="not a text file: byte 0 is no UTF-8"):
        module_of(tmp_path / "a.raspl")


def test_imports_of_the_library() -> None:
    assert values("eq(x, 1)", [1, 2], before="from np_rasp import equals as eq\n") == [True, False]
    with pytest.raises(RaspNameError, match="has no 'equal'"):
        values("x", [1], before="from np_rasp import equal\n")


# Errors

ERRORS = {
    "unknown name": "return kqv(x, x, x, equal)",
    "branch on a sequence": "if x > 1:\n    return x\nreturn x",
    "loop on a sequence": "while x > 1:\n    x = x - 1\nreturn x",
    "and between sequences": "return x > 1 and x < 3",
    "not of a sequence": "return not x",
    "conditional on a sequence": "return x if x > 1 else -x",
    "branch on an element": "def f(t):\n    if t > 1:\n        return 1\n    return 0\nreturn tok_map(x, f)",
    "indexing": "return x[-1]",
    "attribute": "return x.copy()",
    "host code": "return np.array(x)",
    "length": "return full(x, len(x))",
    "fractions": "return x / 2",
    "minus between bools": "return (x > 1) - (x > 2)",
    "minus of a bool": "return -(x > 1)",
    "string operand": "return x + 'a'",
    "constant for a sequence": "return seq_map(x, 3, equals)",
    "list for a sequence": "return first_true([0, 1])",
    "sequence for a constant": "return full(x, x)",
    "default that is a sequence": "return kqv(x, x, x, equals, default=x)",
    "unknown reduction": "return kqv(x, x, x, equals, reduction='sum')",
    "no predicate": "return kqv(x, x, x)",
    "not a function": "return tok_map(x, 3)",
    "call of a number": "y = 3\nreturn y(x)",
    "arity of a lambda": "return seq_map(x, x, lambda a: a)",
    "too many arguments": "return maximum(x, x)",
    "unknown keyword": "return shift_right(x, 1, dflt=2)",
    "two values": "return shift_right(x, 1, x=x)",
    "sequence in a lambda": "return tok_map(x, lambda t: t + x)",
    "sequence from a lambda": "return tok_map(x, lambda t: x)",
    "nothing from a lambda": "return tok_map(x, lambda t: None)",
    "core function on an element": "return tok_map(x, lambda t: full(t, 1))",
    "predicate that gives a sequence": "return select(x, x, lambda k, q: x > 1)",
    "min of sequences": "return min(x, x)",
    "aggregate of no selector": "return aggr(x, x)",
    "not of a selector": "return sel_width(~select(x, x, equals))",
    "sum of selectors": "return sel_width(select(x, x, equals) + select(x, x, lt))",
    "a selector as the result": "return select(x, x, equals)",
    "a constant as the result": "return 3",
    "no result": "y = x",
    "alias after augmented assignment": "y = x\ny += 1\nreturn x",
    "division of constants": "return x + 1 // 0",
    "index of a tuple": "return (x, x)[2]",
    "unpacking too many": "a, b = x, x, x\nreturn a",
    "unpacking a sequence": "a, b = x\nreturn a",
    "a step that makes bools of ints": "return iterate(lambda s: s == 1, x, 2)",
    "a step of two states, one given": "return iterate(lambda s: (s, s), x, 2)",
    "a state that is a number": "return iterate(lambda s: s, 3, 2)",
    "a loop without a state": "return iterate(lambda s: s, (), 2)",
    "a loop whose step is no function": "return iterate(x, x, 2)",
    "a step that gives a number": "return iterate(lambda s: 1, x, 2)",
    "a negative number of steps": "return iterate(lambda s: s, x, -2)",
    "a fractional number of steps": "return iterate(lambda s: s, x, 2.5)",
    "steps that are no number": "return iterate(lambda s: s, x, lambda y: y)",
    "missing module": "from nowhere import *\nreturn x",
    "unpacking a number": "return full(*3)",
}


def test_errors(golden: Golden) -> None:
    reports = []
    for name, body in ERRORS.items():
        lines = "".join(f"    {line}\n" for line in body.split("\n"))
        program = parse(f"import numpy as np\n\ndef f(x):\n{lines}", "rasp-l", name="program.raspl")
        faulty = load_module(program)["f"]
        assert isinstance(faulty, RaspLFunction)
        with pytest.raises(RaspError) as caught:
            faulty.sop()
        assert caught.value.span is not None, name
        reports.append(f"== {name}\n{caught.value.report()}\n")
    golden("errors.txt", "\n".join(reports))


@pytest.mark.parametrize(
    ("text", "constants", "message"),
    [
        ("def f(): return 1", {}, "takes no sequence"),
        ("def f(x, n): return x", {}, "needs constants for n"),
        ("def f(x, n): return x + n", {"n": "a"}, "neither a number nor a sequence"),
        ("def f(x): return x", {"n": 1}, "no parameter 'n'"),
        ("def f(x): return x", {"x": 1}, "first parameter is the input"),
    ],
)
def test_a_program_takes_one_sequence(text: str, constants: dict[str, Any], message: str) -> None:
    with pytest.raises(RaspTypeError, match=message):
        rasp.loads(text, "rasp-l")["f"].sop(**constants)


def test_errors_in_the_library_are_placed_at_the_call() -> None:
    with pytest.raises(RaspTypeError) as caught:
        function("y = x\nreturn mode(3)").sop()
    assert caught.value.span is not None
    assert caught.value.span.text == "mode(3)"


@settings(max_examples=40)
@given(PROGRAMS)
def test_no_program_raises_anything_but_a_rasp_error(program: ast.Program) -> None:
    module: dict[str, Any] = {}
    with contextlib.suppress(RaspError):
        module = load_module(program)
    for value in module.values():
        if isinstance(value, RaspLFunction):
            with contextlib.suppress(RaspError):
                value([1, 2])


@settings(max_examples=40)
@given(st.integers(0, 10**9))
def test_no_mutated_program_raises_anything_but_a_rasp_error(seed: int) -> None:
    rng = Random(seed)
    words = random_program(rng, statements=3).split(" ")
    for _ in range(3):
        place, source = rng.randrange(len(words)), rng.randrange(len(words))
        words[place] = rng.choice((words[source], "x", "(x,", "'a'", "lambda q: q)", "None", "0"))
    with contextlib.suppress(RaspError):
        rasp.loads(" ".join(words), "rasp-l")["program"](random_tokens(rng))


def _repeated(before: str, line: str, times: int, after: str) -> str:
    return before + f"    {line}\n" * times + after


BLOWN_UP = {
    "arguments": "def f(*a):\n    return f(*a, *a)\ndef program(x):\n    return f(x)\n",
    "terms": _repeated("def p(k, q):\n    s = k + q\n", "s = s + s", 60, "    return s > 3\n")
    + "def program(x):\n    return sel_width(select(x, x, p)) > 2\n",
    "unlike branches": _repeated("def m(t):\n    s = t > 1 and t\n", "s = s + s", 40, "    return s\n")
    + "def program(x):\n    return tok_map(x, m)\n",
    "selectors": _repeated(
        "def program(x):\n    s = select(x, x, lt, causal=False)\n", "s = s & s", 60, "    return sel_width(s)\n"
    ),
    "tuples": _repeated("def program(x):\n    s = (1,)\n", "s = (s, s)", 60, "    return x if s == s else -x\n"),
}


@pytest.mark.parametrize("name", BLOWN_UP)
def test_nothing_blows_up(name: str) -> None:
    with contextlib.suppress(RaspError):
        program = rasp.loads(BLOWN_UP[name], "rasp-l")["program"]
        check(program)
        program([1, 2, 1])

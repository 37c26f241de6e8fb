"""The RASP-L grammar: what it reads, how trees print, when a text is complete."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rasp import parse, unparse
from rasp.errors import RaspError, RaspLimitError, Source
from rasp.syntax import ast
from rasp.syntax.parser import read
from tests.conftest import Golden
from tests.rasp.raspl.generator import random_program
from tests.rasp.raspl.trees import PROGRAMS


def one(text: str) -> ast.Statement:
    (statement,) = parse(text, "rasp-l").statements
    return statement


def printed(text: str) -> str:
    return unparse(parse(text, "rasp-l"))


@settings(max_examples=40)
@given(PROGRAMS)
def test_every_tree_prints_and_reads_back(program: ast.Program) -> None:
    assert parse(unparse(program), "rasp-l") == program


@settings(max_examples=25)
@given(st.integers(0, 10**9))
def test_programs_print_and_read_back(seed: int) -> None:
    program = parse(random_program(Random(seed)), "rasp-l")
    text = unparse(program)
    assert parse(text, "rasp-l") == program
    assert unparse(parse(text, "rasp-l")) == text


@pytest.mark.parametrize(
    ("text", "grouped"),
    [
        ("a | b & c == d", "(a | (b & c)) == d"),
        ("a ^ b | c & d", "(a ^ b) | (c & d)"),
        ("not a == b and c or d", "((not (a == b)) and c) or d"),
        ("-a + ~b * c % d // e", "(-a) + ((((~b) * c) % d) // e)"),
        ("a - b - c", "(a - b) - c"),
        ("a if b else c if d else e", "a if b else (c if d else e)"),
        ("lambda t: t if t else 0", "lambda t: (t if t else 0)"),
        ("-f(x)[0].y", "-(((f(x))[0]).y)"),
        ("a + b < c - d", "(a + b) < (c - d)"),
        ("- - a", "-(-a)"),
    ],
)
def test_operators_bind_as_in_python(text: str, grouped: str) -> None:
    assert one(text) == one(grouped)


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("((a))+(b*c)\n", "a + b * c\n"),
        ("(a+b)*c\n", "(a + b) * c\n"),
        ("a-(b-c)\n", "a - (b - c)\n"),
        ("(not a) == b\n", "(not a) == b\n"),
        ("f( x , k = 1 , )\n", "f(x, k=1)\n"),
        ("(a,)\n", "(a,)\n"),
        ("()\n", "()\n"),
        ("lambda : 3\n", "lambda: 3\n"),
        ("0x1F + 0b11\n", "31 + 3\n"),
        ("2. + .50\n", "2.0 + 0.5\n"),
        ('"it\'s"\n', "'it\\'s'\n"),
        ("r'\\t'\n", "'\\\\t'\n"),
        ("'\\x41\\u00e9\\q\\101'\n", "'Aé\\\\qA'\n"),
        ("def f(x: int, *a, k: int = 1, **b) -> int: return x\n", "def f(x, *a, k=1, **b):\n    return x\n"),
        ("if a: pass\nelif b:\n  pass\nelse:\n  pass\n", "if a:\n    pass\nelif b:\n    pass\nelse:\n    pass\n"),
        ("from  .core  import *\n", "from .core import *\n"),
        ("from .. import (a, b as c,)\n", "from .. import a, b as c\n"),
        ("import numpy as np\n", "import numpy as np\n"),
    ],
)
def test_texts_print_in_one_style(text: str, result: str) -> None:
    assert printed(text) == result
    assert printed(result) == result


def test_layout() -> None:
    text = (
        "# a comment first\n\n"
        "def f(x):   \n"
        "        # deeper than the code\n"
        "    '''a docstring\n  over lines'''\n"
        "    y = where(x > 1,   # inside brackets\n"
        "              x,\n\n"
        "         0)\n"
        "# a comment at the margin\n"
        "    return y   \n"
        "z = 3 # no line end"
    )
    first, second = parse(text, "rasp-l").statements
    assert isinstance(first, ast.PythonDef)
    assert [type(statement) for statement in first.body] == [ast.ExpressionStatement, ast.Assign, ast.Return]
    assert second == one("z = 3")


def test_windows_line_ends_tabs_and_byte_order_mark() -> None:
    assert (
        parse("\ufeffdef f(x):\r\n\treturn x\r\n", "rasp-l").statements == parse("def f(x):\n  return x\n", "rasp-l").statements
    )


def test_spans_point_into_the_text() -> None:
    statement = one("y = kqv(x, x,\n  x, lambda k, q: k == q)")
    assert isinstance(statement, ast.Assign)
    call = statement.values[0]
    assert isinstance(call, ast.Call)
    assert call.arguments[3].span.text == "lambda k, q: k == q"
    assert (call.arguments[3].span.line, call.arguments[3].span.column) == (2, 6)


@pytest.mark.parametrize(
    ("text", "complete"),
    [
        ("", True),
        ("# only a comment", True),
        ("x = 3", True),
        ("x = (3,", False),
        ("x = [1, # more", False),
        ("x = '''more", False),
        ("x = 'closed'", True),
        ("def f(x):", False),
        ("def f(x):\n    return x", False),
        ("def f(x):\n    return x\n", True),
        ("def f(x):\n    return x\n    ", True),
        ("if a: pass", False),
        ("if a: pass\n", True),
        ("if a:\n  pass\nelse:", False),
        ("def f(x):\n  return x\ny = 3", True),
    ],
)
def test_a_text_is_complete_when_nothing_is_open(text: str, complete: bool) -> None:
    assert read(Source("<test>", text), "rasp-l").complete is complete


SYNTAX_ERRORS = {
    "loop": "def f(x):\n    for i in x:\n        pass\n",
    "class": "class A:\n    pass\n",
    "chained comparison": "y = 1 < x < 3\n",
    "power": "y = x ** 2\n",
    "shift operator": "y = x << 2\n",
    "slice": "y = x[1:]\n",
    "dictionary": "y = {1: 2}\n",
    "a tuple without brackets": "f(x), g(x)\n",
    "assignment to an item": "x[0] = 1\n",
    "chained assignment": "a = b = 1\n",
    "annotated assignment": "a: int = 1\n",
    "semicolon": "a = 1; b = 2\n",
    "backslash": "a = 1 + \\\n    2\n",
    "membership": "y = 1 in x\n",
    "decorator": "@cache\ndef f(x):\n    return x\n",
    "keyword as a name": "def if(x):\n    return x\n",
    "missing colon": "def f(x)\n    return x\n",
    "missing block": "def f(x):\ny = 2\n",
    "missing operand": "y = x +\n",
    "half a conditional": "y = 1 if x\n",
    "open bracket": "def f(x):\n    y = g(x, (1\n    return y\n",
    "stray bracket": "y = x)\n",
    "wrong bracket": "y = (x]\n",
    "open string": "y = 'abc\n",
    "open long string": "y = '''abc\nz = 2\n",
    "stray character": "y = x ? 2\n",
    "first line indented": "  y = 1\n",
    "indented for no reason": "y = 1\n    z = 2\n",
    "dedent to nowhere": "def f(x):\n        y = 1\n    return y\n",
    "else without if": "y = 1\nelse:\n    y = 2\n",
    "return outside a function": "if a:\n    return 1\n",
    "positional after keyword": "y = f(k=1, x)\n",
    "two words": "print x\n",
    "long integer": "y = " + "1" * 4001 + "\n",
    "several errors": "a = ]\ndef f(x):\n    y = +\n    z = 1\n    if x:\n        w = *\nb = 3\nc = 'x\n",
}


def test_syntax_errors(golden: Golden) -> None:
    reports = []
    for name, text in SYNTAX_ERRORS.items():
        with pytest.raises(RaspError) as caught:
            parse(text, "rasp-l", name="program.raspl")
        reports.append(f"== {name}\n{caught.value.report()}\n")
    golden("syntax_errors.txt", "\n".join(reports))


def test_what_can_be_read_is_read_in_spite_of_errors() -> None:
    reading = read(Source("<test>", "a = 1\nb = )\ndef f(x):\n    return (x\nc = 2\n"), "rasp-l")
    assert len(reading.errors) == 2
    assert [statement for statement in reading.statements if isinstance(statement, ast.Assign)] == [one("a = 1")]


@pytest.mark.parametrize("text", ["(" * 100_000, "y = " + "(" * 401 + "x" + ")" * 401, "y = " + "-" * 2_000 + "x"])
def test_depth_is_limited(text: str) -> None:
    with pytest.raises(RaspLimitError):
        parse(text, "rasp-l")


def test_blocks_nest_to_a_limit() -> None:
    with pytest.raises(RaspLimitError, match="blocks nest"):
        parse("".join(" " * depth + "if a:\n" for depth in range(500)) + " " * 500 + "pass\n", "rasp-l")


@given(st.text(max_size=60) | st.text("()[]:,.='\"\\\n\t abdefiltu01+-*<>@#", max_size=60))
def test_no_text_raises_anything_but_a_rasp_error(text: str) -> None:
    reading = read(Source("<test>", text), "rasp-l")
    for error in reading.errors:
        assert error.report()

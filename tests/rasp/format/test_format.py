"""One layout for both dialects: nothing but white space changes, and a second time not even that."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import rasp
from rasp import limits
from rasp.errors import RaspError, RaspLimitError, Source
from rasp.syntax.ast import Dialect
from rasp.syntax.parser import rasp_grammar
from rasp.syntax.raspl_layout import logical_lines
from rasp.syntax.raspl_parser import grammar as raspl_grammar
from rasp.syntax.tokens import Tok, tokenize
from tests.conftest import Golden
from tests.rasp.raspl.trees import PROGRAMS
from tests.rasp.syntax.trees import programs

ROOT = Path(__file__).parents[3]
FILES = sorted(path for folder in ("examples", "rasp/library") for path in (ROOT / folder).rglob("*.rasp*"))

UGLY = """\

# Counts.


# Twice.
def  f( a,b ){ # here
    c=a+-b ;  return   c*2 ; }
def g(x){return select(x,x,==) ;}   x = f (tokens_int,1 )


    if   not(indices>2)   # where
    else  - 3; y=x;
for i in [1,
2 , 3]{
# first

    d = {"a":1 , "b" : [i ][0]};
        # last
}
set   s-op   example  "ab"
show   s-op example
aggregate(g(x),
    # inside
    x,
  0);
# the end
"""

UGLY_PYTHON = '''\
#!start
import numpy as np
X=-1
def f( x:int = 1,*more, y = 2 )->int :


  """What
  it does."""
  if x==1 :
        return  [ -x , (x,), x [0] ]   # one
        # still there
  elif not x :  pass
  else :

      z=lambda   a,b:a .b( c = -1,**d )


      # inside

      z+=where( x > 0,
  x - 1, # less
          -x*2
       )
# outside
def g() : return f
'''


def comments(text: str) -> list[str]:
    """No string in these tests holds a number sign."""
    return [line[line.index("#") :].strip() for line in re.split(r"[\r\n]", text) if "#" in line]


def check(text: str, dialect: Dialect) -> str:
    """The text in the usual layout, which means the same, says the same, stays as it is, and keeps its line ends."""
    formatted = rasp.format_text(text, dialect)
    assert rasp.parse(formatted, dialect) == rasp.parse(text, dialect)
    assert comments(formatted) == comments(text)
    assert rasp.format_text(formatted, dialect) == formatted
    if "\n" in text and "\r" not in text:
        assert rasp.format_text(text.replace("\n", "\r\n"), dialect) == formatted.replace("\n", "\r\n")
    assert all(line == line.rstrip(" ") or '"""' in formatted for line in formatted.split("\n"))
    return formatted


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_programs_of_this_project_are_in_it(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert check(text, "rasp-l" if path.suffix == ".raspl" else "rasp") == text


def test_rasp(golden: Golden) -> None:
    golden("ugly.rasp", check(UGLY, "rasp"))


def test_rasp_l(golden: Golden) -> None:
    golden("ugly.raspl", check(UGLY_PYTHON, "rasp-l"))


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("", ""),
        ("\n \n", ""),
        ("#only", "#only\n"),
        ("x=1;", "x = 1;\n"),
        ("x=1;\r\ny=2;\r\n", "x = 1;\r\ny = 2;\r\n"),
        ("x=1;\r\ny=2;\n", "x = 1;\ny = 2;\n"),
        ("x=1;\r\ny=2;# a\r\n# b\nz=3;", "x = 1;\r\ny = 2;  # a\r\n# b\r\nz = 3;\r\n"),
        ("for x in as {y=x;\n}", "for x in as {\n    y = x;\n}\n"),
        ("def as (x) {return lambda (x)-import [0] ;}", "def as(x) { return lambda(x) - import[0]; }\n"),
        ("pass = - while;elif=while -1;", "pass = -while;\nelif = while - 1;\n"),
        ("draw (x , 1) ; exit ( )", "draw(x, 1);\nexit()\n"),
        ("x=1; y=2; # both", "x = 1;\ny = 2;  # both\n"),
        ("a = - (b) - -c;", "a = -(b) - -c;\n"),
        ("a = f (x) [ 0 ] ;", "a = f(x)[0];\n"),
        ("def f ( x )\n{ return x ; }", "def f(x) { return x; }\n"),
        ("def f(x) {\n\n\nreturn x;\n\n}", "def f(x) {\n    return x;\n}\n"),
        ("def f(x) { y = x; return y;\n}", "def f(x) {\n    y = x;\n    return y;\n}\n"),
        ("x = f(\ng(\n1));", "x = f(\n    g(\n        1));\n"),
        ("x = f(g(\n1\n));", "x = f(g(\n    1\n));\n"),
        ("x =\n1;", "x =\n    1;\n"),
        ('set example\r"abc"\n', 'set example "abc"\n'),
        ("x = 1; # one\r# two\ry = 2;", "x = 1;  # one\n# two\ny = 2;\n"),
        ("# a\ufeffb\nx=1;", "# a\ufeffb\nx = 1;\n"),
        ("a = {};b={ 1:2 };", "a = {};\nb = {1: 2};\n"),
    ],
)
def test_small_rasp(text: str, wanted: str) -> None:
    assert check(text, "rasp") == wanted


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("x=1", "x = 1\n"),
        ("def f(x):\n\treturn x", "def f(x):\n    return x\n"),
        ("def f(x):\n return x\n\n\n\n\ndef g(x): return x", "def f(x):\n    return x\n\n\ndef g(x): return x\n"),
        ("def f(x):\n  # in\n  return x\n  # still\n# out\n", "def f(x):\n    # in\n    return x\n    # still\n# out\n"),
        ("from . m import ( a,b as c )", "from .m import (a, b as c)\n"),
        ("x = (\n1\n,)", "x = (\n    1\n    ,)\n"),
        ("f( *a, b = - 1 )", "f(*a, b=-1)\n"),
        ("x = 1if y else-1", "x = 1 if y else -1\n"),
        ("x = lambda:1", "x = lambda: 1\n"),
        ("x = a . b", "x = a.b\n"),
        ("x = 1 .foo", "x = 1 .foo\n"),
        ("from . . . import x", "from .. . import x\n"),
        ("x = 1 \r + 2", "x = 1 + 2\n"),
        ("def f(x) :\r\n  return x\r\n", "def f(x):\r\n    return x\r\n"),
        ("def f(x) :\r\n  '''a\n  b'''\r\n  return x\r\n", "def f(x):\r\n    '''a\n  b'''\r\n    return x\r\n"),
        ("def load (on): return draw (on)-set [0]", "def load(on): return draw(on) - set[0]\n"),
        ("def f(x):\n    return x\n  # in\n# out\ny = 1", "def f(x):\n    return x\n    # in\n# out\ny = 1\n"),
        ("def f(x):\n    return x\n  # in", "def f(x):\n    return x\n    # in\n"),
        (
            "if a:\n  if b:\n      c\n    # in\n  # with d\n  d",
            "if a:\n    if b:\n        c\n        # in\n    # with d\n    d\n",
        ),
        (
            "if a:\n    b\n        # in\n  # in\n# out\nelse:\n # c\n    c",
            "if a:\n    b\n    # in\n    # in\n# out\nelse:\n    # c\n    c\n",
        ),
    ],
)
def test_small_rasp_l(text: str, wanted: str) -> None:
    assert check(text, "rasp-l") == wanted


def test_what_is_no_program_is_refused() -> None:
    with pytest.raises(RaspError, match="mine"):
        rasp.format_text("x = ;", name="mine")


def test_what_would_be_too_large_to_be_read_again_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    text = "x=1;" * 20
    monkeypatch.setattr(limits, "SOURCE_CHARACTERS", 139)
    with pytest.raises(RaspLimitError, match="in the usual layout the program has more than 139 characters"):
        rasp.format_text(text)
    monkeypatch.setattr(limits, "SOURCE_CHARACTERS", 140)
    assert len(rasp.format_text(text)) == 140


# Any white space


def spoilt(tokens: list[Tok], chance: random.Random, breaks: bool) -> str:
    """Tokens with other white space between them, and comments where a line may end."""
    text = ""
    for before, token in zip([None, *tokens], tokens, strict=False):
        words = before is not None and (before.text[-1] + token.text[0]).replace("_", "a").isalnum()
        gaps = [" ", "  ", "\t", *([] if before is None or words or before.text + token.text[0] in SIGNS else [""])]
        if breaks:
            gaps += ["\n", "\n\n\n  "]
        if breaks and token.text != "(":  # a name is called only where nothing but white space is before the bracket
            gaps += ["\n # a comment\n", " # another\n\n\t#  one more \n \n"]
        text += chance.choice(gaps if before is not None else [""]) + token.text
    return text


SIGNS = {"<=", ">=", "==", "!=", "**", "//", "->"}
COMMANDS = {"set", "show", "examples", "full", "exit", "quit", "exit()", "quit()"}
EASY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@settings(max_examples=40, suppress_health_check=EASY)
@given(programs.map(rasp.unparse), st.integers(0, 2**32))
def test_any_white_space_in_rasp(text: str, seed: int) -> None:
    if "#" in text:
        return  # in a string
    chance = random.Random(seed)
    check(text, "rasp")
    if not COMMANDS & set(text.split()):  # they end with their line
        check(spoilt(tokenize(rasp_grammar(), Source("", text)), chance, breaks=True), "rasp")


@settings(max_examples=40, suppress_health_check=EASY)
@given(PROGRAMS.map(rasp.unparse), st.integers(0, 2**32))
def test_any_white_space_in_rasp_l(text: str, seed: int) -> None:
    if "#" in text:
        return  # in a string
    chance = random.Random(seed)
    width = chance.randint(1, 9)
    lines = []
    for line in logical_lines(tokenize(raspl_grammar(), Source("", text))):
        lines += chance.choice([[], [""], ["", "", ""], ["# a comment"], ["      # one  "]])
        lines.append(" " * (line.indent // 4 * width) + spoilt(line.tokens, chance, breaks=False))
    check("\n".join(lines), "rasp-l")

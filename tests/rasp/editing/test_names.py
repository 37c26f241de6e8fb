"""What each name of a program means."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

import rasp
from rasp.editing.document import Document
from rasp.editing.names import Names, names_of
from rasp.editing.resolver import BUILTINS, place_of
from rasp.editing.scopes import Binding
from rasp.errors import Source
from rasp.measure.source import walk
from rasp.syntax import ast
from rasp.syntax.ast import Dialect
from rasp.syntax.parser import parse, read
from tests.rasp.raspl.trees import PROGRAMS
from tests.rasp.syntax.trees import programs

ROOT = Path(__file__).parents[3]
FILES = [path for folder in ("examples", "tests/data", "rasp/library") for path in sorted((ROOT / folder).rglob("*.rasp*"))]
BROKEN = {"broken.rasp": ["nowhere"]}


def dialect_of(path: Path) -> Dialect:
    return "rasp-l" if path.suffix == ".raspl" else "rasp"


def marked(text: str) -> tuple[str, int, int | None]:
    """A text without its marks, and the places that they stand before: → a use, ⇒ what it means."""
    plain = text.replace("→", "").replace("⇒", "")
    return plain, text.replace("⇒", "").index("→"), text.replace("→", "").index("⇒") if "⇒" in text else None


def check_meaning(text: str, dialect: Dialect) -> None:
    plain, use, meant = marked(text)
    found = Document(Source("p", plain), dialect).names.at(use)
    binding = found.binding if found is not None else None
    assert (binding.span.start if binding is not None else None) == meant


@pytest.mark.parametrize(
    "text",
    [
        "⇒x = 1; y = →x;",
        "⇒x = 1; x = →x + 1;",
        "x = 1; ⇒x = x + 1; y = →x;",
        "x = →x + 1;",
        "y = →x; x = 1;",
        "⇒x, y = 1, 2; x2 = [→x];",
        "n = 1; for ⇒i in [2] { n = n + →i; }",
        "⇒n = 1; for i in [2] { n = →n + i; }",
        "i = 1; for ⇒i in [2] { n = i; } m = →i;",
        "⇒i = [1]; for i in →i { n = i; }",
        # functions
        "def f(⇒f) { return →f; }",
        "def ⇒f(f) { return f; } y = →f(1);",
        "x = 1; def f(⇒x) { return →x; }",
        "def f(x) { ⇒y = x; return →y; }",
        "⇒y = 1; def f(x) { z = →y; y = x; return y; }",
        "y = 1; def f(x) { ⇒y = y; return →y; }",
        "⇒y = 1; def f(x) { y = →y; return y; }",
        "def f(x) { y = x; return y; } z = →y;",
        "def f(x) { return →g(x); } def ⇒g(x) { return x; } y = f(1);",
        "def f(x) { return →k; } ⇒k = 1; y = f(1); k = 2;",
        "k = 1; def f(x) { return →k; } ⇒k = 2; y = f(1); k = 3;",
        "k = 1; def f(x) { return →k; } ⇒k = 2;",
        "def ⇒f(n) { return 0 if n == 0 else →f(n - 1); } y = f(2);",
        "def f(x) { def ⇒g(y) { return y; } return →g(x); }",
        "def f(⇒x) { def g(y) { return →x; } return g(1); }",
        "def f(x) { ⇒z = 1; def g(y) { return →z; } a = g(1); z = 2; return a; }",
        "def f(x) { def g(y) { return →k; } return g(1); } ⇒k = 1; y = f(1); k = 2;",
        "def h(x) { return →k; } def f(x) { k = 3; return h(1); } ⇒k = 1; y = f(1);",
        # comprehensions
        "n = 1; l = [→n for ⇒n in [3]];",
        "⇒n = [1]; l = [n for n in →n];",
        "⇒n = 1; l = [n for n in [3]]; m = →n;",
        "l = {→a: b for ⇒a, b in [[1, 2]]};",
        "l = {a: →b for a, ⇒b in [[1, 2]]};",
        "l = [[→n for ⇒n in n] for n in [[1]]];",
        "l = [[m for m in →n] for ⇒n in [[1]]];",
        # words that are no variables
        'x = 1; y = "→x";',
        "x = 1; # →x\n",
        "x = →tokens;",
        "⇒→select = 3;",
        "⇒x = 1; y = ( # x\n((→x)));",
        "set example →x",
        '⇒x = "ab"; set example →x\n',
        "⇒s = indices; draw(→s, 1);",
        # what fails does not hide the rest
        "⇒x = 1; y = ; z = →x;",
    ],
)
def test_rasp(text: str) -> None:
    check_meaning(text, "rasp")


@pytest.mark.parametrize(
    "text",
    [
        "def f(⇒x):\n    return →x\n",
        "def ⇒f(f): return f\ny = →f\n",
        "def f(⇒f): return →f\n",
        "⇒a = 1\ndef f(a, b=→a): return a\n",
        "def f(a, b: int = 1, *⇒more): return →more\n",
        "def f(a, ** ⇒more): return →more\n",
        "def f(x, ⇒step=1): return x\ny = f(x, →step=2)\n",
        "def f(x, ⇒step=1): return x\ndef g(step): return f(step, →step=2)\n",
        "def g(⇒step): return f(step, step=→step)\n",
        "def g(step): return f(step, →step=step)\n",
        "def g(x): return x.→x\n",
        "def g(⇒x): return →x.x\n",
        # lambdas
        "def f(x): return tok_map(x, lambda ⇒v: →v + 1)\n",
        "def f(v): return tok_map(v, lambda a, ⇒v: →v + a)\n",
        "def f(⇒x): return tok_map(x, lambda v: →x + v)\n",
        "def f(x, ⇒v): return tok_map(→v, lambda v: v)\n",
        "f = lambda x: →g(x)\ndef ⇒g(x): return x\ny = f(1)\n",
        "⇒f = lambda x: x\ny = →f(1)\n",
        "def f(x):\n    y = tok_map(x, lambda v: →z)\n    ⇒z = 1\n    return y\n",
        "⇒z = 1\ndef f(x): return tok_map(x, lambda v: →z)\n",
        # branches and loops
        "⇒y = 1\nif c:\n    y = 2\nelse:\n    z = →y\n",
        "y = 1\nif c:\n    y = 2\nelse:\n    ⇒y = 3\nz = →y\n",
        "y = 1\nif c:\n    ⇒y = 2\nelse:\n    pass\nz = →y\n",
        "⇒k = 1\nif x:\n    k = 2\nelif y:\n    k = 3\nelse:\n    m = →k\n",
        "k = 1\nif a:\n    ⇒k = 2\n    def f(x): return →k\n    y = f(1)\nelse:\n    k = 3\n",
        "⇒n = 1\nwhile n < 3:\n    m = →n\n    n = n + 1\n",
        "⇒n = 1\n→n += 1\n",
        "n = 1\n⇒n += n\nm = →n\n",
        "⇒→n += 1\n",
        # imports
        "import numpy as ⇒np\ny = →np.zeros\n",
        "import ⇒os.path\ny = →os.path\n",
        "from functools import reduce as ⇒r\ny = →r\n",
        "x = '''→x'''\n",
        "x = 1 # →x\n",
        "y = →kqv\n",
        "y = →__name__\n",
        "y = →None\n",
    ],
)
def test_rasp_l(text: str) -> None:
    check_meaning(text, "rasp-l")


# Other files


def test_what_the_library_reserves() -> None:
    text = "max = 3; y = max(1, 2);"
    found = Document(Source("p", text), "rasp").names
    line = library_line("max", "rasp")
    assert [place(found, text, use) for use in ("max = 3", "max(")] == [f"rasp.rasp:{line}:max"] * 2


def place(found: Names, text: str, use: str) -> str | None:
    """The file and the line that the first occurrence of a part of a text leads to."""
    one = found.at(text.index(use))
    binding = one.binding if one is not None else None
    return None if binding is None else f"{Path(binding.span.source.name).name}:{binding.span.line}:{binding.span.text}"


def names_in(folder: Path, text: str, dialect: Dialect) -> Names:
    path = folder / ("p.rasp" if dialect == "rasp" else "p.raspl")
    return names_of(read(Source(str(path), text), dialect).statements, dialect, path)


OTHER = """\
load "deeper";
load "p";
there = 0;
there = _private;
def f(x) { inner = 1; return x; }
"""
LOADER = """\
there = 1;
before = there;
load "other";
a = there + deep;
b = _private + inner + nowhere;
deep = 3;
c = deep + length;
load "gone";
"""
OTHER_PYTHON = """\
from .deeper import deep
_hidden = 1
def there(x): return deep(x)
def also(x): return x
"""
IMPORTER = """\
from other import there as here, _hidden, missing
from other import *
import other
from np_rasp import where, kqv as attend
a = here(deep(also(1), k=2), _hidden, missing)
b = where + attend + cumsum
from nowhere import thing
c = thing
"""


def test_what_a_load_binds(tmp_path: Path) -> None:
    (tmp_path / "deeper.rasp").write_text("deep = 1;\n_private = 2;\n")
    (tmp_path / "other.rasp").write_text(OTHER)
    text = LOADER
    found = names_in(tmp_path, text, "rasp")
    assert place(found, text, "there;") == "p.rasp:1:there"
    assert place(found, text, "there +") == "other.rasp:4:there"
    assert place(found, text, "deep;") == "deeper.rasp:1:deep"
    assert place(found, text, "deep + length") == "p.rasp:6:deep"
    assert place(found, text, "length") == f"rasp.rasp:{library_line('length', 'rasp')}:length"
    assert [place(found, text, name) for name in ("_private", "inner", "nowhere")] == [None] * 3
    assert {path.name for path in found.files} == {"other.rasp", "deeper.rasp"}
    assert not found.complete


def test_a_load_in_a_function_binds_there(tmp_path: Path) -> None:
    (tmp_path / "other.rasp").write_text("there = 0;")
    text = 'def f(x) { load "other"; y = there; return y; }\nz = there + f(1);'
    found = names_in(tmp_path, text, "rasp")
    assert place(found, text, "there;") == "other.rasp:1:there"
    assert place(found, text, "there +") is None


def test_what_an_import_binds(tmp_path: Path) -> None:
    (tmp_path / "deeper.py").write_text("def deep(x, k=1): return x\n")
    (tmp_path / "other.raspl").write_text(OTHER_PYTHON)
    text = IMPORTER
    found = names_in(tmp_path, text, "rasp-l")
    assert place(found, text, "there") == "other.raspl:3:there"
    assert place(found, text, "here,") == "other.raspl:3:there"
    assert place(found, text, "here(") == "other.raspl:3:there"
    assert place(found, text, "deep(") == "deeper.py:1:deep"
    assert place(found, text, "k=2") == "deeper.py:1:k"
    assert place(found, text, "also(") == "other.raspl:4:also"
    assert place(found, text, "_hidden, missing)") == "other.raspl:2:_hidden"
    assert place(found, text, "missing)") == "p.raspl:1:missing"
    assert place(found, text, "where +") == f"raspl.raspl:{library_line('where', 'rasp-l')}:where"
    assert place(found, text, "attend +") == "p.raspl:4:attend"
    assert place(found, text, "cumsum") == f"raspl.raspl:{library_line('cumsum', 'rasp-l')}:cumsum"
    assert place(found, text, "thing\nc") == "p.raspl:7:thing"
    assert {path.name for path in found.files} == {"other.raspl", "deeper.py"}
    assert not found.complete


def library_line(name: str, dialect: Dialect) -> int:
    """The last line of the library that binds a name, found without the resolver."""
    path = Path(rasp.__file__).parent / "library" / ("rasp.rasp" if dialect == "rasp" else "raspl.raspl")
    lines = path.read_text().splitlines()
    return max(number for number, line in enumerate(lines, 1) if line.startswith((f"{name} =", f"def {name}(")))


# Any program


def every_name(statements: tuple[ast.Statement, ...]) -> list[ast.Name]:
    return [tree for statement in statements for tree in walk(statement) if isinstance(tree, ast.Name)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.name)
def test_every_name_of_every_program_is_known(path: Path) -> None:
    dialect = dialect_of(path)
    reading = read(Source(str(path), path.read_text(encoding="utf-8-sig")), dialect)
    found = {one.span.start: one for one in names_of(reading.statements, dialect, path).occurrences}
    unknown = [
        name.name for name in every_name(reading.statements) if not is_known(found[place_of(name).start].binding, name, dialect)
    ]
    assert unknown == BROKEN.get(path.name, [])


def is_known(binding: Binding | None, name: ast.Name, dialect: Dialect) -> bool:
    return name.name in BUILTINS[dialect] if binding is None else binding.name == name.name


EASY = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


@settings(max_examples=40, suppress_health_check=EASY)
@given(programs.map(rasp.unparse))
def test_any_program_of_rasp(text: str) -> None:
    check_program(text, "rasp")


@settings(max_examples=40, suppress_health_check=EASY)
@given(PROGRAMS.map(rasp.unparse))
def test_any_program_of_rasp_l(text: str) -> None:
    check_program(text, "rasp-l")


def check_program(text: str, dialect: Dialect) -> None:
    """Each name has a meaning of its own name, or none."""
    statements = parse(text, dialect).statements
    found = names_of(statements, dialect)
    by_place = {one.span.start: one for one in found.occurrences}
    assert len(by_place) == len(found.occurrences)
    for name in every_name(statements):
        one = by_place[place_of(name).start]
        assert one.name == one.span.text == name.name == name.span.text.strip("()")
        assert one.binding is None or one.binding.name == one.binding.span.text == name.name

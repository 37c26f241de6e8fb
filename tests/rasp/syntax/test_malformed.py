"""What users read when a program is wrong: the whole message, for every kind of slip."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

import rasp
from tests.conftest import Golden

SYNTAX = r"""
x = 3 y = 4;
x = 3
x = (1 + 2;
x = [1, 2;
x = {1: 2;
x = 3);
def f(a) { return a;
def f(a) { b = 1; }
def f(a) { return a; b = 1; }
def f(1) { return 1; }
def if(a) { return a; }
def f() { x = (3; y = ; return 4; }
return 3;
for i in [1] { }
for i in [1];
for { x = 1; }
x = 'a';
x = "abc
x = 1 != 2;
x = a & b;
x = .5;
x = 5.;
x = 1a;
x = 1_000;
x = 1e3;
x = 1,;
x = ;
= 3;
;
x = 1;;
}
if = 3;
a = b = 1;
a[0] = 1;
x = a $ b;
x = s-op;
select(a, b);
select(a, b, +);
select(a < b);
aggregate(a);
round();
set example
set example "a";
show examples
exit;
examples on;
full seq display
x = {1: 2, 3};
x = [a for b in c if d];
x = [a for b in c for d in e];
x = not;
x = ();
x = 1 if 2;
load lib;
load "lib"
draw indices;
x = é;
def f() { exit }
""".strip().splitlines()

ELABORATION = r"""
x = y;
x = indexes;
indices = 3;
max = 3;
def f(a) { return a; } f(1, 2);
def f(max) { return max; } g = f(1); def h(in_) { return out_; } h(1);
x = 1 + "a";
x = 1 / 0;
x = 5 % 0;
x = 0 ^ -1;
x = "a" < 1;
x = -"a";
x = not full_s + 1;
x = full_s + 1;
x = full_s and True;
x = full_s == full_s;
x = indices + [1];
x = round(full_s);
x = indicator(1);
x = aggregate(indices, indices);
x = aggregate(full_s, full_s);
x = aggregate(full_s, indices, indices);
x = aggregate(full_s, indices, [1]);
x = select([1], indices, ==);
x = select(max, indices, ==);
x = 1(2);
x = [1][2](3);
x = [1][5];
x = [1]["a"];
x = "abc"[1.5];
x = {1: 2}[3];
x = {1: 2}[[1]];
x = {[1]: 2};
x = 5[0];
x = tokens[indices];
x = tokens[1.0];
x = [indices][tokens == "a"];
x = [1] < [2];
x = [indices] == [tokens];
x = "l" in [tokens];
x = "l" in "hello";
x = [1] in [[1]];
x = tokens in tokens;
x = tokens in [tokens];
x = not max;
x = max == min;
x = full_s if indices else 1;
x = 1 if full_s else 2;
x = len("abc");
x = len(indices);
x = range(1.5);
x = range(1, 2, 3, 4);
x = range(1, 2, 0);
x = zip(1);
x = zip([1], [1, 2]);
x = [c for c in "abc"];
x = [k for k, v in {"a": 1}];
for i in indices { x = i; }
a, b = 1;
a, b = 1, 2, 3;
indices(1);
indices("");
indices("a", "b");
tokens_int("1x");
indices([[1]]);
set example 5
draw(1);
load "no_such_file";
x = a; y = x; z = y + 1;
x = 1 / 0; def g() { return x; } y = g();
""".strip().splitlines()


def reports(texts: Sequence[str], parse_only: bool) -> str:
    """Every text with its report; a line that starts with '>>' is the program."""
    parts = []
    for text in texts:
        with pytest.raises(rasp.RaspError) as caught:
            rasp.parse(text) if parse_only else rasp.loads(text)
        assert all(error.span is not None for error in caught.value.errors), text
        parts.append(f">> {text}\n{caught.value.report()}\n")
    return "\n".join(parts)


def test_syntax_errors(golden: Golden) -> None:
    golden("syntax_errors.txt", reports(SYNTAX, parse_only=True))


def test_elaboration_errors(golden: Golden) -> None:
    golden("elaboration_errors.txt", reports(ELABORATION, parse_only=False))


def test_all_errors_of_a_program_are_reported_at_once(golden: Golden) -> None:
    text = """\
x = (1 + 2;
def f(a) {
    b = a +;
    c = [1;
    return b c;
}
y = 1 / 0;
z = undefined_before;
w = y + z;
"""
    with pytest.raises(rasp.RaspErrors) as caught:
        rasp.loads(text)
    golden("all_errors.txt", caught.value.report() + "\n")

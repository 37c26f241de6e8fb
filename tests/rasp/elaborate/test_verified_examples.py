"""Console inputs with the answers of the reference REPL on its running example ``hello``."""

from __future__ import annotations

from pathlib import Path

import pytest

import rasp
from tests.rasp.elaborate.console import answer, answers

VALUES = [
    ("-2^2;", "4"),
    ("2^3^2;", "64"),
    ("7%4*2;", "7"),
    ("2*3%4;", "2"),
    ("-7%3;", "2"),
    ("2*-3;", "-6"),
    ("1--1;", "2"),
    ("- -1;", "1"),
    ("-not 1;", "0"),
    ("not 1==2;", "False"),
    ("True or False and False;", "False"),
    ("False and True or True;", "True"),
    ("not 1 in [1,2];", "False"),
    ("1 if True else 2 if False else 3;", "3"),
    ("1 if True else 2 in [5];", "False"),
    ('"a" in tokens and True;', "[F]*5 (bools)"),
    ('not tokens in ["h"];', "[F]*5 (bools)"),
    ('not (tokens in ["h"]);', "[F, T, T, T, T] (bools)"),
    ("1/2;", "0.5"),
    ("4/2;", "2.0"),
    ("2^-1;", "0.5"),
    ("007;", "7"),
    ("round(2.5);", "2"),
    ("round(3.5);", "4"),
    ("round(-0.5);", "0"),
    ("round(indices/2);", "[0, 0, 1, 2, 2] (ints)"),
    ("1/(indices+1);", "[1.0, 0.5, 0.333, 0.25, 0.2] (floats)"),
    ("indices/2;", "[0.0, 0.5, 1.0, 1.5, 2.0] (floats)"),
    ("indices^0.5;", "[0.0, 1.0, 1.414, 1.732, 2.0] (floats)"),
    ("indices%2.5;", "[0.0, 1.0, 2.0, 0.5, 1.5] (floats)"),
    ('tokens+"a";', "[ha, ea, la, la, oa] (strings)"),
    ("tokens*2;", "[hh, ee, ll, ll, oo] (strings)"),
    ("tokens*indices;", "[, e, ll, lll, oooo] (strings)"),
    ('(tokens=="l")+1;', "[1, 1, 2, 2, 1] (ints)"),
    ('(tokens=="l")==1;', "[F, F, T, T, F] (bools)"),
    ('-(tokens=="l");', "[0, 0, -1, -1, 0] (ints)"),
    ("tokens==3;", "[F]*5 (bools)"),
    ("indices==[1];", "[F]*5 (bools)"),
    ("indices and 1;", "[F, T, T, T, T] (bools)"),
    ('tokens=="h" or "e";', "[T]*5 (bools)"),
    ("0 if indices > 2 else True;", "[T, T, T, 0, 0] (ints)"),
    ("1 if indices > 2 else 0.5;", "[0.5, 0.5, 0.5, 1, 1] (floats)"),
    ("indicator(indices);", "[0, 1, 1, 1, 1] (ints)"),
    ("indices in [0.0, True];", "[T, T, F, F, F] (bools)"),
    ("1 in indices;", "[T]*5 (bools)"),
    ("aggregate(select(indices,indices,<),indices);", "[0, 0, 0.5, 1.0, 1.5] (floats)"),
    ("aggregate(select(indices,indices+1,==),indices);", "[1, 2, 3, 4, 0] (ints)"),
    ("aggregate(select(indices,indices+1,==),indices,-1);", "[1, 2, 3, 4, -1] (ints)"),
    ("aggregate(select(indices,indices+1,==),indices,0.5);", "[1, 2, 3, 4, 0.5] (floats)"),
    ('aggregate(select(indices,indices+1,==),tokens,"-");', "[e, l, l, o, -] (strings)"),
    ('aggregate(select(indices,indices+1,==),tokens=="l");', "[F, T, T, F, 0] (ints)"),
    ('aggregate(select(indices,indices+1,==),tokens=="l",False);', "[F, T, T, F, F] (bools)"),
    ("aggregate(full_s,1);", "[1.0]*5 (floats)"),
    ("select(tokens,indices,==);", "...../...../...../...../....."),
    ("select(indices,2,==);", "..1../..1../..1../..1../..1.."),
    ("select(2,indices,==);", "...../...../11111/...../....."),
    ("indices[-1];", "[4]*5 (ints)"),
    ("indices[7];", "[0]*5 (ints)"),
    ("tokens[7];", "[0]*5 (ints)"),
    ("tokens[True];", "[e]*5 (strings)"),
    ('"hello"[indices];', "[h, e, l, l, o] (strings)"),
    ("[1,2,3,4,5][-indices];", "[1, 5, 4, 3, 2] (ints)"),
    ('{0:"z",1:"y",2:"x",3:"w",4:"v"}[indices];', "[z, y, x, w, v] (strings)"),
    ("{1:1,1.0:2,True:3};", "{1: 3}"),
    ("[1,2]+[3];", "[1, 2, 3]"),
    ("[1,2]*2;", "[1, 2, 1, 2]"),
    ('zip([1,2],["a","b"]);', "[[1, a], [2, b]]"),
    ("range(5,0,-2);", "[5, 3, 1]"),
    ('a,b = "xy";', "a = x; b = y"),
    ("a = 1,2;", "a = [1, 2]"),
    ('tokens_bool("0F ");', "[T]*3 (bools)"),
    ("tokens_int([2.7,True]);", "[2, 1] (ints)"),
    ("tokens_str([True,1.0,2]);", "[True, 1.0, 2] (strings)"),
    ("tokens_asis([1,True]);", "[1]*2 (ints)"),
    ("tokens_asis([1.5,True]);", "[1.5, T] (floats)"),
    ('shift(tokens,1,"_");', "[_, h, e, l, l] (strings)"),
    ('shift(tokens,-1,"_");', "[e, l, l, o, _] (strings)"),
    ("sort(tokens,-indices);", "[o, l, l, e, h] (strings)"),
    ('mark_first_instance(tokens,"l");', "[F, F, T, F, F] (bools)"),
    ('mark_last_instance(tokens,"l");', "[F, F, F, T, F] (bools)"),
    ("indices*0.00001;", "[0.0, 0.0, 0.0, 0.0, 0.0] (floats)"),
    ("for i in [1,2] { a = i; } i;", "2"),
    ("def k() { return z; } z = 5; k();", "5"),
    ("def k() { return z; } z = 5; k(); z = 6; k();", "6"),
    ('"a" and 0;', "0"),
    ('"" or "b";', "b"),
]

FAILURES = [
    ("1/indices;", "division by zero"),
    ("indices%0;", "modulo by zero"),
    ("tokens+1;", "'+'"),
    ('"a" if indices > 2 else 1;', "different types"),
    ("indicator(True);", "indicator operator expects s-op, got: True"),
    ("aggregate(select(indices,indices+1,==),tokens);", "different types"),
    ('aggregate(full_s,tokens)("aaa");', "not numbers"),
    ("aggregate(full_s,True);", "not numbers"),
    ("select(tokens,indices,<);", "order"),
    ("select(indices,indices,<) and True;", "Cannot apply and/or between selector and non-selector"),
    ("full_s == full_s;", "Cannot apply == to selector(s)"),
    ("full_s + 1;", "Cannot apply + to selector(s)"),
    ("tokens[indices];", "index into sequence has to be integer"),
    ("tokens[1.0];", "index into sequence has to be integer"),
    ("[1,2][indices];", "out of range"),
    ('{"a":1}[indices];', "no key of the dictionary"),
    ('[k for k,v in {"a":1}];', "iterating with 2 names but got 1 value"),
    ('[c for c in "abc"];', "a loop runs over a list or a dict"),
    ("a,b = 1,2,3;", "expected 2 values, but got: 3"),
    ('tokens_asis(["a",1]);', "mixes strings and numbers"),
    ("def shadow(indices) { return indices; } shadow(3);", "Cannot set reserved name: indices"),
]


@pytest.mark.parametrize(("text", "wanted"), VALUES, ids=[text for text, _ in VALUES])
def test_value(text: str, wanted: str) -> None:
    try:
        assert answer(text) == wanted
    except rasp.RaspError as error:
        pytest.fail(error.report())


@pytest.mark.parametrize(("text", "message"), FAILURES, ids=[text for text, _ in FAILURES])
def test_failure(text: str, message: str) -> None:
    with pytest.raises(rasp.RaspError) as caught:
        raise_last(text)
    assert message in caught.value.message
    assert caught.value.span is not None


def raise_last(text: str) -> None:
    from tests.rasp.elaborate.console import run, shown

    shown(run(text)[-1])


def test_the_definition_before_a_failing_call_is_accepted() -> None:
    assert answers("def shadow(indices) { return indices; } shadow(3);")[0] == "shadow = shadow(indices)"


def test_long_addition(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Schoolbook addition with carries, loaded from a file."""
    (tmp_path / "long_addition.rasp").write_text(LONG_ADDITION, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    assert answer('load "long_addition"; longsum("0123+0456");') == "[0, 0, 0, 0, 0, 0, 5, 7, 9] (ints)"


LONG_ADDITION = """
digit_of = {"0": 0, "1": 1, "2": 2, "3": 3, "4": 4, "5": 5, "6": 6, "7": 7, "8": 8, "9": 9};

def value(character) {
    number = -1;
    for digit in digit_of {
        number = digit_of[digit] if character == digit else number;
    }
    return number;
}

plus = aggregate(select(tokens, "+", ==), indices);
numbers = value(tokens);
second = numbers if indices > plus else 0;
first = aggregate(select(indices + (length - plus), indices, ==), numbers, 0);
total = first + second;

# A carry starts where the digits sum to more than 9 and runs over nines.
starts = total > 9;
runs = total == 9;
stops = total < 9;
stops_before = round(aggregate(select(indices, indices, <), indicator(stops)) * indices);
to_the_right = select(indices, indices, >) and select(stops_before, stops_before, ==);
carries = starts or (runs and aggregate(to_the_right, indicator(starts)) > 0);
with_carry = total + indicator(aggregate(select(indices, indices + 1, ==), carries, False));
longsum = with_carry if with_carry < 10 else with_carry - 10;
"""

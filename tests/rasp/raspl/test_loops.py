"""``iterate``: what it means, and what it is in the graph."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rasp
from rasp.draw import draw
from rasp.errors import EvaluationError, RaspLimitError
from rasp.evaluate import evaluate
from rasp.graph import canonical
from rasp.graph.loops import unrolled
from rasp.graph.nodes import SELECTOR_TYPES, Iterate, Sop, topological
from rasp.graph.text import graph_text, parse_graph
from rasp.values import SOp

INPUTS = st.lists(st.integers(0, 3), min_size=1, max_size=9)

STEPS: dict[str, tuple[str, Callable[[list[int], list[int]], list[int]]]] = {
    "elementwise": ("lambda s: (s + x) % 5", lambda s, x: [(a + b) % 5 for a, b in zip(s, x, strict=True)]),
    "attention over the state": ("lambda s: shift_right(s, 1) + 1", lambda s, _: [1, *(a + 1 for a in s[:-1])]),
    "a selector over the state": ("lambda s: num_prev(s, s)", lambda s, _: [s[: i + 1].count(a) for i, a in enumerate(s)]),
    "attention over what does not change": (
        "lambda s: where(s > num_prev(x, x), s - num_prev(x, x), x)",
        lambda s, x: [a - x[: i + 1].count(x[i]) if a > x[: i + 1].count(x[i]) else x[i] for i, a in enumerate(s)],
    ),
    "a selector over what does not change": (
        "lambda s: kqv(x, x, s, equals, reduction='max')",
        lambda s, x: [max(s[j] for j in range(i + 1) if x[j] == x[i]) for i in range(len(s))],
    ),
}


def program(body: str, name: str = "f") -> SOp:
    return rasp.loads(f"def {name}(x):\n    return {body}\n", "rasp-l")[name].sop()


def form(sop: SOp) -> Sop:
    root = canonical(sop.node).root
    assert isinstance(root, Sop)
    return root


@pytest.mark.parametrize("name", STEPS)
@given(tokens=INPUTS, times=st.integers(0, 6))
def test_a_step_is_taken_so_many_times(name: str, tokens: list[int], times: int) -> None:
    text, oracle = STEPS[name]
    expected = tokens
    for _ in range(times):
        expected = oracle(expected, tokens)
    assert program(f"iterate({text}, x, {times})")(tokens) == expected


@given(tokens=INPUTS)
def test_the_last_position_tells_how_many_steps(tokens: list[int]) -> None:
    assert program("iterate(lambda s: s + 1, 0 * x, x)")(tokens) == [tokens[-1]] * len(tokens)


@given(tokens=INPUTS)
def test_states_change_together(tokens: list[int]) -> None:
    swapped = program("iterate(lambda a, b: (b, a), (x, 9 + 0 * x), 3)[0]")
    assert swapped(tokens) == [9] * len(tokens)


@given(tokens=INPUTS)
def test_loops_nest(tokens: list[int]) -> None:
    inner = "iterate(lambda t: t + s + x, s, 2)"
    expected = tokens
    for _ in range(3):
        expected = [s + 2 * (s + x) for s, x in zip(expected, tokens, strict=True)]
    assert program(f"iterate(lambda s: {inner}, x, 3)")(tokens) == expected


def test_one_loop_feeds_another() -> None:
    sop = program("iterate(lambda s: s + iterate(lambda t: 2 * t, x, 2), 0 * x, iterate(lambda n: n + 1, 0 * x, 3))")
    assert sop([1, 0, 2]) == [12, 0, 24]


def test_bools_can_be_states() -> None:
    assert program("iterate(lambda s: ~s, x == 1, 3)")([1, 0, 1]) == [False, True, False]


def test_an_empty_input_has_an_empty_result() -> None:
    assert rasp.loads("def f(x):\n    return iterate(lambda s: s + 1, x, indices(x))\n", "rasp-l")["f"]([]) == []


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("iterate(lambda s: s, x, 0 - indices(x))", "a loop can't run -2 times"),
        ("iterate(lambda s: s // x, 1 + x, 2)", r"division by zero: int 1 // int 0 \(at position 0\)\n"),
    ],
)
def test_errors_have_their_place(body: str, message: str) -> None:
    with pytest.raises(EvaluationError, match=message) as caught:
        program(body)([0, 1, 2])
    assert caught.value.span is not None
    assert caught.value.span.text in body


def test_a_loop_that_takes_too_long_is_refused() -> None:
    with pytest.raises(RaspLimitError, match=r"a loop of 10,000,000 steps; the limit is 1,000,000"):
        program("iterate(lambda s: s, x, 10000000)")([1])


# The graph


@pytest.mark.parametrize("name", STEPS)
@given(tokens=INPUTS, times=st.integers(0, 4))
def test_a_loop_unrolled_has_the_same_values(name: str, tokens: list[int], times: int) -> None:
    sop = program(f"2 * iterate(lambda r: iterate({STEPS[name][0]}, r, {times}), x, 2)")
    flat = unrolled(sop.node, lambda number: int(evaluate(number, [0]).to_atoms()[-1]))[sop.node]
    assert not any(isinstance(node, Iterate) for node in topological(flat))
    assert not isinstance(flat, SELECTOR_TYPES)
    assert evaluate(flat, tokens).to_list() == sop(tokens)


def test_drawings_show_each_step() -> None:
    sop = program("iterate(lambda s: s + shift_right(s, 1), x, 3)")
    picture = draw(sop, [1, 2, 3], names={})
    assert len(picture.flow.layers) == 4
    assert picture.flow.result.cells == ("1", "5", "12")


def test_a_drawing_of_too_many_steps_is_refused() -> None:
    with pytest.raises(RaspLimitError, match="at most 32 steps"):
        draw(program("iterate(lambda s: s + 1, x, 33)"), [1])


def test_what_comes_from_outside_is_carried_once() -> None:
    root = form(program("iterate(lambda s: s + num_prev(x, x) + num_prev(x, x) * shift_right(x, 1), x, 2)"))
    assert isinstance(root, Iterate)
    assert len(root.loop.steps) == 1
    assert len(root.loop.carried) == 3  # the state, and two results of attention


def test_functions_of_the_input_alone_are_not_carried() -> None:
    root = form(program("iterate(lambda s: s + 2 * x + indices(x), x, 2)"))
    assert isinstance(root, Iterate)
    assert len(root.loop.carried) == 1


def test_equal_loops_are_one_node() -> None:
    body = "iterate(lambda s: s + num_prev(x, x), x, 2)"
    assert form(program(body)) is form(program(body, "g"))
    assert sum(isinstance(node, Iterate) for node in topological(form(program(f"{body} * {body}")))) == 1


def test_no_step_is_the_state() -> None:
    assert form(program("iterate(lambda s: s + 1, num_prev(x, x), 0)")) is form(program("num_prev(x, x)"))


@pytest.mark.parametrize(
    "body",
    [
        "iterate(lambda s: iterate(lambda t: t + s + num_prev(x, s), s, 2), x, indices(x))",
        "iterate(lambda a, b: (b, a + kqv(a, b, x, lambda k, q: k + q == 3)), (x, x), 3)[1]",
    ],
)
def test_the_text_of_a_graph_can_be_read(body: str) -> None:
    root = form(program(body))
    assert canonical(parse_graph(graph_text(root))).root is root


@pytest.mark.parametrize(
    "text",
    [
        "%1 = carried(0)\n",
        "%1 = indices\n%2 = carried(1)\n%3 = iterate([%2], [%1], %1, 0)\n",
        "%1 = indices\n%2 = iterate([%1], [%1], %1, 1)\n",
        "%1 = indices\n%2 = iterate([%1, %1], [%1], %1, 0)\n",
        "%1 = indices\n%2 = iterate([%1], [%1], %1, 1/2)\n",
    ],
)
def test_a_text_of_no_loop_is_refused(text: str) -> None:
    with pytest.raises(rasp.RaspSyntaxError):
        parse_graph(text)


def test_a_step_is_measured_once() -> None:
    once = rasp.measure(program("iterate(lambda s: s + num_prev(s, s), x, 2)")).simplified
    often = rasp.measure(program("iterate(lambda s: s + num_prev(s, s), x, 200)")).simplified
    assert (once.attention, once.depth, once.heads_by_layer) == (1, 1, (1,))
    assert often.nodes == once.nodes
    assert often.bits > once.bits


def test_the_layers_of_a_step_follow_those_of_what_it_carries() -> None:
    body = "num_prev(iterate(lambda s: s + num_prev(s, s), num_prev(x, x), 2), x)"
    assert rasp.measure(program(body)).simplified.heads_by_layer == (1, 1, 1)

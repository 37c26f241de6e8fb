"""The words of both languages, for whatever shows or completes programs. The grammars say what they mean."""

from __future__ import annotations

RASP_STATEMENTS = ("def", "for", "return", "load", "draw")
RASP_COMMANDS = ("set", "show", "example", "examples", "on", "off", "exit", "quit", "selector")
RASP_OPERATORS = ("and", "or", "not", "in", "if", "else")
RASP_CALLED = ("select", "aggregate", "range", "zip", "len", "round", "indicator")
"""Words of RASP that are called like functions; most are names where no bracket follows."""

RASP_INPUTS = ("tokens", "tokens_str", "tokens_int", "tokens_float", "tokens_bool", "tokens_asis", "indices")
RASP_LIBRARY = (
    *("average", "contains", "count", "full_s", "has_focus", "length", "load_from_location", "mark_first_instance"),
    *("mark_last_instance", "max", "min", "select_from_first", "select_from_last", "select_next_identical", "selector_width"),
    *("shift", "sort"),
)

RASPL_STATEMENTS = ("def", "return", "if", "elif", "else", "while", "pass", "import", "from", "as", "lambda")
RASPL_OPERATORS = ("and", "or", "not")
RASPL_CORE = ("aggr", "full", "indices", "iterate", "kqv", "sel_width", "select", "seq_map", "tok_map")
RASPL_LIBRARY = (
    *("argmax", "argmin", "binary_mode", "cumsum", "equals", "first_true", "firsts", "geq", "gt", "has_seen"),
    *("index_select", "induct", "induct_kqv", "induct_prev", "lasts", "leq", "lt", "mask", "maximum", "minimum", "mode"),
    *("num_prev", "shift_right", "where"),
)
CONSTANTS = ("True", "False")

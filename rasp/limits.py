"""The limits that turn a runaway program into an error, all in one place."""

SOURCE_CHARACTERS = 8_000_000
"""Longest program text, in characters."""

STATEMENT_TOKENS = 200_000
"""Longest single statement (a whole function counts as one), in tokens."""

BRACKET_DEPTH = 400
"""Deepest nesting of brackets and blocks."""

EXPRESSION_DEPTH = 1_000
"""Deepest expression tree, counting the links of a chain such as ``a+b+c+…``."""

CALL_DEPTH = 500
"""Deepest nesting of RASP function calls."""

STEPS = 2_000_000
"""Statements and expressions that loading one program, or one REPL statement, may execute."""

COLLECTION_ITEMS = 1_000_000
"""Longest list, dictionary or string that a program may build while it is elaborated."""

COLLECTION_DEPTH = 200
"""Deepest nesting of lists and dictionaries as values."""

NUMBER_BITS = 65_536
"""Largest numerator or denominator, in bits."""

COLUMN_BITS = 2**28
"""Largest sequence of wide integers, or of computed strings at eight bits a character, while a program is evaluated."""

LOOP_STEPS = 1_000_000
"""Most steps that one loop of a program takes while it is evaluated."""

AVERAGED_FRACTIONS = 1_000_000
"""Most fractions, counted in each row, that means of values without a common denominator may add up."""

OUTPUT_CHARACTERS = 2**28
"""Longest text of one result."""

ERRORS = 100
"""Most errors of one program that are looked for; the rest of the program is then left aside."""

PYTHON_FRAMES = 60_000
"""Recursion limit of the host while a program is elaborated: enough for EXPRESSION_DEPTH and CALL_DEPTH together."""

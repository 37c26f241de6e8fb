"""What the playground takes on, all in one place: a page, a link or a script must not be able to hold the machine."""

PROGRAM_CHARACTERS = 100_000
"""Longest program."""

INPUT_TOKENS = 64
"""Longest input: what a picture shows."""

BODY_BYTES = 1_000_000
"""Largest request: a program and an input as JSON, in which a character may take six bytes."""

BODY_SECONDS = 10.0
"""Longest time in which a request may arrive."""

LOOK_SECONDS = 5.0
"""Longest time that values, pictures and a layout may take."""

COMPILE_SECONDS = 300.0
"""Longest time of one compilation with its verification."""

ATTEND_SECONDS = 30.0
"""Longest time of one look at a compiled model; JAX compiles it for each length."""

LOOK_MEMORY = 2 * 2**30
"""Address space of a process that evaluates, in bytes, where the system can limit it."""

COMPILE_MEMORY = 8 * 2**30
"""The same of one that compiles; JAX reserves more than it uses."""

LOOK_WORKERS = 2
"""Processes that evaluate."""

LOOKS_WAITING = 32
"""Requests that wait for one of them; more are turned away."""

COMPILED_MODELS = 2
"""Pages with a compiled model at a time; each has a process."""

CONNECTIONS = 256
"""Open requests; more are turned away before they are read, and eight times as many connections before they are answered."""

REMARKS = 100
"""Errors and warnings that are shown."""

ROWS = 100
"""S-ops that are shown."""

SELECTORS = 40
"""Selectors that are shown."""

FLOW_CHARACTERS = 3_000_000
"""Largest picture of a computation flow, as text."""

ANSWER_BYTES = 16 * 2**20
"""Largest answer of a worker."""

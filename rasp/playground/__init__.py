"""The playground: a page of this machine on which programs are written, seen at work, and compiled.

A server (``app``) on loopback gives out the page (``page/``) and passes what it asks to worker processes (``workers``,
``child``), which can be ended at any time. What a worker can do are jobs (``jobs``); other packages add theirs by entry points.
"""

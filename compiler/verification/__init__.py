"""A compiled model beside the interpreter: on many inputs, and value by value on one."""

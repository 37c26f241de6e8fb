"""Where a program is undefined, as forms that the model computes beside its values."""

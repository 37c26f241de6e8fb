"""How well a model does at each length."""

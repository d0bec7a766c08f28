"""PURE: the rules of the house; standard library and pendulum only."""

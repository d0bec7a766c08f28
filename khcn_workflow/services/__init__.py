"""Use cases: one module per thing an office does, one function per deed."""

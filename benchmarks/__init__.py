"""Ratios side by side: ours and what others would use, in one interleaved run."""

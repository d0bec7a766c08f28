"""Báo cáo: facts as-of a day, the document made of them, and its files."""

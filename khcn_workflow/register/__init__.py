"""Excel in: an office's own workbooks read into tasks, results, people and activities."""

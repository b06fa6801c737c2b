"""The page on public services: words, charts and tables."""

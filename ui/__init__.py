"""How it looks and reads: text (every word, through locales/), charts, cards, tables."""

"""How it looks and reads: text (every word, through locales/), charts, cards. No figures are computed here."""

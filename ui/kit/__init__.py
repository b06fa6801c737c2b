"""What all pages share: words, numbers, tables, cards, charts and maps, whatever they are about."""

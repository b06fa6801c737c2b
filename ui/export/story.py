"""The story as one HTML file that opens by double click."""


def make(snapshot, lang):
    """The bytes of the file; it opens in `lang` and holds every language."""
    raise NotImplementedError

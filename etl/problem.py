"""What can go wrong with a file or a dataset, as a code with parameters."""


class Refused(Exception):
    """A file, dataset or city that cannot be used: `code` is worded in locales/ as refusal.<code>.

    The parameters name what was found and what was expected; never a personal value.
    """

    def __init__(self, code, **params):
        super().__init__(code, params)
        self.code = code
        self.params = params

"""The one error of a file that cannot be imported."""


class UnreadableFile(ValueError):
    """One line: which file, what it is, what to do."""

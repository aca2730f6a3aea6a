"""English words without their endings, by the Snowball stemmer: comparable with each other, not always words."""

from functools import lru_cache

import snowballstemmer


@lru_cache(maxsize=50_000)
def stem(word: str) -> str:
    """The stem of a word in lower case."""
    # A stemmer keeps the word it works on in itself: one shared by two threads gives each a part of the other's word.
    return str(snowballstemmer.stemmer("english").stemWord(word))

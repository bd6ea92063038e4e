"""Which language a text is in."""

from __future__ import annotations

_SAMPLE_CHARACTERS = 20_000
_FEWEST_LETTERS = 20


def detect_language(text: str) -> str:
    """Return the two-letter code of the text's language, or an empty string where there is too little text."""
    sample = text[:_SAMPLE_CHARACTERS]
    if sum(character.isalpha() for character in sample) < _FEWEST_LETTERS:
        return ""
    import py3langid

    code, _score = py3langid.classify(sample)
    return two_letters(str(code))


def load_model() -> None:
    """Load the model now: it passes through a temporary file, which a process that may write none cannot make."""
    import py3langid

    py3langid.classify("the")


def two_letters(tag: str) -> str:
    """Return the primary part of a language tag such as “uk-UA” if it has two letters, else an empty string."""
    primary = tag.strip().replace("_", "-").split("-")[0].lower()
    return primary if len(primary) == 2 and primary.isascii() and primary.isalpha() else ""

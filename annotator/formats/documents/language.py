"""Which language a text is in."""

from __future__ import annotations

_SAMPLE_CHARACTERS = 20_000
_FEWEST_LETTERS = 20
_ENOUGH_LETTERS = 300
_ALIKE = (
    frozenset(("no", "nb", "nn", "da", "sv")),
    frozenset(("hr", "sr", "bs", "sh", "sl")),
    frozenset(("cs", "sk")),
    frozenset(("id", "ms")),
    frozenset(("gl", "pt")),
    frozenset(("af", "nl")),
    frozenset(("bg", "mk")),
)


def detect_language(text: str) -> str:
    """Return the two-letter code of the text's language, or an empty string where there is too little text."""
    sample = text[:_SAMPLE_CHARACTERS]
    if sum(character.isalpha() for character in sample) < _FEWEST_LETTERS:
        return ""
    import py3langid

    code, _score = py3langid.classify(sample)
    return two_letters(str(code))


def checked_language(declared: str, text: str) -> str:
    """Return the language that a file declares, if any, unless a long text is in another one.

    Files often declare the language of the program that made them. Where two languages are hard to tell apart, or the
    declared one is not known, the file is believed.
    """
    detected = detect_language(text) if declared else ""
    if not detected or detected == declared:
        return declared
    is_long = sum(character.isalpha() for character in text[:_SAMPLE_CHARACTERS]) >= _ENOUGH_LETTERS
    are_alike = any(declared in group and detected in group for group in _ALIKE)
    return declared if are_alike or not is_long or not _is_known(declared) else detected


def _is_known(code: str) -> bool:
    from py3langid import langid

    identifier = langid.IDENTIFIER
    return identifier is not None and code in identifier.nb_classes


def load_model() -> None:
    """Load the model now: it passes through a temporary file, which a process that may write none cannot make."""
    import py3langid

    py3langid.classify("the")


def two_letters(tag: str) -> str:
    """Return the primary part of a language tag such as “uk-UA” if it has two letters, else an empty string."""
    primary = tag.strip().replace("_", "-").split("-")[0].lower()
    return primary if len(primary) == 2 and primary.isascii() and primary.isalpha() else ""

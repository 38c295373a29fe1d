"""What clerks read, in French and German: sentences as data (``fr.toml``, ``de.toml``) and one pure renderer."""

from mappings.sentences.say import keys, known, say, word

__all__ = ["keys", "known", "say", "word"]

"""How each kind of intent takes effect in the world, one small module per target."""

from pipelines.effects.effect import Effect, effect_of

__all__ = ["Effect", "effect_of"]

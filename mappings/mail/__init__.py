"""Mails to people, as data: the kinds, the fields each may carry, our codes as French and German words, the templates.

Rendering lives in ``connectors.mail``; here is only what may be said and how it reads.
"""

"""Pages to read the mails on, in French and German: nothing of a mail is ever run or loaded by the reader's browser."""

from collections.abc import Sequence
from html import escape

from sandbox.http_server import Response
from sandbox.mailbox.records import StoredMail

HEADERS = ("Date", "From", "To", "Cc", "Reply-To", "Subject", "Message-ID", "Content-Language", "Auto-Submitted")

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; frame-src 'self'; base-uri 'none'; form-action 'none'"
_SAFE = {"Content-Security-Policy": _POLICY, "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store"}
_STYLE = (
    ":root{color-scheme:light dark}"
    "body{font:1rem/1.5 system-ui,'Segoe UI',Roboto,'Noto Sans',sans-serif;max-width:60rem;margin:0 auto;padding:1rem}"
    "table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.25rem .5rem;border-bottom:1px solid}"
    "dt{font-weight:bold}dd{margin:0 0 .5rem}pre{white-space:pre-wrap;overflow-wrap:anywhere}"
    "pre{border:1px solid;padding:1rem}"
    "iframe{width:100%;height:40rem;border:1px solid}"
)


def mail_list(mails: Sequence[StoredMail]) -> Response:
    """All mails, newest first."""
    rows = "".join(_row(mail) for mail in reversed(mails))
    body = (
        "<table><thead><tr><th>N°</th><th>Reçu / Eingang (UTC)</th><th>À / An</th><th>Objet / Betreff</th></tr></thead>"
        f"<tbody>{rows}</tbody></table>"
        if mails
        else "<p>Aucun mail pour le moment. / Noch keine Mails.</p>"
    )
    return _page("Boîte d'essai / Test-Briefkasten", body)


def mail_page(mail: StoredMail) -> Response:
    """One mail: headers, plain text, HTML in a frame without any right, and the way to the raw bytes."""
    headers = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name in HEADERS if (value := mail.header(name)))
    framed = f'<h2>HTML</h2><iframe sandbox="" title="HTML" srcdoc="{escape(mail.html)}"></iframe>' if mail.html else ""
    body = (
        '<p><a href="/">Tous les mails / Alle Mails</a></p>'
        f"<dl><dt>Enveloppe / Umschlag</dt><dd>{escape(mail.sender)} → {escape(mail.recipient)}</dd>{headers}</dl>"
        f"<h2>Texte / Text</h2><pre>{escape(mail.text)}</pre>{framed}"
        f'<p><a href="/mails/{mail.number}/raw">Source / Quelltext</a></p>'
    )
    return _page(mail.subject or f"Mail {mail.number}", body)


def raw_mail(mail: StoredMail) -> Response:
    """The bytes as they came, as plain text."""
    return Response(200, {**_SAFE, "Content-Type": "text/plain; charset=utf-8"}, mail.raw)


def not_found() -> Response:
    """For any other address."""
    return _page("Introuvable / Nicht gefunden", '<p><a href="/">Tous les mails / Alle Mails</a></p>', status=404)


def _row(mail: StoredMail) -> str:
    subject = escape(mail.subject) or "–"
    return (
        f"<tr><td>{mail.number}</td><td>{mail.received_at:%d.%m.%Y %H:%M:%S}</td><td>{escape(mail.recipient)}</td>"
        f'<td><a href="/mails/{mail.number}">{subject}</a></td></tr>'
    )


def _page(title: str, body: str, *, status: int = 200) -> Response:
    document = (
        '<!DOCTYPE html><html lang="fr"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{escape(title)}</title><style>{_STYLE}</style></head>"
        f"<body><h1>{escape(title)}</h1>{body}</body></html>"
    )
    return Response(status, {**_SAFE, "Content-Type": "text/html; charset=utf-8"}, document.encode("utf-8"))

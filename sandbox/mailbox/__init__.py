"""A mail server to send to: takes mails over real SMTP, shows them on pages, keeps a ledger, and can misbehave."""

from sandbox.mailbox.service import MailboxService

__all__ = ["MailboxService"]

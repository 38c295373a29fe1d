"""What mails may carry and how it reads."""

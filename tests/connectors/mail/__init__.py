"""The SMTP connector against a foreign server (aiosmtpd) and scripted ones."""

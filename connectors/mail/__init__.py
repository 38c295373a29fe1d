"""Mail over SMTP: renders what a pipeline means, builds the message, hands it to the server once per recipient."""

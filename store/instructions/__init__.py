"""Instructions: given, confirmed, superseded, decided, ended; posted to the OMS; texted about."""

"""How single fields are read and written, and the bases of all models; no model of either API enters here."""

"""How far layers agree: where they tagged, which labels they chose, and how sure the figures are."""

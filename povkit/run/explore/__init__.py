"""What the analyst's notebook calls: one county's households, leads and reasons, as widgets and as plain tables."""

"""From counties to outputs: check, notebook through papermill, manifest; and what the notebook calls."""

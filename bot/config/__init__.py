"""Here are a config file and the environment; give me the settings and the places of files."""

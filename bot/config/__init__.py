"""Here are a config file and the environment; give me the settings and the paths of files."""

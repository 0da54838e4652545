"""Run the command by ``python -m bot``."""

from bot.cli.start import main

if __name__ == "__main__":
    main()

"""``python -m bot``: the command, where it is not on the path."""

from bot.cli.main import main

if __name__ == "__main__":
    main()

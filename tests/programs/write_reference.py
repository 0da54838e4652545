"""Write the reference of the public names as HTML into the folder that is given."""

import sys
from pathlib import Path

import pdoc

import bot


def main(folder: str) -> None:
    """Resolve the public names, which pdoc looks for in the module, and write the pages."""
    for name in bot.__all__:
        vars(bot)[name] = getattr(bot, name)
    pdoc.render.configure(docformat="restructuredtext", show_source=False)
    # Inherited methods are on pages of their own, and so are names that are imported from a module.
    classes = [base for name in bot.__all__ for base in getattr(vars(bot)[name], "__mro__", ())]
    modules = {base.__module__ for base in classes if base.__module__.startswith("bot.")}
    pdoc.pdoc("bot", "bot.index.okapi", *sorted(modules), output_directory=Path(folder))
    print(f"written: {Path(folder, 'bot.html')}")


if __name__ == "__main__":
    main(*sys.argv[1:])

"""What is said to a bot that is no question about its articles, and what it says to that."""

import re

from bot.articles.library import Library

# How many titles are named as examples.
MAX_SUBJECTS = 6

REMARKS = {
    r"(?:hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day))(?: there| bot)?": (
        "Hello. Ask me something about the articles."
    ),
    r"(?:many )?(?:thanks|thank you|thx|cheers)(?: (?:a lot|so much|very much|bot))?": (
        "You are welcome."
    ),
    r"(?:good)?bye(?: bye)?|see you(?: later)?": "Goodbye.",
    r"who are you|what are you|what(?:'s| is) your name|are you (?:a )?(?:bot|robot|human|ai)": (
        "I am bot. I look for the sentences of your articles that answer a question and show "
        "them word for word; when the articles do not say, I say so."
    ),
}
REMARK_RES = {
    re.compile(rf"(?i)^\W*(?:{said})\W*$"): answered for said, answered in REMARKS.items()
}
SUBJECTS_RE = re.compile(
    r"(?i)^\W*(?:what (?:can|could|should|may) (?:i|we) ask(?: you)?(?: about)?|"
    r"what (?:can you|do you) (?:know|do|answer|tell me)(?: about)?|"
    r"what (?:articles|subjects|topics) (?:do you have|are there))\W*$"
)


def find_remark(text: str, library: Library) -> str:
    """Return what the bot says to ``text`` of itself, "" where ``text`` is a question to search."""
    if SUBJECTS_RE.match(text):
        return list_subjects(library)
    return next((said for pattern, said in REMARK_RES.items() if pattern.match(text)), "")


def list_subjects(library: Library) -> str:
    """Return what the articles are about: some of their titles, spread over the library."""
    articles = library.listings
    if not articles:
        return "There are no articles to ask about."
    named = min(MAX_SUBJECTS, len(articles))
    titles = [articles[row * len(articles) // named].title for row in range(named)]
    more = f" and {len(articles) - named} more" if len(articles) > named else ""
    return f"Ask about: {'; '.join(titles)}{more}."

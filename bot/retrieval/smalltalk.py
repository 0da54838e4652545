"""Remarks that are not about the articles ("hello", "what can I ask?"), and the bot's replies."""

import re

from bot.articles.library import Library

# Titles that are named as examples of what can be asked about.
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
    re.compile(rf"(?i)^\W*(?:{pattern})\W*$"): remark for pattern, remark in REMARKS.items()
}
SUBJECTS_RE = re.compile(
    r"(?i)^\W*(?:what (?:can|could|should|may) (?:i|we) ask(?: you)?(?: about)?|"
    r"what (?:can you|do you) (?:know|do|answer|tell me)(?: about)?|"
    r"what (?:articles|subjects|topics) (?:do you have|are there))\W*$"
)


def find_remark(text: str, library: Library) -> str:
    """Return the bot's reply to a greeting and the like, "" if ``text`` is a question to search.

    >>> find_remark("Thanks!", Library())
    'You are welcome.'
    """
    if SUBJECTS_RE.match(text):
        return list_subjects(library)
    return next((remark for pattern, remark in REMARK_RES.items() if pattern.match(text)), "")


def list_subjects(library: Library) -> str:
    """Return a sentence with some titles of articles, spread over the library.

    >>> list_subjects(Library.from_texts(["Text."] * 2, titles=["The bridge", "The ferry"]))
    'Ask about: The bridge; The ferry.'
    """
    articles = library.listings
    if not articles:
        return "There are no articles to ask about."
    count = min(MAX_SUBJECTS, len(articles))
    titles = [articles[row * len(articles) // count].title for row in range(count)]
    more = f" and {len(articles) - count} more" if len(articles) > count else ""
    return f"Ask about: {'; '.join(titles)}{more}."

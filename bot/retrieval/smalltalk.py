"""Remarks that are not about the articles ("hello", "what can I ask?"), and the bot's replies."""

import re

from bot.articles.searched_library import SearchedLibrary
from bot.retrieval.query_parser import QUOTED_RE

# Titles that are named as examples of what can be asked about.
MAX_SUBJECTS = 6

# A program may end a conversation with this.
GOODBYE = "Goodbye."
REMARKS = {
    r"(?:hi|hello|hey|hiya|greetings|good (?:morning|afternoon|evening|day))(?: there| bot)?": (
        "Hello. Ask me something about the articles."
    ),
    r"how are you(?: doing)?(?: today)?|how(?:'s| is) it going|what's up": (
        "Fine, and ready for a question about the articles."
    ),
    r"(?:many )?(?:thanks|thank you|thx|cheers)(?: (?:a lot|so much|very much|bot))?": (
        "You are welcome."
    ),
    r"(?:good)?bye(?: bye)?|see you(?: later)?": GOODBYE,
    r"who are you|what are you|what(?:'s| is) your name|are you (?:a )?(?:bot|robot|human|ai)": (
        "I am bot. I look for the sentences of your articles that answer a question and show "
        "them word for word; when the articles do not say, I say so."
    ),
    r"(?:ok|okay|k|yes|yeah|yep|alright|all right|fine|good|great|cool|nice|i see|got it|i got it|"
    r"understood|interesting|wow|haha|lol)(?: (?:then|one|bot|yes|ok))?": "Good. What else?",
    r"(?:never ?mind|forget (?:it|that)|nothing|(?:i'?m |i am )?sorry)": "All right. What else?",
    r"no|nope|nah|no no|wrong|not (?:that|this)|(?:no\W+)?(?:that(?:'?s| is)|this is|it'?s) "
    r"(?:wrong|not (?:right|true|it|what i (?:asked|meant|mean)(?: for)?))": (
        'Sorry. Ask it in other words, or say "more" to see other sentences.'
    ),
    r"really|seriously|(?:are )?you sure|(?:is (?:that|it) )?(?:true|right|correct)|says who|"
    r"i don'?t believe (?:it|that|you)": (
        "I quote the articles word for word; whether they are right, I can't tell."
    ),
    r"what|huh|eh|pardon(?: me)?|come again|what (?:do|did) you mean(?: by that)?|"
    r"i (?:do not|don'?t|didn'?t) (?:understand|get|follow)(?: (?:it|that|this|you))?": (
        "I show sentences of the articles that may answer you. Ask in other words, or say "
        '"more" to see other sentences.'
    ),
    r"i (?:do not|don'?t) know|dunno|no idea": 'Say "what can I ask?" to see some subjects.',
    r"(?:oh )?(?:shit|crap|damn(?: it)?|bullshit|fuck(?: (?:you|off|this|it))?|wtf|shut up|"
    r"go to hell|(?:(?:this|that|you)(?:'?s|'?re| is| are) (?:an? )?)?"
    r"(?:stupid|useless|dumb|idiot|moron|rubbish|terrible)(?: (?:bot|thing|machine))?)": (
        "Sorry. Other words may find it."
    ),
    r"(?:please |can you |could you )*(?:tell|write|sing|make)(?: me| us)? (?:an? |another |some )?"
    r"(?:joke|poem|story|song|essay|letter|e-?mail|code|program)s?(?: please)?": (
        "I can only show sentences of the articles."
    ),
}
# "No, thanks. Bye!" gets the reply to its last part.
BREAK_RE = re.compile(r"[,.;!?…–]+")
# After nothing was asked, "why?" has no answer.
LONE_QUESTION_RE = re.compile(
    r"(?i)^\W*(?:and |but |so )?(?:why|how|who|when|where|which)(?: not)?\W*$"
)
NOTHING_ASKED = "Ask me something about the articles first."
REMARK_RES = {
    re.compile(rf"(?i)^\W*(?:{pattern})\W*$"): remark for pattern, remark in REMARKS.items()
}
SUBJECTS_RE = re.compile(
    r"(?i)^\W*(?:help(?: me)?|what (?:can|could|should|may) (?:i|we) ask(?: you)?(?: about)?|"
    r"what (?:can you|do you) (?:know|do|answer|tell me)(?: about)?|"
    r"what (?:articles|subjects|topics) (?:do you have|are there))\W*$"
)


def find_remark(text: str, library: SearchedLibrary, *, is_first: bool = False) -> str:
    """Return the bot's reply to a greeting and the like, "" if ``text`` is a question to search.

    ``is_first`` says that nothing has been asked so far. What is in quotes is searched.

    >>> import bot
    >>> find_remark("Thanks!", bot.Library())
    'You are welcome.'
    """
    if QUOTED_RE.search(text):
        return ""
    text = text.replace("’", "'")
    if SUBJECTS_RE.match(text):
        return list_subjects(library)
    if is_first and LONE_QUESTION_RE.match(text):
        return NOTHING_ASKED
    remarks = [match_remark(text), *map(match_remark, filter(str.strip, BREAK_RE.split(text)))]
    return remarks[0] or (remarks[-1] if all(remarks[1:]) else "")


def match_remark(text: str) -> str:
    """Return the reply to ``text``, "" if it is no small talk."""
    return next((remark for pattern, remark in REMARK_RES.items() if pattern.match(text)), "")


def list_subjects(library: SearchedLibrary) -> str:
    """Return a sentence with some titles of articles, spread over the library.

    >>> import bot
    >>> list_subjects(bot.Library.from_texts(["Text."] * 2, titles=["The bridge", "The ferry"]))
    'Ask about: The bridge; The ferry.'
    """
    if not len(library):
        return "There are no articles to ask about."
    titles = [each.title or each.source for each in library.sample_listings(MAX_SUBJECTS)]
    others = len(library) - len(titles)
    more = f" and {others} more" if others else ""
    return f"Ask about: {'; '.join(titles)}{more}."

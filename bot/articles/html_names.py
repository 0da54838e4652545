"""The names by which pages tell their article from what stands around it."""

import re
from functools import lru_cache

from bot.articles.html_tree import HEADINGS, Element, HtmlPage

# Elements that hold an article, the surest row first: by an attribute, their class or their id.
# The class and id are matched as words: "article-body", "articleBody" and "article__body" alike.
BODIES: tuple[re.Pattern[str], ...] = tuple(
    re.compile(rf"(?<![a-z])(?:{names})(?![a-z])")
    for names in (
        r"articlebody|article[-_]{1,2}(?:body|text|content|copy|main)|articlecontent|articletext|"
        r"(?:entry|post|story|news|blog|single|blogpost|detail|page|content)[-_]{1,2}"
        r"(?:body|content|text|entry|copy|article)(?:[-_]inner)?|"
        r"(?:post|story|entry)(?:body|content|text)|body[-_](?:text|copy|content)|bodytext|"
        r"storytext|post[-_]entry|field-name-body|field--name-body|mw-parser-output|mw-content-text|"
        r"rich[-_]?text|wysiwyg|markdown-body|e-content|main[-_]text|zn-body__paragraph|"
        r"instapaper_body|hentry-content|td-post-content|theme-content|article__content-body|"
        r"story-body__inner|caas-body|l-container__story|artikel(?:[-_]text|[-_]body|[-_]inhalt)",
        r"article|story|post|entry|hentry|h-entry|blogpost|artikel|articulo|noticia",
        r"main|content|main-?content|maincontent|primary|page-?content|site-content|inhalt|container-main",
    )
)
# What stands around an article, by words of a class or id.
AROUND_RE = re.compile(
    r"(?<![a-z])(?:"
    r"footer|foot|nav|navi|navbar|navigation|menu|menus|submenu|breadcrumbs?|sidebar|side-?bar|"
    r"aside|sidecol|rail|right-?rail|rightcol|related|recommended|recommendations?|recirc|"
    r"more-?(?:stories|news|on|from|posts|articles)|read-?(?:more|next|also)|also-?like|most-?(?:read|popular|"
    r"viewed|shared)|popular|trending|latest|teasers?|promo|promos|promotion|share|shares|sharing|"
    r"sharebar|share-?(?:tools|buttons|links|icons|this)|social|socials|social-?(?:media|links|share|"
    r"buttons|icons|bar)|follow-?us|newsletter|subscribe|subscription|signup|sign-?up|"
    r"cookies?|consent|gdpr|banner|banners|ads?|advert|adverts|advertisement|"
    r"advertising|adsense|sponsor|sponsored|taboola|outbrain|zergnet|widgets?|toolbar|"
    r"article-?tools|tools|tags?|tag-?(?:list|cloud|links)|taglist|keywords|categories|cat-links|post-tags|"
    r"author-?(?:box|bio|info|card|profile|desc|description)|about-?(?:the-)?author|bio|"
    r"pagination|pager|paging|page-?nav|prev-?next|next-?prev|nextprev|post-?nav|"
    r"copyright|legal|disclaimer|print-?only|printfriendly|skip-?links?|login|register|"
    r"modal|popup|pop-?up|overlay|lightbox|dropdown|search|searchform|"
    r"gallery-?nav|slideshow-?nav|carousel|ticker|toc|table-of-contents|contents-table|"
    r"post-?meta|entry-?meta|article-?meta|meta|metadata|metabar|postmeta|entry-?footer|post-?footer|"
    r"article-?footer|byline|bylines|dateline|timestamp|publish(?:ed)?-?date|post-?date|"
    r"article-?(?:header|head|info|date|byline|author|share|links|related)|"
    r"corrections?-?link|feedback|contact-?(?:us|form)|yarpp|jp-relatedposts|sharedaddy|addthis|"
    r"navbox|catlinks|mw-jump|printfooter|reflist|hatnote|infobox|metadata|"
    r"videoplayer|video-?(?:player|caption|title|info)|player|poll|quiz|rating|ratings|"
    r"embed|embedded|fb-like|twitter-?(?:share|follow)|onward|inline-?promo|"
    r"story-?(?:links|related|footer|package)|module-?related|linklist|link-?list"
    r")(?![a-z])"
)
COMMENTS_RE = re.compile(
    r"(?<![a-z])(?:comments?|comment-?(?:list|section|area|wrapper|body|content|form)|commentlist|"
    r"disqus|disqus_thread|respond|replies|kommentare?|comentarios|commentaires|livefyre|"
    r"discussion|reader-?comments|user-?comments|fb-?comments|pingbacks|trackbacks|webmentions)(?![a-z])"
)
CAPTION_RE = re.compile(
    r"(?<![a-z])(?:captions?|caption-?text|wp-caption-text|credits?|photo-?credit|image-?credit|"
    r"figcaption|cutline|img-?(?:caption|desc|credit)|image-?(?:caption|desc|description)|"
    r"photo-?(?:caption|desc)|legend|bildunterschrift|pull-?quote|pullquote)(?![a-z])"
)
LEAD_RE = re.compile(
    r"(?<![a-z])(?:standfirst|lead|lede|leadin|intro|introduction|chapo|chapeau|dek|deck|"
    r"sub-?(?:title|head|heading|headline|line)|article-?(?:intro|lead|summary|description)|"
    r"excerpt|teaser-?text|kicker-?text|summary|abstract|ingress|vorspann)(?![a-z])"
)
# A state of the page, and no name of what the element is: "tag-lima", "has-sidebar", "no-comments".
STATE_RE = re.compile(
    r"(?:^|(?<=\s))(?:(?:tag|category)-(?!list|cloud|links)|(?:has|no|with|without|hide|show|is|js)-)[\w-]*"
)
POST_RE = re.compile(r"(?:^|\s)(?:hentry|type-post|status-publish|post-\d+)(?:$|\s)")
# A page has some hundred classes and ids, a site's pages the same ones.
SHORTEST_NAME, MOST_NAMES = 3, 10_000
TAGS_AROUND = frozenset(("nav", "footer", "aside", "figcaption", "caption", "menu", "address"))
# With so many ids made from headings, a page's generator makes them: "copyright" then says nothing.
SLUGS = 3
WORD_RE = re.compile(r"[^\W_]+")
ROLES_AROUND = frozenset(
    "navigation complementary contentinfo banner search menu menubar dialog alert".split()
)


def forget_slugs(page: HtmlPage) -> None:
    """Take from the names of elements the ids that a generator of documentation made from headings.

    Its chapter on copyright has the id "copyright"; but so has the last line of many a news page.
    """
    slugged = [element for element in page.elements if _has_slug(page, element)]
    around = sum(are_names_around(element.names, is_paragraph=False) for element in slugged)
    if len(slugged) - around >= max(SLUGS, around):
        for element in slugged:
            element.names = (element.attributes.get("class") or "").lower()


def _has_slug(page: HtmlPage, element: Element) -> bool:
    """Whether an element begins with a heading that has all the words of the element's id."""
    name = element.attributes.get("id")
    if not name or element.first == element.last:
        return False
    first = page.blocks[element.first]
    return first.tag in HEADINGS and {*WORD_RE.findall(name.lower())} <= {
        *WORD_RE.findall(first.text.lower())
    }


def is_named_around(element: Element) -> bool:
    """Whether an element's tag, role, class or id says that it is not the article."""
    tag = element.tag
    if tag in TAGS_AROUND:
        return True
    if tag in ("body", "html", "main", "article"):
        return False
    if element.attributes.get("role") in ROLES_AROUND:
        return True
    names = element.names
    if len(names) < SHORTEST_NAME or not are_names_around(names, tag == "p"):
        return False
    return not is_body(element)


@lru_cache(MOST_NAMES)
def are_names_around(names: str, is_paragraph: bool) -> bool:
    """Whether a class and id are those of an element that stands around the article."""
    names = STATE_RE.sub("", names) if "-" in names else names
    if POST_RE.search(names) or (is_paragraph and LEAD_RE.search(names)):
        return False
    return bool(AROUND_RE.search(names) or COMMENTS_RE.search(names) or CAPTION_RE.search(names))


def is_body(element: Element) -> bool:
    """Whether an element's attributes say that it is the body of an article."""
    return "articlebody" in (element.attributes.get("itemprop") or "").lower() or bool(
        BODIES[0].search(element.names)
    )


def is_comments(element: Element) -> bool:
    """Whether an element's class or id says that it holds the readers' comments."""
    return (
        element.tag not in ("body", "html", "main", "article")
        and bool(COMMENTS_RE.search(element.names))
        and not re.search(r"article|story|content|has-|with-|no-", element.names)
    )

"""The tables of the database of a cached library."""

from bot.storage.connection import Schema

# Columns are named like the fields of the records in rows.py. The text of an article comes last,
# so that lists of articles do not read it.
SCHEMA = Schema(
    application_id=0x626F7400,  # "bot"
    version=8,
    tables="""
CREATE TABLE manifest (
    version TEXT NOT NULL, index_file TEXT NOT NULL, fingerprint TEXT NOT NULL,
    "transaction" TEXT NOT NULL
);
INSERT INTO manifest VALUES ('', '', '', '');
CREATE TABLE files (
    path BLOB PRIMARY KEY, source TEXT NOT NULL, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL,
    ctime_ns INTEGER NOT NULL, clean INTEGER NOT NULL, digest BLOB NOT NULL,
    first_article INTEGER NOT NULL, article_count INTEGER NOT NULL, faults TEXT NOT NULL,
    checksum INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX faulty_files ON files (path) WHERE faults != '[]';
CREATE TABLE articles (
    article_id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, title_checksum INTEGER NOT NULL,
    title TEXT NOT NULL, source TEXT NOT NULL, id TEXT NOT NULL, path TEXT NOT NULL,
    date TEXT NOT NULL, language TEXT NOT NULL,
    metadata TEXT NOT NULL, has_lines INTEGER NOT NULL, part TEXT NOT NULL,
    places TEXT NOT NULL, link TEXT NOT NULL, headings TEXT NOT NULL,
    blocks BLOB NOT NULL, spans BLOB NOT NULL, text BLOB NOT NULL
);
CREATE INDEX article_languages ON articles (language);
CREATE TABLE article_terms (
    article_id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, term_ids BLOB NOT NULL,
    lengths BLOB NOT NULL, starts_paragraph BLOB NOT NULL
);
CREATE TABLE unsearched (
    term BLOB NOT NULL, article_id INTEGER NOT NULL, checksum INTEGER NOT NULL,
    PRIMARY KEY (term, article_id)
) WITHOUT ROWID;
CREATE TABLE terms (
    term_id INTEGER PRIMARY KEY, checksum INTEGER NOT NULL, term BLOB NOT NULL
);
""",
)

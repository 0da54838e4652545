"""The control words of RTF that its reader knows."""

import codecs

# Groups whose text is no text of the document, or is read on its own.
DROPPED = frozenset(
    b"fonttbl colortbl stylesheet info header headerl headerr headerf footer footerl footerr "
    b"footerf pict object filetbl revtbl listtable listoverridetable rsidtbl generator xmlnstbl "
    b"themedata colorschememapping latentstyles datastore datafield fldinst bkmkstart bkmkend "
    b"annotation atnid atnauthor atnref atndate atrfstart atrfend xe tc rxe pgdsctbl mmathPr "
    b"operator private template passwordhash shppict nonshppict listtext pntext pntxta pntxtb "
    b"do themedata falt panose fname userprops docvar nextfile".split()
)
# Of the groups that begin with \*, which old programs pass over, those that hold text.
READ_ANYWAY = frozenset(b"shptxt shpinst upr ud".split())
READ_TABLES = {b"fonttbl": "fonts", b"stylesheet": "styles", b"title": "title", b"author": "author"}
CHARACTERS = {
    b"tab": "\t", b"line": "\n", b"emdash": "—", b"endash": "–", b"lquote": "‘", b"rquote": "’",
    b"ldblquote": "“", b"rdblquote": "”", b"bullet": "•", b"emspace": " ", b"enspace": " ",
    b"qmspace": " ", b"softline": "\n", b"zwj": "", b"zwnj": "\u200c",
}  # fmt: skip
SYMBOLS = {b"~": " ", b"_": "-", b"-": "", b"\\": "\\", b"{": "{", b"}": "}", b"\n": "\n",
           b"\r": "\n", b"\t": "\t"}  # fmt: skip
STATE_WORDS = frozenset((b"f", b"uc", b"v", b"plain", b"s", b"pard"))
MACHINES = {b"mac": "mac_roman", b"pc": "cp437", b"pca": "cp850"}
CHARSETS = {
    0: "cp1252", 1: "", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "cp1361", 134: "gb18030",
    136: "big5hkscs", 161: "cp1253", 162: "cp1254", 163: "cp1258", 177: "cp1255", 178: "cp1256",
    186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 254: "cp437", 255: "cp850",
}  # fmt: skip


def find_codec(name: str) -> str:
    """Return Python's name of a code page, that of Western Windows for an unknown one."""
    try:
        return codecs.lookup(name).name
    except LookupError:
        return "cp1252"

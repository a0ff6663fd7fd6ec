"""Finds addresses of pages, with and without their scheme."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Final

from nlu.entity_found import Found, Rank

# Every repetition below is bounded, so that each search is linear in the text.
# After a comma another address may begin: www.a.com,b.com.
_TAIL: Final = (
    r"(?:[a-z0-9\-._~%:/?#\[\]@!$&'()*+=]|[,;](?!(?:https?|ftp)://|www\."
    r"|(?:[a-z0-9\-]{1,63}\.){1,3}(?:com|cn|net|org)(?![a-z0-9])))"
)
_KNOWN: Final = """
com cn net org gov edu io ai cc co top shop vip hk tw tv info biz xyz app dev club site mo
online store tech mobi int mil uk jp kr de fr ru au eu nl ca br es pl ch se dk fi pt cz nz sg vn
th ph za mx ar us me asia name pro museum travel aero jobs coop tel cat wang ren ltd group work
link live world today news media video design life space fun icu ink wiki pub host press website
page blog art cloud email center city company zone games studio systems software
"""
# Also words, or suffixes of files: not in the middle of an English sentence (ok.no way).
_WORDS: Final = """
academy agency auction audio band bank bar beauty bet bid bike bio black blue bot build business
buy buzz cafe camera camp capital car cards care career careers cars cash casino chat church
clinic click clothing codes coffee college community computer consulting cool courses credit
dance dating deals degree delivery dental diet digital direct directory doctor dog domains
download earth eco education energy engineer engineering equipment estate events exchange expert
express family fans farm fashion film finance financial fish fit fitness flights florist
football forsale foundation furniture fyi gallery game garden gift gifts global gmbh gold golf
graphics green guide guru health healthcare help holiday homes hospital hotel house immo
institute insure international jewelry kim kitchen land law lawyer lease legal limited llc loan
loans lol love ltda luxe luxury map market marketing markets mba med men menu moda moe mom money
movie music network new ngo ninja one ong ooo organic partners parts party pet phd photo photos
pics pictures pink pizza place plus poker post promo properties property racing radio realty
recipes red rehab rent rentals repair report rest restaurant review reviews rich rip rocks run
sale salon school science search security services shoes shopping show ski soccer social solar
solutions sport storage stream study style support surf surgery tattoo tax taxi team technology
tennis tips tires tools tours town toys trade trading training tube university vacations
ventures vet villas vin vision vote voyage watch webcam wedding win wine works wtf xin yoga yun
baidu google microsoft taobao weibo sohu aws tvs arpa
ac ad ae af ag al am ao aq at aw ax az ba bb bd be bf bg bh bi bj bm bn bo bs bt bw by bz cd cf
cg ci ck cl cm cr cu cv cw cx cy dj dm do dz ec ee eg er et fj fk fm fo ga gb gd ge gf gg gh gi gl
gm gn gp gq gr gs gt gu gw gy hm hn hr ht hu id ie il im in iq ir is it je jm jo ke kg kh ki km
kn kp kw ky kz la lb lc li lk lr ls lt lu lv ly ma mc mg mh mk mn mp mq mr ms mt mu mv mw my mz
na nc ne nf ng ni no np nr nu om pa pe pf pg pk pm pn pr pw qa re ro rw sa sb sc sd si sk sl sm sn
sr ss st su sv sx sy sz tc td tf tg tj tk tl tm tn to tr tt tz ua ug uy uz va vc ve vg vi vu wf ws
ye yt zm zw md ml mm ps py rs sh so
"""
_ENDINGS: Final = frozenset(_KNOWN.split())
_RARER: Final = frozenset(_WORDS.split())
_FILES: Final = frozenset({"md", "py", "rs", "sh", "ps", "ml", "mm", "mk", "so"})
_AFTER: Final = rf"(?::[0-9]{{2,5}})?(?:[/?#]{_TAIL}{{0,2000}})?"
_WITH_SCHEME: Final = re.compile(
    r"(?:(?:https?|ftps?|(?<![a-z0-9@])(?:sftp|wss?))://(?!www\.[\u4e00-\u9fff])"
    r"|(?<![a-z0-9@])www\.(?=[a-z0-9_\-]{1,63}\.[a-z]))"
    rf"{_TAIL}{{1,2000}}"
    r"|(?<![a-z0-9@])https?://(?:[\u4e00-\u9fffa-z0-9\-]{1,63}\.){1,5}"
    rf"(?:[a-z]{{2,18}}|中国|公司|网络|网址|中文网)(?![a-z0-9\-]){_AFTER}"
    r"|(?<![a-z0-9@.\-_/])(?:localhost|[0-9]{1,3}(?:\.[0-9]{1,3}){3}):[0-9]{2,5}(?![0-9])"
    rf"(?:[/?#]{_TAIL}{{0,2000}})?"
)
_HOST: Final = re.compile(
    r"(?<![a-z0-9@.\-_/])(?:[a-z0-9][a-z0-9_\-]{0,62}\.){0,5}(?P<name>[a-z0-9][a-z0-9\-]{0,62})\."
    rf"(?P<ending>[a-z]{{2,18}})(?![a-z0-9\-@])(?!\.[a-z]){_AFTER}"
)
_TO_PATH: Final = re.compile(r"(?:[A-Za-z]+://)?[^/?#]*")
_COMMA: Final = re.compile("[,;]")  # part of a path, never of a host
_SENTENCE: Final = re.compile(r" [a-z]")


def urls(text: str) -> Iterator[Found]:
    """The addresses of pages in a text in normal form; a name alone needs a known ending."""
    for match in _WITH_SCHEME.finditer(text):
        yield _found(match)
    for match in _HOST.finditer(text):
        if _is_host(match):
            yield _found(match)


def with_capitals(address: str, typed: str) -> str:
    """The address, found in the normal form, with the capitals that were typed after its host: a
    path in other letters may be another page."""
    half_width = unicodedata.normalize("NFKC", typed)
    host = _TO_PATH.match(half_width)
    if host is None or half_width.lower() != address:
        return address
    return half_width[: host.end()].lower() + half_width[host.end() :]


def _found(match: re.Match[str]) -> Found:
    address = match.group()
    host = _TO_PATH.match(address)
    if host is not None and (comma := _COMMA.search(address, 0, host.end())) is not None:
        address = address[: comma.start()]
    address = address.rstrip(".,;:!?'")
    while address.endswith((")", "]")) and not _is_balanced(address):
        address = address[:-1].rstrip(".,;:!?'")
    return Found("url", address, match.start(), match.start() + len(address), Rank.SAID)


def _is_balanced(address: str) -> bool:
    """Whether a bracket at the end of an address was opened in it."""
    opening = "(" if address.endswith(")") else "["
    return address.count(opening) >= address.count(address[-1])


def _is_host(match: re.Match[str]) -> bool:
    ending, text = match["ending"], match.string
    if ending in _ENDINGS:
        return True
    more = text[match.end("ending") : match.end()]
    if len(ending) == 2 and re.match(r"/[a-z0-9]", more):
        return True
    if ending not in _RARER or not re.search(r"[a-z]", match["name"]):
        return False
    return bool(more) or not (ending in _FILES or _SENTENCE.match(text, match.end()))

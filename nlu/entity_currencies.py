"""The currencies that money is said in, by their ISO 4217 code: names, signs, small change."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final

_NAMES: Final = """
CNY 块钱 元钱 块 元人民币 元 圆 rmb 人民币元 人民币 大洋 yuan cny
USD 元美元 块美元 元美金 块美金 美元 美金 美刀 美圆 刀 us_dollars us_dollar dollars dollar bucks
USD buck usd
HKD 元港币 港币 港元 港纸 港圆 港幣 hkd
TWD 新台币 台币 台元 新臺币 twd
MOP 澳门元 澳门币 葡币 mop
JPY 日元 日币 日圆 円 jpy yen
EUR 欧元 欧 euros euro eur
GBP 英镑 镑 pounds pound gbp
KRW 韩元 韩币 韩圆 krw
KPW 朝鲜元 朝元
AUD 澳大利亚元 澳元 澳币 aud
CAD 加拿大元 加元 加币 cad
NZD 新西兰元 纽元 纽币 新西兰币 nzd
SGD 新加坡元 新加坡币 新元 新币 坡币 sgd
CHF 瑞士法郎 瑞郎 法郎 chf
XAF 中非法郎
XOF 西非法郎
XPF 太平洋法郎
BIF 布隆迪法郎
CDF 刚果法郎
DJF 吉布提法郎
GNF 几内亚法郎
KMF 科摩罗法郎
RWF 卢旺达法郎
RUB 俄罗斯卢布 卢布 rub
BYN 白俄罗斯卢布
UAH 乌克兰格里夫纳 格里夫纳 uah
KZT 哈萨克斯坦坚戈 坚戈
UZS 乌兹别克斯坦苏姆 乌兹别克斯坦索姆 苏姆
KGS 吉尔吉斯斯坦索姆 吉尔吉斯索姆 索姆
TJS 塔吉克斯坦索莫尼 索莫尼
TMT 土库曼斯坦马纳特 土库曼马纳特
AZN 阿塞拜疆马纳特 马纳特
AMD 亚美尼亚德拉姆 德拉姆
GEL 格鲁吉亚拉里 拉里
MDL 摩尔多瓦列伊
RON 罗马尼亚列伊 列伊
BGN 保加利亚列弗 列弗
HUF 匈牙利福林 福林
PLN 波兰兹罗提 兹罗提 pln
CZK 捷克克朗 czk
ISK 冰岛克朗
SEK 瑞典克朗 sek
NOK 挪威克朗 nok
DKK 丹麦克朗 dkk
ALL 阿尔巴尼亚列克 列克
RSD 塞尔维亚第纳尔
MKD 马其顿第纳尔
DZD 阿尔及利亚第纳尔
BHD 巴林第纳尔
IQD 伊拉克第纳尔
JOD 约旦第纳尔
KWD 科威特第纳尔
LYD 利比亚第纳尔
TND 突尼斯第纳尔
BAM 波黑马克 波黑可兑换马克
TRY 土耳其里拉 里拉 新土耳其里拉
ILS 以色列新谢克尔 以色列谢克尔 新谢克尔 谢克尔
AED 阿联酋迪拉姆 迪拉姆 迪拉木 aed
MAD 摩洛哥迪拉姆 摩洛哥迪尔汗
SAR 沙特里亚尔 沙特阿拉伯里亚尔 里亚尔 sar
QAR 卡塔尔里亚尔
IRR 伊朗里亚尔
OMR 阿曼里亚尔
YER 也门里亚尔
EGP 埃及镑 埃镑
LBP 黎巴嫩镑
SDG 苏丹镑 苏丹磅
SSP 南苏丹镑
SYP 叙利亚镑
INR 印度卢比 卢比 inr
PKR 巴基斯坦卢比
LKR 斯里兰卡卢比
NPR 尼泊尔卢比
MUR 毛里求斯卢比
SCR 塞舌尔卢比
IDR 印度尼西亚卢比 印尼卢比 印尼盾 印度尼西亚盾 idr
BDT 孟加拉塔卡 孟加拉国塔卡 塔卡
BTN 不丹努尔特鲁姆
MVR 马尔代夫卢菲亚 马尔代夫拉菲亚
AFN 阿富汗尼
THB 泰国铢 泰铢 泰株 thb
MYR 马来西亚林吉特 林吉特 马币 令吉 myr
VND 越南盾 vnd
PHP 菲律宾比索 比索 php
KHR 柬埔寨瑞尔 瑞尔
LAK 老挝基普 基普
MMK 缅甸元 缅元 缅币
BND 文莱元 文莱币
MNT 蒙古图格里克 图格里克
MXN 墨西哥比索 mxn
ARS 阿根廷比索
CLP 智利比索
COP 哥伦比亚比索
CUP 古巴比索
DOP 多米尼加比索
UYU 乌拉圭比索
BRL 巴西雷亚尔 雷亚尔 雷亚 brl
PEN 秘鲁新索尔 秘鲁索尔
BOB 玻利维亚诺
PYG 巴拉圭瓜拉尼 瓜拉尼
VES 委内瑞拉玻利瓦尔 玻利瓦尔
CRC 哥斯达黎加科朗
GTQ 危地马拉格查尔 格查尔
HNL 洪都拉斯伦皮拉 伦皮拉
NIO 尼加拉瓜科多巴
PAB 巴拿马巴波亚 巴拿马巴尔博亚
HTG 海地古德
JMD 牙买加元
BBD 巴巴多斯元
BMD 百慕大元
BSD 巴哈马元
BZD 伯利兹元
GYD 圭亚那元
KYD 开曼元 开曼群岛元
SRD 苏里南元
TTD 特立尼达和多巴哥元
XCD 东加勒比元
FJD 斐济元
SBD 所罗门群岛元
LRD 利比里亚元
NAD 纳米比亚元
PGK 巴布亚新几内亚基那 基那
TOP 汤加潘加
WST 萨摩亚塔拉
VUV 瓦努阿图瓦图
ZAR 南非兰特 兰特 zar
NGN 尼日利亚奈拉 奈拉 ngn
KES 肯尼亚先令
UGX 乌干达先令
TZS 坦桑尼亚先令
SOS 索马里先令
ETB 埃塞俄比亚比尔
GHS 加纳塞地 塞地
GMD 冈比亚达拉西
AOA 安哥拉宽扎 宽扎
BWP 博茨瓦纳普拉
ZMW 赞比亚克瓦查
MWK 马拉维克瓦查
MZN 莫桑比克梅蒂卡尔 莫桑比克美提卡
MGA 马达加斯加阿里亚里
LSL 莱索托洛蒂
SZL 斯威士兰里兰吉尼
ERN 厄立特里亚纳克法
CVE 佛得角埃斯库多
STN 圣多美和普林西比多布拉
MRU 毛里塔尼亚乌吉亚
SLE 塞拉利昂利昂
BTC 个比特币 比特币 btc
ETH 个以太坊 以太坊 个以太币 以太币 eth
USDT 泰达币 usdt
"""  # a code, then what it is called; _ stands for a space
_NOT_AFTER: Final = {
    "欧": "元洲美式盟莱阳姆泊派亚", "大洋": "洲葱", "块": "状头根茎", "元": "旦宵器老件凶首",
}  # fmt: skip
_MARKS: Final = {
    "¥": "", "rmb": "", "cny": "", "人民币": "", "$": "USD", "us$": "USD", "hk$": "HKD",
    "nt$": "TWD", "mop$": "MOP", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "s$": "SGD",
    "nz$": "NZD", "r$": "BRL", "mx$": "MXN", "jp¥": "JPY", "cn¥": "", "€": "EUR", "£": "GBP",
    "₩": "KRW", "₹": "INR", "₽": "RUB", "฿": "THB", "₫": "VND", "₱": "PHP", "₪": "ILS", "₺": "TRY",
    "₦": "NGN", "₴": "UAH", "₸": "KZT", "₿": "BTC", "₮": "MNT", "₭": "LAK",
}  # fmt: skip
_CHANGE: Final = {
    "美分": "USD", "欧分": "EUR", "便士": "GBP", "戈比": "RUB", "生丁": "CHF", "港仙": "HKD",
    "仙": "HKD", "日本钱": "JPY", "日本銭": "JPY", "钱": "JPY", "銭": "JPY",
    "cents": "USD", "cent": "USD", "pence": "GBP",
}  # fmt: skip


def _longest_first(forms: Iterable[str]) -> str:
    return "|".join(
        re.escape(form)
        + ("(?![a-z])" if form[-1].isascii() and form[-1].isalpha() else "")
        + (f"(?![{_NOT_AFTER[form]}])" if form in _NOT_AFTER else "")
        for form in sorted(forms, key=len, reverse=True)
    )


def _is_sign(name: str, code: str) -> bool:
    """Whether the name of a currency may stand before the amount: 美元五十, usd 50."""
    if name.isascii():
        return name.upper() == code
    return len(name) > 1 and name[0] not in "元块个" and name not in {"元人民币", "大洋", "新元"}


_CODES: Final = {
    name.replace("_", " "): line.split()[0]
    for line in _NAMES.strip().splitlines()
    for name in line.split()[1:]
}
_SIGNS: Final = _MARKS | {name: code for name, code in _CODES.items() if _is_sign(name, code)}

_FOREIGN: Final = [
    name for name, code in _CODES.items() if code != "CNY" and name[0] not in "元块个"
]
_MARKS_BEHIND: Final = [mark for mark in _MARKS if not mark[-1].isalnum()]

UNIT: Final = (
    f"(?:[元块] ?(?:{_longest_first(_FOREIGN)})|{_longest_first([*_CODES, *_MARKS_BEHIND])})"
)
"""A regex for what stands after an amount: 元, 美元, dollars."""

SIGN: Final = f"(?<![a-z])(?:{_longest_first(_SIGNS)})"
"""A regex for what may stand before an amount: $, 美元, usd."""

CHANGE: Final = f"(?:{_longest_first(_CHANGE)})"
"""A regex for a hundredth of a currency but the yuan: 美分, 便士."""


def currency_of(written: str) -> str:
    """The ISO 4217 code of what UNIT, SIGN or CHANGE matched; empty for yuan and for nothing."""
    if written[:1] in {"元", "块"} and written[1:].strip() in _FOREIGN:
        written = written[1:].strip()
    code = _CODES.get(written) or _SIGNS.get(written) or _CHANGE.get(written) or ""
    return "" if code == "CNY" else code

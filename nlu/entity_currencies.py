"""The currencies that money is said in, by their ISO 4217 code: names, signs, small change."""

from __future__ import annotations

import re
from collections.abc import Collection
from decimal import Decimal
from typing import Final

_NAMES: Final = """
CNY 块钱 元钱 块 元人民币 元 圆 rmb 人民币元 人民币 大洋 yuan cny
USD 元美元 块美元 元美金 块美金 美元 美金 美刀 美圆 刀 us_dollars us_dollar dollars dollar bucks
USD buck usd
HKD 元港币 港币 港元 港纸 港圆 港幣 hkd 蚊
TWD 新台币 台币 台元 新臺币 twd 箍
MOP 澳门元 澳门币 葡币 mop
JPY 日元 日币 日圆 円 jpy yen 日本元
EUR 欧元 欧 euros euro eur 欧罗 欧币
GBP 英镑 镑 pounds pound gbp 英磅 奥尔德尼镑
KRW 韩元 韩币 韩圆 krw 韩圜
KPW 朝鲜元 朝元 朝鲜圆
AUD 澳大利亚元 澳元 澳币 aud 澳洲元 吐瓦鲁元 图瓦卢元 吉里巴斯元 基里巴斯元
CAD 加拿大元 加元 加币 cad 加拿大币
NZD 新西兰元 纽元 纽币 新西兰币 nzd 库克群岛元
SGD 新加坡元 新加坡币 新元 新币 坡币 sgd
CHF 瑞士法郎 瑞郎 法郎 chf
XAF 中非法郎 中非金融合作法郎
XOF 西非法郎 非共体法郎
XPF 太平洋法郎
BIF 布隆迪法郎
CDF 刚果法郎
DJF 吉布提法郎
GNF 几内亚法郎
KMF 科摩罗法郎
RWF 卢旺达法郎
RUB 俄罗斯卢布 卢布 rub 俄国卢布 俄币
PRB 德涅斯特卢布
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
BGN 保加利亚列弗 列弗 保加利亚列瓦
HUF 匈牙利福林 福林 匈牙利福林币 匈牙利货币 huf
PLN 波兰兹罗提 兹罗提 pln 波兰币
CZK 捷克克朗 czk
ISK 冰岛克朗 isk
SEK 瑞典克朗 克朗 sek
NOK 挪威克朗 nok
DKK 丹麦克朗 dkk 丹麦克郎 法罗克朗
ALL 阿尔巴尼亚列克 列克
RSD 塞尔维亚第纳尔 塞尔维亚币
MKD 马其顿第纳尔 马其顿代纳尔 马其顿币 代纳尔
DZD 阿尔及利亚第纳尔
BHD 巴林第纳尔
IQD 伊拉克第纳尔
JOD 约旦第纳尔
KWD 科威特第纳尔 科威特币 第纳尔 kwd
LYD 利比亚第纳尔
TND 突尼斯第纳尔
BAM 波黑马克 波黑可兑换马克 波斯尼亚和黑塞哥维那可兑换马克 波赫可兑换马克
TRY 土耳其里拉 里拉 新土耳其里拉 土耳其新里拉 土耳其币
ILS 以色列新谢克尔 以色列谢克尔 新谢克尔 谢克尔 以色列币 以色列新克尔
AED 阿联酋迪拉姆 迪拉姆 迪拉木 aed
MAD 摩洛哥迪拉姆 摩洛哥迪尔汗
SAR 沙特里亚尔 沙特阿拉伯里亚尔 里亚尔 sar 沙特币
QAR 卡塔尔里亚尔 卡达里亚尔 qar
IRR 伊朗里亚尔 伊朗莱尔
OMR 阿曼里亚尔 阿曼莱尔
YER 也门里亚尔 叶门里亚尔 叶门莱尔
EGP 埃及镑 埃镑 埃及币 egp
LBP 黎巴嫩镑
SDG 苏丹镑 苏丹磅
SSP 南苏丹镑
SYP 叙利亚镑
INR 印度卢比 卢比 inr 印度币
PKR 巴基斯坦卢比 pkr
LKR 斯里兰卡卢比 lkr
NPR 尼泊尔卢比
MUR 毛里求斯卢比
SCR 塞舌尔卢比
IDR 印度尼西亚卢比 印尼卢比 印尼盾 印度尼西亚盾 idr 印尼币
BDT 孟加拉塔卡 孟加拉国塔卡 塔卡
BTN 不丹努尔特鲁姆 不丹努扎姆 努扎姆
MVR 马尔代夫卢菲亚 马尔代夫拉菲亚 马尔代夫卢比
AFN 阿富汗尼
THB 泰国铢 泰铢 泰株 thb 泰元 泰币
MYR 马来西亚林吉特 林吉特 马币 令吉 myr 马来西亚币
VND 越南盾 vnd 越盾 越币
PHP 菲律宾比索 比索 php 菲律宾币
KHR 柬埔寨瑞尔 瑞尔 khr
LAK 老挝基普 基普 老挝币
MMK 缅甸元 缅元 缅币 mmk
BND 文莱元 文莱币
MNT 蒙古图格里克 图格里克
MXN 墨西哥比索 mxn 墨西哥币
ARS 阿根廷比索
CLP 智利比索
COP 哥伦比亚比索
CUP 古巴比索
DOP 多米尼加比索
UYU 乌拉圭比索
BRL 巴西雷亚尔 雷亚尔 雷亚 brl 巴西里尔 巴西币
PEN 秘鲁新索尔 秘鲁索尔
BOB 玻利维亚诺 玻利维亚币
PYG 巴拉圭瓜拉尼 瓜拉尼
VES 委内瑞拉玻利瓦尔 玻利瓦尔
CRC 哥斯达黎加科朗
GTQ 危地马拉格查尔 格查尔 瓜地马拉格查尔
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
KYD 开曼元 开曼群岛元 开曼岛元
SRD 苏里南元 苏里南盾
TTD 特立尼达和多巴哥元 特立尼达多巴哥元
XCD 东加勒比元
FJD 斐济元 斐币
SBD 所罗门群岛元
LRD 利比里亚元
NAD 纳米比亚元 nad
PGK 巴布亚新几内亚基那 基那
TOP 汤加潘加 潘加
WST 萨摩亚塔拉
VUV 瓦努阿图瓦图
ZAR 南非兰特 兰特 zar
NGN 尼日利亚奈拉 奈拉 ngn 尼日利亚币
KES 肯尼亚先令 先令
UGX 乌干达先令
TZS 坦桑尼亚先令
SOS 索马里先令 索马利先令
ETB 埃塞俄比亚比尔 埃塞俄比亚元
GHS 加纳塞地 塞地
GMD 冈比亚达拉西 甘比亚达拉西
AOA 安哥拉宽扎 宽扎
BWP 博茨瓦纳普拉 普拉
ZMW 赞比亚克瓦查
MWK 马拉维克瓦查 马拉威克瓦查
MZN 莫桑比克梅蒂卡尔 莫桑比克美提卡 梅蒂卡尔
MGA 马达加斯加阿里亚里
LSL 莱索托洛蒂 莱索托洛提 莱索托马洛蒂
SZL 斯威士兰里兰吉尼 兰吉尼
ERN 厄立特里亚纳克法
CVE 佛得角埃斯库多 维德角埃斯库多
STN 圣多美和普林西比多布拉
MRU 毛里塔尼亚乌吉亚
SLE 塞拉利昂利昂 利昂
AWG 阿鲁巴弗罗林 阿鲁巴币
HRK 克罗地亚库纳 克罗地亚库那 克罗埃西亚库纳
SHP 圣赫勒拿镑
FKP 福克兰镑
GIP 直布罗陀镑
GGP 根西镑
JEP 泽西岛镑 泽西镑
IMP 马恩岛镑
ZWL 津巴布韦元
DEM 德国马克
FIM 芬兰马克
FRF 法国法郎
BEF 比利时法郎
NLG 荷兰盾
ANG 荷属安的列斯盾 安的列斯盾 列斯盾
ITL 意大利里拉
ESP 西班牙比塞塔 比塞塔 西班牙币
ATS 奥地利先令
PTE 葡萄牙埃斯库多
IEP 爱尔兰镑
BTC 个比特币 比特币 btc
ETH 个以太坊 以太坊 个以太币 以太币 eth
USDT 泰达币 usdt
"""  # a code, then what it is called; _ stands for a space
_NOT_AFTER: Final = {
    "欧": "元洲美式盟莱阳姆泊派亚分罗币", "大洋": "洲葱", "块": "状头根茎布糖肉饼蛋砖皂石玉牌",
    "元": "旦宵器老件凶首", "蚊": "子香帐", "利昂": "内", "普拉": "提达多", "潘加": "特",
    "箍": "住紧牙桶咒", "哈拉": "雷尔", "布达": "佩拉", "帕拉": "梅第", "埃利": "特松",
    "巴尼": "亚斯",
}  # fmt: skip
_MARKS: Final = {
    "¥": "", "rmb": "", "cny": "", "人民币": "", "$": "USD", "us$": "USD", "hk$": "HKD",
    "nt$": "TWD", "mop$": "MOP", "a$": "AUD", "au$": "AUD", "c$": "CAD", "ca$": "CAD", "s$": "SGD",
    "nz$": "NZD", "can$": "CAD", "r$": "BRL", "mx$": "MXN", "jp¥": "JPY", "cn¥": "",
    "b$": "BND", "ci$": "KYD", "g$": "GYD", "gy$": "GYD", "j$": "JMD", "n$": "NAD", "si$": "SBD",
    "ws$": "WST", "bvi$": "USD", "₡": "CRC",
    "€": "EUR", "£": "GBP",
    "₩": "KRW", "₹": "INR", "₽": "RUB", "฿": "THB", "₫": "VND", "₱": "PHP", "₪": "ILS", "₺": "TRY",
    "₦": "NGN", "₴": "UAH", "₸": "KZT", "₿": "BTC", "₮": "MNT", "₭": "LAK",
}  # fmt: skip
_CHANGE: Final = {
    "美分": "USD", "欧分": "EUR", "便士": "GBP", "戈比": "RUB", "生丁": "CHF", "港仙": "HKD",
    "仙": "HKD", "日本钱": "JPY", "日本銭": "JPY", "钱": "JPY", "銭": "JPY",
    "澳分": "AUD", "派萨": "INR", "帕萨": "INR", "格罗希": "PLN", "库鲁什": "TRY", "库鲁": "TRY",
    "萨当": "THB", "考包": "NGN", "瑞士分": "CHF", "瑞士生丁": "CHF", "仙士": "CHF", "缅分": "MMK",
    "特特里": "GEL", "泰特里": "GEL", "斯托丁卡": "BGN", "比塞瓦": "GHS", "利巴": "HRK",
    "托亚": "PGK", "托伊": "PGK", "布图": "GMD", "第尼": "MKD", "坦巴拉": "MWK",
    "普尔": "AFN", "帕拉": "RSD", "巴尼": "RON", "奥拉": "SEK", "奥依拉": "SEK", "埃利": "SEK",
    "哈拉": "SAR", "意大利分": "ITL", "乌拉圭分": "UYU", "巴拿马分": "PAB", "布达": "GMD",
    "切特鲁姆": "BTN", "盆尼": "FIM", "菲辅币": "PHP", "米利姆": "TND",
    "cents": "USD", "cent": "USD", "pence": "GBP",
}  # fmt: skip


def _longest_first(forms: Collection[str]) -> str:
    """A regex for any of the forms; its lookahead spares most places hundreds of comparisons."""
    first = re.escape("".join(sorted({form[0] for form in forms})))
    return (
        f"(?=[{first}])(?:"
        + "|".join(
            re.sub(r"(?<=[a-z])\\\$", r" ?\\$", re.escape(form))
            + ("(?![a-z])" if form[-1].isascii() and form[-1].isalpha() else "")
            + (f"(?![{_NOT_AFTER[form]}])" if form in _NOT_AFTER else "")
            for form in sorted(forms, key=len, reverse=True)
        )
        + ")"
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
"""A regex for the small change of a currency but the yuan: 美分, 便士."""


def change_of(written: str) -> Decimal:
    """The part of its currency that what CHANGE matched is: a hundredth, or a thousandth."""
    return Decimal("0.001" if written == "米利姆" else "0.01")


def currency_of(written: str) -> str:
    """The ISO 4217 code of what UNIT, SIGN or CHANGE matched; empty for yuan and for nothing."""
    if written[:1] in {"元", "块"} and written[1:].strip() in _FOREIGN:
        written = written[1:].strip()
    code = _CODES.get(written) or _SIGNS.get(written.replace(" ", "")) or _CHANGE.get(written) or ""
    return "" if code == "CNY" else code

"""Knows when a single Chinese numeral is a number (三朵花, 选三) or a part of a word (三星)."""

from __future__ import annotations

import re
from typing import Final

_LONE: Final = frozenset("一二三四五六七八九十两零叁贰壹廿卅")
_PEOPLE: Final = frozenset("俩仨")  # a numeral and its 个 in one
_PRONOUNS: Final = frozenset("你我他她它咱们俺哥姐弟妹")
_FORMAL: Final = frozenset("肆伍陆柒捌玖拾")  # also parts of names and words: 陆家嘴, 放肆
_FORMAL_COUNTED: Final = re.compile(r"[个双件只条张元块圆角次倍份名位]")
_IDIOMS: Final = re.compile(
    r"一(?:点(?![两半整钟])|[下直样起定些般共旦切边会再向带路生律时并致同概举贯度连流级体口番股来面手身头脸旁侧"
    r"等类经既贫辈线味声]|次性|个人|心|块儿|方面|加(?![一二三四五六七八九]))"
    r"|千万别|万一|万分|四川|五台[山县市]|九九|十分(?![之钟])|十[足字]|百合|百度|百货|三亚|八卦|七夕|半(?!百)|零[下头食售钱件碎花星散工担距关]"
    r"|三角(?!钱)|四季|四周|[四八]方|五[花金官]|五行(?!字)|六神|七匹狼|七天无|九[寨阳]|三只松鼠"
    r"|三[星国线包维轮围明鹿枪](?!际)|两[性极岸]|二(?:[手维线]|次元)"
)
# What single things are counted by, the units of times and measures, and sums.
_COUNTED: Final = re.compile(
    r"[个位名只头匹条峰尾朵棵株枚片瓣粒颗束丛簇串把辆架艘列节座栋幢间扇堵块亩顷件套袭双副对顶封"
    r"份篇章回卷册本页段句首阕则幅张轴帧帖出幕场样种类款项宗桩笔批组班伙帮群队排捆包箱袋盒瓶罐"
    r"壶杯碗盘碟盆桶缸锅瓢勺匙滴股缕丝团堆摊坨滩汪抹阵次趟遍番顿圈拳脚刀枪针枝支根剂味课届期"
    r"代世集季辈月日天周年时秒岁元圆角毛斤克吨磅米里尺寸丈升斗码倍层级阶口人家户档格轮局盘球票"
    r"版环维音字词键画题问选股桌席床铺餐度门部台道声步楼室车船处所院校县村街号夜国厘毫站路行厅"
    r"盏叠箭炮桥岛省城洞泉柱池湖园馆厂仓旬杆]|学期|星级|边形"
    r"|单(?![独纯价位号身人程元词反数据品向项亲车])|下(?![单午次载面周来去架线班学课乡属级落限])|晚(?![上点饭会安报])"
    r"|打(?![折算电扰开包印断击听破扮招])|刻|分(?! ?之 ?[0-9零一二三四五六七八九十百千万]|别|享"
    r"|期|手|数|开|配|析)"
    r"|点(?!击|开|赞|评|我|了|心|滴)|公[里斤分顷尺吨亩]|平方|立方|平米|英[里尺寸亩镑]|海里"
    r"|千[克米瓦卡]|加仑|小时|星期|礼拜|世纪|钟头|等[奖品座舱次]|进制|多[个年天月周件块倍]"
    r"|[加减乘除](?=以?[零一二三四五六七八九十两百0-9])|比(?=[零一二三四五六七八九十两0-9])|等于|以[上下内外]"
)
_STOPS: Final = frozenset(
    " ,，。.;；:：!！?？、“”\"'()（）【】[]~～·-—/和与跟或及是到至那这却为的有"
)
_LEADS: Final = frozenset("前选得加减乘除以于从写念按输填给比差剩爱共") | _STOPS
_ENDING: Final = frozenset("周期拜初统唯专逐划")  # 周五, 初三, 统一


def stands_for_number(text: str, start: int, end: int) -> bool:
    """Whether the single numeral `text[start:end]` is a number and no part of a word."""
    written, before = text[start:end], text[start - 1] if start else ""
    if written in _PEOPLE:
        return before not in _PRONOUNS
    if written in _FORMAL:
        counted = _FORMAL_COUNTED
    elif written in _LONE and before not in _ENDING and not _IDIOMS.match(text, start):
        counted = _COUNTED
    else:
        return False
    if before == "比" and start > 1 and (text[start - 2] in _LONE or text[start - 2].isdigit()):
        return True
    alone = (not before or before in _LEADS) and (end == len(text) or text[end] in _STOPS)
    some = written == "十" and text[end : end + 1] in set("几来多余")
    return alone or some or counted.match(text, end) is not None

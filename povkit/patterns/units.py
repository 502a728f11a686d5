"""What the effects of patterns mean, in the words of a Chinese report; the English words are the effect's own unit."""

EFFECT_UNITS_ZH = {
    "households over what the peers' rate gives": "超出同类村比率的户数",
    "share of chance variation missing": "缺失的随机波动比例",
    "share of villages in balance, chance taken off": "两项相等的村所占比例（已扣除偶然相等）",
    "share of listed people outside the register, over the county's": "名单人员未在册比例（超出全县）",
    "share outside in villages without inclusion, less that in the others": "零新增村未在册比例减其他村",
    "share of villages parked under the line, chance taken off": "发生率压在界限下方的村所占比例（已扣除偶然）",
    "share of villages on the round share, over chance": "恰为整数比例的村所占比例（超出偶然）",
    "share of villages that follow the plan, chance taken off": "按计划办的村所占比例（已扣除偶然相等）",
    "log income per head, from the villages' other households": "人均收入对数与同村其他户之差",
    "share of households that left, from that expected of the same villages": "脱贫户比例与同村预期之差",
    "share of the peers' spread missing": "比同行缺失的离散程度比例",
    "share of round incomes, from the peers'": "整数收入比例与同行之差",
    "difference of the share of round amounts from the peers'": "整数金额比例与同行之差",
    "share of amounts whose last digit would have to change, over chance": "末位数字偏离同行的金额比例（超出偶然）",
    "share of backstop households that left, over the county's": "兜底户脱贫比例（超出全县）",
    "share of comparable households on one rate, over chance and peers": "增幅相同的户所占比例（超出偶然与同行）",
    "share of his exits just over the line, over his peers'": "刚过线脱贫户比例（超出同行）",
    "share of households whose amounts repeat, over the peers'": "两年金额雷同户比例（超出同行）",
    "share of the households near the line that the curve puts below it": "按曲线应在线下的近线户比例",
    "share of the households that are copies of another": "与他户雷同的户所占比例",
    "difference of the densities right and left of the line, by their sum": "线右侧与左侧收入密度之差（占两者之和）",
    "share that leaves just over the line, less the share further over it": "刚过线户脱贫比例减远离线户脱贫比例",
}
"""English unit of an effect -> the same in Chinese."""

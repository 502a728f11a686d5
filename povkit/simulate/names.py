"""Invented names out of common surnames and given characters."""

import numpy as np

from povkit.simulate.arrays import Array

_SURNAMES = np.array(
    list(
        "李张王杨陈刘赵黄周吴徐孙马朱胡郭何林高罗郑梁谢宋唐许韩邓冯曹彭曾肖田董潘袁蔡蒋余杜叶程魏苏吕丁任卢姚沈姜崔钟谭陆范金石廖贾"
    ),
    dtype=object,
)
_MALE = np.array(list("国强明军伟建平华文志林云春福贵光荣金有才正东学德宝开廷家永祥凯亮龙海山成顺发"), dtype=object)
_FEMALE = np.array(list("丽英芳秀兰琼梅珍仙红莲美艳菊花玉春凤琴燕翠桂香会芬云霞小莉娟萍慧蓉雪"), dtype=object)


def surnames(rng: np.random.Generator, n: int) -> Array:
    """`n` surnames, the common ones more often."""
    weights = 1 / np.arange(8, len(_SURNAMES) + 8)
    return _SURNAMES[rng.choice(len(_SURNAMES), n, p=weights / weights.sum())]


def full_names(rng: np.random.Generator, surname: Array, male: Array) -> Array:
    """A name of two or three characters for each surname and sex."""
    n = len(surname)
    given = np.where(male, _MALE[rng.integers(len(_MALE), size=n)], _FEMALE[rng.integers(len(_FEMALE), size=n)])
    second = np.where(male, _MALE[rng.integers(len(_MALE), size=n)], _FEMALE[rng.integers(len(_FEMALE), size=n)])
    second[(second == given) | (rng.random(n) < 0.25)] = ""
    names: Array = surname + given + second
    return names


def distinct_names(rng: np.random.Generator, male: Array) -> Array:
    """Names of which no two are equal (helpers: the system told namesakes apart by blanks)."""
    names = full_names(rng, surnames(rng, len(male)), male)
    for _ in range(100):
        _, first = np.unique(names.astype(str), return_index=True)
        again = np.setdiff1d(np.arange(len(names)), first)
        if not len(again):
            break
        names[again] = full_names(rng, surnames(rng, len(again)), male[again])
    return names

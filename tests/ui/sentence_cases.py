"""How a translated sentence is filled: cases for what does it in Python and in JavaScript."""

from __future__ import annotations

FILLED: list[tuple[str, dict[str, str | int], str]] = [
    ("{name}的概率", {"name": "猫"}, "猫的概率"),
    ("{name}的概率", {"name": "cat"}, "cat 的概率"),
    ("预测为{name}", {"name": "类别 0"}, "预测为类别 0"),
    ("属于{name}，给{name}的是 {p}", {"name": "类 0", "p": "0.50"}, "属于类 0，给类 0 的是 0.50"),
    ("给**{name}**的 logit", {"name": "B"}, "给 **B** 的 logit"),
    ("文件{name}较小", {"name": "`a.csv`"}, "文件 `a.csv` 较小"),
    ("{a}{b}的 logit", {"a": "猫", "b": 3}, "猫 3 的 logit"),
    ("第 {i} 个", {"i": 7}, "第 7 个"),
    ("{name} from {first}", {"name": "猫", "first": 1}, "猫 from 1"),
]

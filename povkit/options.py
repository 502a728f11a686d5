"""Arguments and options that several commands of the command line share, and the languages it speaks."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer


class Lang(StrEnum):
    """Language of messages and results."""

    ZH = "zh"
    EN = "en"


Counties = Annotated[list[str] | None, typer.Argument(help="县代码 · county codes", show_default=False)]
RegisterDir = Annotated[Path, typer.Option("--register", help="登记数据文件夹 · folder that import wrote")]
AsOf = Annotated[
    str, typer.Option("--as-of", help="核查基准日，如 2018-12-31 · date that ages and deadlines are taken at")
]
Out = Annotated[Path, typer.Option("--out", help="输出文件夹 · folder of results")]
DataYear = Annotated[
    int | None, typer.Option("--data-year", help="数据年度，默认取基准日的年份 · default: year of --as-of")
]
All = Annotated[bool, typer.Option("--all", help="所有已导入的县 · every county of the register")]
Language = Annotated[Lang, typer.Option("--language", help="语言 · language", envvar="POVKIT_LANGUAGE")]
PolicyName = Annotated[str, typer.Option("--policy", help="口径名称或 .yaml 文件 · name of a policy, or a .yaml file")]
Parameters = Annotated[
    Path | None, typer.Option("--parameters", help="另用的参数文件夹 · folder to use instead of povkit's own")
]
EngineName = Annotated[
    str, typer.Option("--engine", help="由谁计算规则：duckdb 或 spark · what evaluates the rules: duckdb or spark")
]
Master = Annotated[
    str | None,
    typer.Option(
        "--master", help="Spark 主节点，默认本机 · Spark's master, default local[*]: local[4], spark://host:7077"
    ),
]
Fonts = Annotated[Path | None, typer.Option("--fonts", help="自备字体文件夹 · folder of your own fonts")]
ShowIdentities = Annotated[bool, typer.Option("--show-identities", help="不遮盖个人信息 · names and numbers unmasked")]
Setting = Annotated[
    list[str] | None,
    typer.Option("--set", help="笔记本的其他参数 名称=值 · further notebook parameters name=value"),
]
Memory = Annotated[
    str | None, typer.Option("--memory", help="内存上限，如 3GB · memory that the engine may hold, such as 3GB")
]
Threads = Annotated[int | None, typer.Option("--threads", help="线程数，默认全部 · threads, default: all cores")]
Spill = Annotated[
    Path | None,
    typer.Option(
        "--spill", help="内存不够时的临时文件夹 · existing folder for what exceeds memory, default: --register"
    ),
]

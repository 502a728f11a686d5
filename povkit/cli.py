"""The command line: parse, call, print. `povkit --help` lists the commands."""

import os
import sys
from pathlib import Path
from typing import Annotated

import typer

import povkit
from povkit.options import (
    All,
    AsOf,
    Counties,
    DataYear,
    EngineName,
    Fonts,
    Lang,
    Language,
    Master,
    Memory,
    Out,
    Parameters,
    PolicyName,
    RegisterDir,
    Setting,
    ShowIdentities,
    Spill,
    Threads,
)
from povkit.run.clock import now
from povkit.telling import FAILED, advance, plain_faults, print_tables, tell

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _tell_version(asked: bool) -> None:
    if asked:
        typer.echo(f"povkit {povkit.__version__}")
        raise typer.Exit


@app.callback(help="贫困户登记数据核查 · Inspect registers of poor households")
def program(
    version: Annotated[
        bool,
        typer.Option(
            "--version", help="打印版本号后退出 · print the version and exit", is_eager=True, callback=_tell_version
        ),
    ] = False,
) -> None:
    """What is asked of povkit itself, before any command."""


@app.command("import")
def import_(
    folders: Annotated[list[Path], typer.Argument(help="县里导出的文件夹 · folders of exports")],
    into: Annotated[Path, typer.Option("--into", help="登记数据文件夹 · folder to write to")] = Path("register"),
    county: Annotated[str | None, typer.Option(help="文件里看不出县时用 · county, where the files do not tell")] = None,
    year: Annotated[
        int | None, typer.Option(help="文件里看不出年度时用 · data year, where the files do not tell")
    ] = None,
    language: Language = Lang.ZH,
) -> None:
    """导入 XLSX、XLS、CSV · Import a county's exports, recognised by their headers."""
    from tqdm import tqdm  # noqa: PLC0415 - asking for help must be quick

    with plain_faults(), tqdm(unit="file", disable=None) as bar:
        receipt = povkit.import_folders(folders, into, county, year, lambda *told: advance(bar, *told), language.value)
    for line in receipt.lines(language.value):
        typer.echo(line)


@app.command()
def check(
    as_of: AsOf,
    counties: Counties = None,
    register: RegisterDir = Path("register"),
    out: Out = Path("outputs"),
    data_year: DataYear = None,
    everything: All = False,
    language: Language = Lang.ZH,
    policy: PolicyName = "yunnan-2018",
    parameters: Parameters = None,
    engine: EngineName = "duckdb",
    master: Master = None,
    memory: Memory = None,
    threads: Threads = None,
    spill: Spill = None,
    table: Annotated[bool, typer.Option("--table", help="每条规则的判定数 · print what became of each rule")] = False,
) -> None:
    """只核查，写出线索和汇总 · Check only: findings.parquet and summary.json."""
    from povkit.run.counties import check_counties  # noqa: PLC0415 - asking for help must be quick
    from povkit.run.request import understand  # noqa: PLC0415 - asking for help must be quick

    asked = understand(counties, everything, register, language=language.value)
    with plain_faults():
        outcomes = check_counties(
            asked.counties, register, as_of, data_year, out, language.value,
            policy, parameters, engine, master, memory, threads, spill, progress=True, clock=now, faults=asked.faults,
        )  # fmt: skip
    if table:
        print_tables(outcomes, language)
    tell(outcomes, language)


@app.command()
def inspect(
    as_of: AsOf,
    counties: Counties = None,
    register: RegisterDir = Path("register"),
    out: Out = Path("outputs"),
    data_year: DataYear = None,
    everything: All = False,
    language: Language = Lang.ZH,
    policy: PolicyName = "yunnan-2018",
    parameters: Parameters = None,
    engine: EngineName = "duckdb",
    master: Master = None,
    memory: Memory = None,
    threads: Threads = None,
    spill: Spill = None,
    fonts: Fonts = None,
    show_identities: ShowIdentities = False,
    setting: Setting = None,
    notebook: Annotated[Path | None, typer.Option(help="另用的笔记本 · a notebook of your own")] = None,
) -> None:
    """核查并写出笔记本、报告和清单 · Inspect: executed notebook, PDF report, workbook."""
    from povkit.run.request import understand  # noqa: PLC0415 - asking for help must be quick

    asked = understand(counties, everything, register, setting or (), language.value)
    with plain_faults():
        outcomes = povkit.inspect_counties(
            asked.counties, register, as_of, data_year, out, language.value,
            policy, parameters, fonts, show_identities, asked.more, notebook,
            engine, master, memory, threads, spill, progress=True, clock=now, faults=asked.faults,
        )  # fmt: skip
    tell(outcomes, language)


@app.command()
def explore(
    as_of: AsOf,
    counties: Counties = None,
    register: RegisterDir = Path("register"),
    out: Out = Path("outputs"),
    data_year: DataYear = None,
    everything: All = False,
    language: Language = Lang.ZH,
    policy: PolicyName = "yunnan-2018",
    parameters: Parameters = None,
    fonts: Fonts = None,
    show_identities: ShowIdentities = False,
    setting: Setting = None,
) -> None:
    """运行异常线索探查笔记本 · Run the analyst's notebook, with plain tables and pictures."""
    from povkit.run.counties import explore_counties  # noqa: PLC0415 - asking for help must be quick
    from povkit.run.request import understand  # noqa: PLC0415 - asking for help must be quick

    asked = understand(counties, everything, register, setting or (), language.value)
    with plain_faults():
        outcomes = explore_counties(
            asked.counties, register, as_of, data_year, out, language.value, policy, parameters, fonts,
            show_identities, asked.more, progress=True, faults=asked.faults,
        )  # fmt: skip
    tell(outcomes, language)


@app.command()
def lab(
    register: RegisterDir = Path("register"),
    out: Out = Path("outputs"),
    as_of: Annotated[str | None, typer.Option("--as-of", help="核查基准日 · date of the check")] = None,
    county: Annotated[str | None, typer.Option("--county", help="县代码，默认第一个县 · default: the first")] = None,
    language: Language = Lang.ZH,
    port: Annotated[int, typer.Option("--port", help="端口，被占用时另选 · port, another if it is taken")] = 8888,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="打开浏览器 · open a browser")] = True,
) -> None:
    """在 JupyterLab 打开异常线索探查笔记本 · Open the analyst's notebook in JupyterLab, on this machine only."""
    from povkit.run.explore.lab import open_lab  # noqa: PLC0415 - asking for help must be quick

    with plain_faults():
        status = open_lab(register, out, language.value, county, as_of, port, browser)
    raise typer.Exit(status)


@app.command()
def simulate(
    out: Annotated[Path, typer.Argument(help="写到哪里 · folder to write to")],
    county: Annotated[str, typer.Option(help="县代码 · county code")] = "530113",
    households: Annotated[int, typer.Option(help="登记户数 · registered households")] = 2000,
    seed: Annotated[int, typer.Option(help="随机种子 · seed")] = 1,
    raw: Annotated[bool, typer.Option("--raw", help="写成导出表 · as exports, not as snapshots")] = False,
    clean: Annotated[bool, typer.Option("--clean", help="不埋错 · without planted faults")] = False,
    patterns: Annotated[float, typer.Option(help="群体异常的强度，0至1 · strength of planted patterns, 0 to 1")] = 0.0,
    language: Language = Lang.ZH,
) -> None:
    """造一份模拟数据 · Make up a register; nobody in it exists."""
    from povkit.run.words import words_of  # noqa: PLC0415 - asking for help must be quick

    with plain_faults():
        povkit.simulate_county(out, county, households, seed, raw=raw, faults=0.0 if clean else 1.0, shapes=patterns)
    typer.echo(words_of(language.value)("cli.simulated", out=out / county))


@app.command()
def rules(
    code: Annotated[str | None, typer.Argument(help="规则编号，如 I02 · code of a rule")] = None,
    language: Language = Lang.ZH,
    policy: PolicyName = "yunnan-2018",
    parameters: Parameters = None,
) -> None:
    """列出规则，或说明一条规则 · List the rules, or explain one."""
    from povkit.run.shelf import explain, list_rules  # noqa: PLC0415 - asking for help must be quick

    with plain_faults():
        chosen = povkit.load_policy(policy, parameters)
        lines = explain(code, chosen, language.value) if code else list_rules(chosen, language.value)
    for line in lines:
        typer.echo(line)


@app.command(hidden=True)
def docs(
    root: Annotated[Path, typer.Argument(help="源码文件夹 · the checkout")] = Path(),
    language: Language = Lang.ZH,
) -> None:
    """写出生成的文档（make docs） · Write the generated pages of docs/."""
    from povkit.run.pages import write_pages  # noqa: PLC0415 - asking for help must be quick
    from povkit.run.words import words_of  # noqa: PLC0415 - asking for help must be quick

    written = write_pages(root, typer.main.get_command(app))
    typer.echo(words_of(language.value)("cli.pages", list=", ".join(map(str, written))))


@app.command()
def selftest(
    quick: Annotated[bool, typer.Option("--quick", help="两分钟内的简版 · a few worlds, under two minutes")] = False,
    effort: Annotated[float, typer.Option(help="工作量，1为完整 · amount of work, 1 is the full mode")] = 1.0,
    seed: Annotated[int, typer.Option(help="随机种子 · seed of all chance")] = 1,
    into: Annotated[Path | None, typer.Option(help="写入记录和说明的项目文件夹 · checkout to write to")] = None,
    only: Annotated[list[str] | None, typer.Option(help="只测这些代码 · only these codes")] = None,
    worlds: Annotated[str, typer.Option(help="模拟世界的参数 · certify, develop")] = "certify",
    processes: Annotated[int, typer.Option(help="进程数 · processes")] = 2,
    part: Annotated[
        str, typer.Option(help="名称以此开头的试验，并入记录 · experiments named so, beside the rest")
    ] = "",
) -> None:
    """用模拟登记数据检验各统计模式 · Certify the patterns on made-up registers: size, power, false discoveries."""
    from tqdm import tqdm  # noqa: PLC0415 - asking for help must be quick

    from povkit.selftest import Plan, lines, missed, run_selftest  # noqa: PLC0415 - asking for help must be quick

    with plain_faults(), tqdm(unit="world", disable=None) as bar:
        plan = Plan(effort, quick, seed, tuple(only or ()), worlds, processes, part)
        record, written = run_selftest(plan, into, lambda done, total: advance(bar, "", done, total))
    for line in (*lines(record), *(str(path) for path in written)):
        typer.echo(line)
    short = missed(record, 4.0, ("coverage",)) if quick else missed(record)  # few worlds: only what is far off fails
    for line in short:
        typer.echo("missed · 未达标: " + line, err=True)
    if short:
        raise typer.Exit(FAILED)


def main() -> None:
    """Run the command line and leave at once: DuckDB prints notes about itself while Python winds up."""
    status = _status()
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            status = status or FAILED
    os._exit(status)


def _status() -> int:
    try:
        app()
    except SystemExit as leaving:
        return leaving.code if isinstance(leaving.code, int) else int(leaving.code is not None)
    return 0

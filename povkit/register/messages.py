"""What the importer says to people, in Chinese and English: faults, reasons, lines of the summary."""

WHY: dict[str, tuple[str, str]] = {
    "turned_to_number": (
        "被电子表格转成了数字，位数已丢失，请按文本重新导出",
        "a spreadsheet turned it into a number; export as text",
    ),
    "formula_error": (
        "单元格里的公式出错，请改正公式后重新导出",
        "the cell's formula failed; mend it and export again",
    ),
    "not_a_number": ("不是数字", "not a number"),
    "not_whole": ("不是整数", "not a whole number"),
    "not_a_year": ("不是年份", "not a year"),
    "not_a_date": ("不是日期", "not a date"),
    "no_day": ("只有年月，没有日", "a month without a day"),
    "not_yes_no": ("不是“是/否”", "neither yes nor no"),
    "blank_key": ("关键列为空，整行未导入", "the key is blank; the row was left out"),
    "damaged_key": (
        "关键列被电子表格转成了数字或公式出错，整行未导入，请按文本重新导出",
        "a spreadsheet turned the key into a number, or its formula failed; the row was left out; export as text",
    ),
    "county_unknown": ("不知属于哪个县，整行未导入", "the county is not known; the row was left out"),
    "year_unknown": ("不知数据年度，整行未导入", "the data year is not known; the row was left out"),
}
"""Why a cell could not be understood, by the key that unreadable.parquet holds."""

NOT_RECOGNISED: dict[str, tuple[str, str]] = {
    "not_a_table_file": ("不是 XLSX、XLS 或 CSV", "not XLSX, XLS or CSV"),
    "no_table": ("没有认得的表头", "no header of a known table"),
    "no_rows": ("只有表头，没有数据", "a header without rows"),
}
"""Why a file or sheet was passed over, by key."""

FAULTS: dict[str, tuple[str, str]] = {
    "no_folder": ("找不到这个文件夹，请检查路径", "there is no such folder; check the path"),
    "empty_folder": (
        "文件夹里没有 XLSX、XLS 或 CSV 文件，请放入县里导出的数据",
        "the folder holds no XLSX, XLS or CSV file; put the county's exports into it",
    ),
    "nothing_recognised": (
        "没有认出任何一张表，请检查表头是否为系统导出的表头",
        "no table was recognised; check that the headers are those of the system's exports",
    ),
    "not_a_workbook": (
        "扩展名是工作簿，内容却不是（是改了名的文本或网页文件）；请在电子表格里打开并另存为 XLSX，或改名为 .csv",
        "named as a workbook, but it is a renamed text file; save it as XLSX from a spreadsheet, or name it .csv",
    ),
    "damaged_workbook": (
        "工作簿不完整或已损坏（也可能加了密码），无法打开；请重新导出或复制（{detail}）",
        "the workbook is truncated, damaged or locked by a password; export or copy it again ({detail})",
    ),
    "damaged_text": (
        "文本文件无法读取：既不是 UTF-8 也不是 GB18030，或内容已损坏（{detail}）",
        "the text file cannot be read: neither UTF-8 nor GB18030, or damaged ({detail})",
    ),
    "cannot_read": ("文件无法读取（{detail}）", "the file cannot be read ({detail})"),
    "no_key": (
        "像是“{table}”，但缺少关键列“{columns}”，整表未导入；请带上这一列重新导出",
        "looks like {table} but lacks its key column “{columns}”, so the table is refused; export it with that column",
    ),
    "keys_turned_to_numbers": (
        "关键列“{columns}”有 {damaged} / {rows} 个编号被转成了数字（如 {example}），整表未导入；请按文本重新导出",
        "a spreadsheet turned {damaged} of {rows} keys in “{columns}” into numbers (such as {example}); "
        "the table is refused; export it again as text",
    ),
    "list_unknown": (
        "像是行业部门名单，但没有“名单类别”列，文件名和表名里也没有名单类别（{columns}）；请改文件名",
        "looks like a department's list, but has no column 名单类别 and no list's name in its file or sheet name "
        "({columns}); rename the file",
    ),
    "year_unknown": (
        "不知是哪一年的数据；请加“数据年度”列，或把文件放进以年份命名的文件夹，或用 --year 指定",
        "the data year is not known; add a column 数据年度, put the file into a folder named with it, or give --year",
    ),
    "county_unknown": (
        "不知是哪个县的数据；请带上“行政村代码”列，或把文件放进以县代码命名的文件夹，或用 --county 指定",
        "the county is not known; export it with 行政村代码, put the file into a folder named with the county's code, "
        "or give --county",
    ),
    "twice": (
        "“{table}”{part}与 {other} 重复（{county}）；请只留一份",
        "a second {table}{part} for {county}, besides {other}; keep one of them",
    ),
    "disk_full": (
        "磁盘已满或超出大小限制，原有数据未改动；请腾出空间后重新导入",
        "the disk is full or a size limit was reached; "
        "what was there before is unchanged; free some space and import again",
    ),
    "cannot_write": ("无法写入：{detail}", "cannot write: {detail}"),
    "in_use": ("另一个导入正在写这个文件夹，请等它结束", "another import is writing here; wait until it ends"),
    "bad_county": ("“{value}”不是六位县代码", "“{value}” is no county code of six digits"),
}
"""What can be wrong with what was handed in, by key; `{…}` are filled in."""

LINES: dict[str, tuple[str, str]] = {
    "county": ("县 {county}：{files} 张表，{rows} 行", "County {county}: {files} tables, {rows} rows"),
    "file": ("  {file} [{sheet}] → {table}{part}，{rows} 行", "  {file} [{sheet}] → {table}{part}, {rows} rows"),
    "missing": ("      缺少的列：{columns}", "      columns missing: {columns}"),
    "extra": ("      另存的列：{columns}", "      further columns kept aside: {columns}"),
    "bad_cells": (
        "无法理解的单元格：{count} 个（已置空并记录）",
        "Cells that could not be understood: {count} (blanked and recorded)",
    ),
    "bad_cell": (
        "  {file} [{sheet}] 第 {row} 行 {header}：{value} —— {why}",
        "  {file} [{sheet}] row {row} {header}: {value} - {why}",
    ),
    "more": ("  ……另有 {count} 个", "  … and {count} more"),
    "unrecognised": ("未识别的文件：{count} 个", "Files not recognised: {count}"),
    "unrecognised_file": ("  {file}{sheet}：{why}", "  {file}{sheet}: {why}"),
    "nothing_unreadable": ("没有无法理解的单元格", "Every cell was understood"),
    "blank": ("（空）", "(blank)"),
}
"""Lines of the printed summary, by key; `{…}` are filled in."""


def say(texts: dict[str, tuple[str, str]], key: str, language: str = "zh", **filled: object) -> str:
    """The text of a key in `zh` or `en`, filled in.

    >>> say(WHY, "not_whole", "en")
    'not a whole number'
    """
    zh, en = texts[key]
    return (en if language == "en" else zh).format(**filled)

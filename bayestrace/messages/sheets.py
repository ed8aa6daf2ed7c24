"""Word the faults of what coders send back."""

from bayestrace.messages.wording import Both, Wording

_SHEET = Both(
    "expected a workbook or a .coding.json file that `bayestrace sheet` asked for, or a CSV table",
    "应为 `bayestrace sheet` 所制的工作簿或 .coding.json 文件，或 CSV 表格",
)
_ANEW = Both(
    "ask the coder for the file as it was saved, or send a new sheet (`bayestrace sheet --prefill`)",
    "请向编码者索取原样保存的文件，或寄出新的编码表（`bayestrace sheet --prefill`）",
)
_JUDGED_ANEW = Both(
    "send a new sheet with what was said filled in (`bayestrace sheet --prefill`), or take it as it is with "
    "--accept-changes",
    "请寄出已填旧编码的新编码表（`bayestrace sheet --prefill`），或用 --accept-changes 照原样收取",
)

SHEETS: dict[str, Wording] = {
    "returned-ending": Wording(
        Both("a file that ends in {found}", "以 {found} 结尾的文件"),
        Both("expected .xlsx, .json or .csv", "应为 .xlsx、.json 或 .csv"),
        Both("save it as one of these", "请另存为其中一种"),
    ),
    "returned-page": Wording(
        Both(
            "this is a page, or the form itself, which holds nothing of what was filled in",
            "这是网页或表单本身，其中没有所填的内容",
        ),
        _SHEET,
        Both(
            'ask the coder to open the form in the same browser, press "Save the file to send back", and send the '
            ".coding.json file",
            "请编码者用原来的浏览器打开表单，按“保存文件（用于寄回）”，寄回 .coding.json 文件",
        ),
    ),
    "returned-study": Wording(
        Both("this is the workbook of a whole study", "这是一整项研究的工作簿"),
        _SHEET,
        Both("check that this is the right file", "请确认文件无误"),
    ),
    "returned-twice": Wording(
        Both(
            "this file and {first} both hold what the coder {name} says of the same things",
            "此文件与 {first} 都有编码者 {name} 对相同内容的编码",
        ),
        Both("expected one coding of each coder", "每位编码者应只有一份编码"),
        Both("collect the one that counts", "请只收取应计入的一份"),
    ),
    "returned-cell": Wording(
        Both("the cell {column} is empty", "{column} 单元格是空的"),
        Both("expected a value where the rest of the row is filled in", "同一行的其他单元格已填写，此处也应填写"),
        Both("fill it in, or empty the row", "请填写，或清空该行所填的内容"),
    ),
    "returned-no-sheet": Wording(
        Both("no sheet of this workbook holds a coding", "此工作簿中没有编码表"),
        Both("expected a sheet whose first heading is one of {known}", "应有一张表，其首列标题为 {known} 之一"),
        Both("check that this is the right file; headings may not be changed", "请确认文件无误；列标题不可改动"),
    ),
    "returned-no-table": Wording(
        Both("the first line does not begin as that of a coding", "首行不是编码表的列标题"),
        Both("expected a first heading of {known}", "首列标题应为 {known} 之一"),
        Both("check that this is the right file; headings may not be changed", "请确认文件无误；列标题不可改动"),
    ),
    "returned-no-form": Wording(
        Both("this is not as a form saves it", "此处与表单所保存的不符"),
        _SHEET,
        _ANEW,
    ),
    "returned-version": Wording(
        Both("the file has version {found} of the layout of sheets", "文件的编码表版本为 {found}"),
        Both("expected version {known}", "应为版本 {known}"),
        Both("collect it with the bayestrace that made the sheet", "请用制作该编码表的 bayestrace 版本收取"),
    ),
    "returned-about": Wording(
        Both("what the file says of the study it was made of is damaged", "文件中关于其所属研究的记录已损坏"),
        _SHEET,
        _ANEW,
    ),
    "returned-other-study": Wording(
        Both("the sheet was made of the study {found}", "该编码表出自研究 {found}"),
        Both("expected one of the study {known}", "应出自研究 {known}"),
        Both("name the right folder with --study", "请用 --study 写明正确的文件夹"),
    ),
    "returned-empty": Wording(
        Both("nothing is weighed in this file", "此文件中没有任何权重"),
        Both("expected at least one weight", "至少应有一个权重"),
        Both("check that the coder saved the file after filling it in", "请确认编码者填写后已保存"),
    ),
    "returned-removed": Wording(
        Both("the observation {found} is no longer in the study", "观察 {found} 已不在研究中"),
        Both("expected observations of the study as it is now", "应为研究现有的观察"),
        Both(
            "take the rest of the coding with --accept-changes, or put the observation back",
            "请用 --accept-changes 收取其余部分，或恢复该观察",
        ),
    ),
    "returned-changed": Wording(
        Both(
            "what the study says of {found} has changed since the sheet was made",
            "编码表制作之后，研究中 {found} 的内容有改动",
        ),
        Both("expected a judgement of what stands there now", "应为对现有内容的判断"),
        _JUDGED_ANEW,
    ),
    "returned-explanation": Wording(
        Both(
            "what the study says of the explanation {found} has changed since the sheet was made",
            "编码表制作之后，研究中解释 {found} 的内容有改动",
        ),
        Both("expected a judgement of what stands there now", "应为对现有内容的判断"),
        _JUDGED_ANEW,
    ),
    "cell-date": Wording(
        Both(
            "the spreadsheet made a date, a time or a truth value of this cell: {found}",
            "此单元格被当作日期、时间或真假值：{found}",
        ),
        Both(
            "expected a number, or in the column of words a ratio such as 5:1", "应为数字；比值（如 5:1）请写在文字一列"
        ),
        Both(
            "format the cell as text and write it again, or write the decibels",
            "请将单元格格式设为“文本”后重新填写，或改写分贝数",
        ),
    ),
    "word-and-number": Wording(
        Both("the word {found} stands beside the number {number}", "文字为 {found}，旁边的数为 {number}"),
        Both("expected one of the two, or two that mean the same", "应只填其一，或两者含义相同"),
        Both("delete the one that is not meant", "请删除不是本意的一个"),
    ),
}

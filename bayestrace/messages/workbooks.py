"""Word the faults of workbooks: the file, its sheets, cells that hold no plain value."""

from bayestrace.messages.wording import Both, Wording

_SAVE = Both(
    'open it in Excel or LibreOffice and save it as "Excel workbook (.xlsx)"',
    "请用 Excel 或 LibreOffice 打开，另存为“Excel 工作簿 (.xlsx)”",
)
_WORKBOOK = Both("expected an Excel workbook, .xlsx", "应为 Excel 工作簿（.xlsx）")

WORKBOOKS: dict[str, Wording] = {
    "round-number": Wording(
        Both("{found} as the number of a round", "轮次写作 {found}"),
        Both(
            "expected a whole number from 1 to 99; an empty cell means the first round",
            "应为 1 至 99 的整数；空单元格表示第一轮",
        ),
        Both("correct it, or leave the cell empty", "请改正，或将该单元格留空"),
    ),
    "workbook-old": Wording(
        Both("this is an .xls workbook of Excel 2003 or older", "这是 Excel 2003 或更早版本的 .xls 工作簿"),
        _WORKBOOK,
        _SAVE,
    ),
    "workbook-locked": Wording(
        Both("the workbook is locked by a password", "工作簿设有打开密码"),
        Both("expected a workbook that opens without a password", "应为无需密码即可打开的工作簿"),
        Both("open it, take the password off, and save it again", "请打开工作簿，取消密码后重新保存"),
    ),
    "workbook-other": Wording(
        Both("this is no .xlsx workbook, whatever its name says", "无论文件名如何，这不是 .xlsx 工作簿"),
        _WORKBOOK,
        _SAVE,
    ),
    "workbook-broken": Wording(
        Both("the workbook is damaged and cannot be read", "工作簿已损坏，无法读取"),
        _WORKBOOK,
        Both(
            "open it in Excel or LibreOffice, let it be repaired, and save it again",
            "请用 Excel 或 LibreOffice 打开并修复，然后重新保存",
        ),
    ),
    "workbook-too-large": Wording(
        Both(
            "the workbook has ⟦{MB} MB⟧⟦{parts} parts⟧⟦{sheets} sheets⟧⟦{rows} rows⟧⟦{columns} columns⟧⟦{cells} cells⟧",
            "工作簿过大：⟦{MB} MB⟧⟦{parts} 个部件⟧⟦{sheets} 个工作表⟧⟦{rows} 行⟧⟦{columns} 列⟧⟦{cells} 个单元格⟧",
        ),
        Both(
            "expected at most ⟦{MB_most} MB⟧⟦{parts_most} parts⟧⟦{sheets_most} sheets⟧"
            "⟦{rows_most} rows⟧⟦{columns_most} columns⟧⟦{cells_most} cells⟧",
            "最多 ⟦{MB_most} MB⟧⟦{parts_most} 个部件⟧⟦{sheets_most} 个工作表⟧"
            "⟦{rows_most} 行⟧⟦{columns_most} 列⟧⟦{cells_most} 个单元格⟧",
        ),
        Both(
            "check that this is the right file; delete sheets, rows and columns that are not needed",
            "请确认文件无误，并删除不需要的工作表、行和列",
        ),
    ),
    "cells-merged": Wording(
        Both("the cells {found} are merged", "单元格 {found} 已合并"),
        Both("expected a value in each cell of its own", "每个单元格应各有其值"),
        Both('choose "unmerge cells" and fill in every row', "请取消合并单元格，并逐行填写"),
    ),
    "cell-formula": Wording(
        Both("the cell holds a formula without a saved value", "该单元格是公式，但没有保存计算结果"),
        Both("expected a value, or a formula with the value that it came to", "应为数值，或带有计算结果的公式"),
        Both(
            "open the workbook in Excel or LibreOffice and save it, or type the value",
            "请用 Excel 或 LibreOffice 打开并保存，或直接输入数值",
        ),
    ),
    "cell-error": Wording(
        Both("the cell holds the error {found}", "该单元格是错误值 {found}"),
        Both("expected a value", "应为有效的值"),
        Both("correct the formula, or type the value", "请改正公式，或直接输入数值"),
    ),
    "column-unnamed": Wording(
        Both("this column has cells but no heading", "此列有内容，但没有列名"),
        Both("expected a heading in the first row of every column", "每列首行都应有列名"),
        Both("write the heading, or empty the column", "请写上列名，或清空该列"),
    ),
    "sheet-missing": Wording(
        Both("the workbook has no sheet {known}⟦; it has {found}⟧", "工作簿中没有 {known} 工作表⟦，现有 {found}⟧"),
        Both(
            "expected the sheets of a study that docs/study-format.md describes",
            "应有 docs/study-format.md 所述的各工作表",
        ),
        Both(
            "rename the sheet that says what the study is about, or start from `bayestrace new FILE.xlsx`",
            "请给说明研究内容的工作表改名，或用 `bayestrace new FILE.xlsx` 新建",
        ),
    ),
    "sheet-unknown": Wording(
        Both("no sheet is called {found}", "没有名为 {found} 的工作表"),
        Both(
            "expected {guess}, or a name unlike that of any sheet that is read",
            "应为 {guess}，或与所读各表截然不同的名称",
        ),
        Both("rename the sheet", "请给该工作表改名"),
    ),
    "sheet-renamed": Wording(
        Both(
            "{found} has the headings of the sheet {guess}, which this workbook does not have",
            "{found} 的列名与 {guess} 工作表相同，而此工作簿中没有 {guess}",
        ),
        Both(
            "expected the name {guess}; by another name a sheet is not read", "应名为 {guess}；改用别的名称则不会读取"
        ),
        Both(
            "call it {guess} again; or, if it is one of your own, change a heading",
            "请改回 {guess}；若是自用的表，请改动某个列名",
        ),
    ),
    "sheet-hidden": Wording(
        Both("the sheet is hidden", "该工作表处于隐藏状态"),
        Both("expected that people see what is read", "所读取的内容应可见"),
        Both("show it, or delete it", "请取消隐藏，或将其删除"),
    ),
    "source-more": Wording(
        Both("found {found}", "写的是 {found}"),
        Both('expected a JSON object such as `{{"DOI": "10.1/x"}}`', '应为 JSON 对象，例如 `{{"DOI": "10.1/x"}}`'),
        Both("correct it, or give each key a column of its own", "请改正，或为每个键各设一列"),
    ),
}

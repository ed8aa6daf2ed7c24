"""Word the faults of a file as such: its name, its encoding, its YAML or JSON."""

from bayestrace.messages.wording import Both, Wording

_NOTHING = Both("", "")
_INDENT_CURE = Both(
    "line up the keys that belong together, with spaces",
    "请用空格把同一层的键左对齐",
)

FILES: dict[str, Wording] = {
    "file-too-large": Wording(
        Both("the file is {size} MB", "文件大小为 {size} MB"),
        Both("expected at most {limit} MB", "最多 {limit} MB"),
        Both("check that this is the right file, or split it", "请确认文件无误，或将其拆分"),
    ),
    "file-empty": Wording(
        Both("the file is empty", "文件是空的"),
        Both("expected the content that docs/study-format.md describes", "应有 docs/study-format.md 所述的内容"),
        Both("fill it, or delete it", "请填写内容，或删除该文件"),
    ),
    "not-utf8": Wording(
        Both("the file is not UTF-8 text (byte {byte} at this place)", "文件不是 UTF-8 文本（此处字节为 {byte}）"),
        Both("expected text saved as UTF-8", "应为以 UTF-8 保存的文本"),
        Both(
            "open it in a text editor and choose: save as, encoding UTF-8",
            "请用文本编辑器打开，选择“另存为”，编码选 UTF-8",
        ),
    ),
    "not-text": Wording(
        Both("the file is neither UTF-8 nor GB18030 text", "文件既不是 UTF-8 文本，也不是 GB18030 文本"),
        Both("expected a CSV file of plain text", "应为纯文本的 CSV 文件"),
        Both(
            'in Excel choose: save as, "CSV UTF-8 (comma delimited)"',
            "请在 Excel 中选择“另存为”，类型选“CSV UTF-8（逗号分隔）”",
        ),
    ),
    "control-character": Wording(
        Both("the invisible control character {code}", "有一个不可见的控制字符 {code}"),
        Both("expected text without control characters", "文本中不应有控制字符"),
        Both("delete it and type the place anew", "请将其删除，并重新输入此处文字"),
    ),
    "hidden-character": Wording(
        Both("{found} holds the invisible character {code}", "{found} 中有不可见的字符 {code}"),
        Both("expected a name of visible characters", "名称只应由可见字符组成"),
        Both("type the name by hand, instead of pasting it", "请手工输入该名称，不要粘贴"),
    ),
    "study-handed": Wording(
        Both("this is not as a report hands a study out", "此处与报告所提供的研究文件不符"),
        Both(
            "expected the JSON that a report hands out as its study, or a study's folder",
            "应为报告所提供的研究文件（JSON），或研究文件夹",
        ),
        Both(
            "take it from the report anew, or name the folder that holds study.yaml",
            "请从报告中重新下载，或写明存放 study.yaml 的文件夹",
        ),
    ),
    "study-handed-name": Wording(
        Both("{found} is named here, but the file does not have it", "此处提到 {found}，而文件中没有"),
        Both("expected names that stand in the file", "应为文件中已有的名称"),
        Both("correct the name, or take the file from the report anew", "请改正名称，或从报告中重新下载该文件"),
    ),
    "file-name-unknown": Wording(
        Both("the name of this file says nothing about what it holds", "从文件名看不出文件内容"),
        Both("expected {known}", "应为 {known} 之一"),
        Both(
            "⟦did you mean {guess}? ⟧rename it, or move it out of the folder",
            "⟦是否想写 {guess}？⟧请改名，或将其移出此文件夹",
        ),
    ),
    "file-ending": Wording(
        Both("a file that ends in {ending} is not read", "不读取以 {ending} 结尾的文件"),
        Both("expected a file named {guess}", "应为名为 {guess} 的文件"),
        Both("save or rename it as {guess}", "请另存或改名为 {guess}"),
    ),
    "collect-begun": Wording(
        Both(
            "adding codings was interrupted, and only some of them are in their places",
            "加入编码时中断，只有一部分已到位",
        ),
        Both("expected all of them or none", "应全部加入或全不加入"),
        Both(
            "run `bayestrace collect` again, which finishes it; the files from before are kept as .bak",
            "请再次运行 `bayestrace collect`，它会先完成未竟的部分；原有文件保留为 .bak",
        ),
    ),
    "round-folder": Wording(
        Both("a folder named {found}, which is not read", "文件夹名为 {found}，不会被读取"),
        Both(
            "expected `round-2` for the second round of coding, `round-3` for the third; the first stands in "
            "evidence/codings/ itself",
            "第二轮编码的文件夹应名为 `round-2`，第三轮为 `round-3`；第一轮编码直接放在 evidence/codings/ 中",
        ),
        Both("rename it, or move it out of the folder", "请改名，或将其移出此文件夹"),
    ),
    "file-name-form": Wording(
        Both("the file name makes the name {found}", "由文件名得到的名称是 {found}"),
        Both(
            "expected letters A-Z, digits, `.`, `_` and `-`, beginning with a letter or a digit, at most 80",
            "名称应由英文字母、数字、`.`、`_`、`-` 组成，以字母或数字开头，最多 80 个字符",
        ),
        Both("rename the file", "请给文件改名"),
    ),
    "yaml-colon": Wording(
        Both("a second `: ` on one line", "同一行中出现第二个 `: `"),
        Both("expected one key and one value on a line", "每行只能有一个键和一个值"),
        Both("put a text that contains `: ` between quotation marks", "含有 `: ` 的文字请用英文引号括起来"),
    ),
    "yaml-tab": Wording(
        Both("a tab character", "出现制表符（Tab）"),
        Both("expected lines set in with spaces", "缩进应使用空格"),
        Both("replace the tab by spaces", "请把制表符换成空格"),
    ),
    "yaml-indent": Wording(
        Both("this line does not fit the lines before it", "此行与前面各行的层次对不上"),
        Both(
            "expected lines of one list or mapping set in equally far, each with `key: value` or `- item`",
            "同一列表或映射的各行缩进应相同，每行写作“键: 值”或“- 条目”",
        ),
        _INDENT_CURE,
    ),
    "yaml-bracket": Wording(
        Both("a bracket is not closed, or a comma is missing in it", "括号没有闭合，或其中缺少逗号"),
        Both("expected `[a, b]` or `{{key: value, key: value}}`", "应写作 `[a, b]` 或 `{{键: 值, 键: 值}}`"),
        Both("look for the bracket that opens near here", "请检查此处附近的左括号"),
    ),
    "yaml-quote": Wording(
        Both("a quotation mark is opened and not closed", "引号只有开头，没有结尾"),
        Both("expected a closing mark of the same kind", "应有同样的引号作结"),
        Both("close it; inside '...' an apostrophe is written twice", "请补上引号；在 '...' 之内，撇号要写两次"),
    ),
    "yaml-escape": Wording(
        Both("a backslash sign that means nothing", "反斜杠的写法没有意义"),
        Both("expected plain text", "应为普通文字"),
        Both("use '...' instead of \"...\", or write the backslash twice", "请把 \"...\" 换成 '...'，或把反斜杠写两次"),
    ),
    "yaml-reserved": Wording(
        Both("a value that begins with a sign that YAML keeps for itself", "值以 YAML 保留的符号开头"),
        Both("expected plain text, or text between quotation marks", "应为普通文字，或加英文引号的文字"),
        Both("put the value between quotation marks", "请用英文引号把值括起来"),
    ),
    "yaml-syntax": Wording(
        Both("this place cannot be read as YAML", "此处不符合 YAML 的写法"),
        Both("expected `key: value` lines and `- item` lists", "应为“键: 值”的行和“- 条目”的列表"),
        Both(
            "compare it with docs/study-format.md; put texts with signs between quotation marks",
            "请对照 docs/study-format.md；含有特殊符号的文字请加英文引号",
        ),
    ),
    "yaml-too-deep": Wording(
        Both("more than {limit} levels, one inside the other", "嵌套超过 {limit} 层"),
        Both("expected a few levels", "只应有几层"),
        Both("check the brackets and the spaces at the line's start", "请检查括号和行首空格"),
    ),
    "yaml-too-many": Wording(
        Both("more than {limit} items", "条目超过 {limit} 个"),
        Both("expected a file that a person has written", "应为人工写成的文件"),
        Both("check that this is the right file", "请确认文件无误"),
    ),
    "yaml-anchor": Wording(
        Both("an anchor, `&{found}`", "出现锚点 `&{found}`"),
        Both("expected every text written out where it stands", "文字应在原处写全"),
        Both(
            "delete it, or put a text that begins with `&` between quotation marks",
            "请删除；以 `&` 开头的文字请加英文引号",
        ),
    ),
    "yaml-alias": Wording(
        Both("an alias, `*{found}`", "出现别名 `*{found}`"),
        Both("expected every text written out where it stands", "文字应在原处写全"),
        Both(
            "write it out, or put a text that begins with `*` between quotation marks",
            "请写全；以 `*` 开头的文字请加英文引号",
        ),
    ),
    "yaml-tag": Wording(
        Both("a tag, {found}", "出现标签 {found}"),
        Both("expected plain values", "应为普通的值"),
        Both(
            "delete it, or put a text that begins with `!` between quotation marks",
            "请删除；以 `!` 开头的文字请加英文引号",
        ),
    ),
    "yaml-merge": Wording(
        Both("a merge key, `<<`", "出现合并键 `<<`"),
        Both("expected every key written out where it belongs", "键应在所属之处写全"),
        Both("write the keys out", "请把各键写全"),
    ),
    "yaml-second-document": Wording(
        Both("a second document begins with `---`", "`---` 之后开始了第二份文档"),
        Both("expected one document a file", "每个文件只能有一份文档"),
        Both("delete the line, or make two files", "请删除该行，或拆成两个文件"),
    ),
    "key-twice": Wording(
        Both(
            "the key {found} stands here again; it stood on line {line} already",
            "键 {found} 重复，第 {line} 行已经写过",
        ),
        Both("expected every key once", "每个键只能出现一次"),
        Both("keep one of the two", "请只保留其中一个"),
    ),
    "key-not-text": Wording(
        Both("a list or a mapping stands where a key should", "键的位置上是列表或映射"),
        Both("expected a name before the `:`", "`:` 之前应为名称"),
        Both(
            "write a plain name; put a text with brackets between quotation marks",
            "请写普通名称；带括号的文字请加英文引号",
        ),
    ),
    "number-too-long": Wording(
        Both("the number {found} has too many digits", "数字 {found} 位数过多"),
        Both("expected at most 18 digits", "最多 18 位"),
        Both("shorten it, or put it between quotation marks if it is a text", "请缩短；若本是文字，请加英文引号"),
    ),
    "number-not-finite": Wording(
        Both("{found} is no finite number", "{found} 不是有限的数"),
        Both("expected a number that can be written out", "应为可以写出的数"),
        Both(
            "state the number that you mean; nothing is infinitely strong", "请写出具体数值；任何证据的分量都不会无穷大"
        ),
    ),
    "json-syntax": Wording(
        Both("this place cannot be read as JSON", "此处不符合 JSON 的写法"),
        Both("expected a list of sources, as Zotero writes it", "应为 Zotero 导出的文献列表"),
        Both(
            'export the sources anew as "CSL JSON"; by hand, look for a missing comma or quotation mark',
            "请重新以“CSL JSON”格式导出；若为手写，请检查是否缺少逗号或引号",
        ),
    ),
    "json-too-deep": Wording(
        Both("lists inside lists without end", "列表层层嵌套，过深"),
        Both("expected a list of sources", "应为文献列表"),
        Both('export the sources anew as "CSL JSON"', "请重新以“CSL JSON”格式导出"),
    ),
    "json-number": Wording(
        Both("the number {found}", "出现数字 {found}"),
        Both("expected finite numbers of at most 18 digits", "应为不超过 18 位的有限数"),
        Both("correct it, or put it between quotation marks", "请改正，或加英文引号"),
    ),
    "json-character": Wording(
        Both("half of a character, {code}", "只有半个字符 {code}"),
        Both("expected whole characters", "应为完整的字符"),
        Both("type the text anew", "请重新输入该处文字"),
    ),
    "json-list": Wording(
        Both("the file does not hold a list", "文件内容不是列表"),
        Both("expected `[ {{...}}, {{...}} ]`, one entry a source", "应为 `[ {{...}}, {{...}} ]`，每条文献一项"),
        Both('export the sources from Zotero as "CSL JSON"', "请从 Zotero 以“CSL JSON”格式导出"),
    ),
    "source-form": Wording(
        Both("an entry that is no source", "有一项不是文献"),
        Both('expected `{{"id": ..., "type": ..., "title": ...}}`', '应为 `{{"id": ..., "type": ..., "title": ...}}`'),
        Both("correct or delete the entry", "请改正或删除该项"),
    ),
    "source-key-missing": Wording(
        Both("the source has no {key}", "该文献缺少 {key}"),
        Both("expected an id, a type and a title for every source", "每条文献都应有 id、type 和 title"),
        Both('add `"{key}": "..."`', '请补上 `"{key}": "..."`'),
    ),
    "source-twice": Wording(
        Both(
            "the source {found} stands here again; it stood on line {line} already",
            "文献 {found} 重复，第 {line} 行已经写过",
        ),
        Both("expected every source once", "每条文献只能出现一次"),
        Both("delete one, or give one another id", "请删除一条，或更改其 id"),
    ),
    "source-private": Wording(
        Both("the source has `private: {found}`", "该文献写有 `private: {found}`"),
        Both("expected true or false", "应为 true 或 false"),
        Both(
            "write true if nothing that is handed out may name this source",
            "若对外提供的文件中不得出现该文献，请写 true",
        ),
    ),
    "sources-missing": Wording(
        Both(
            "there is no file evidence/sources.json and no evidence/sources.bib, yet the study cites sources",
            "没有 evidence/sources.json，也没有 evidence/sources.bib，而研究引用了文献",
        ),
        Both("expected every source that an observation or a search cites", "应列出观察和查找所引用的全部文献"),
        Both(
            'export them from Zotero as "CSL JSON" to evidence/sources.json',
            "请从 Zotero 以“CSL JSON”格式导出到 evidence/sources.json，或以 BibTeX 格式导出到 evidence/sources.bib",
        ),
    ),
}

"""Hold what is said of coding sheets, in English and Chinese."""

from __future__ import annotations

from bayestrace.messages import Both, speaker

WORDS: dict[str, Both] = {
    "made": Both(
        "Sheet for {coder}; observations: {asked}, rivals: {rivals}, clusters: {clusters}.",
        "{coder}的编码表：{asked} 条观察，{rivals} 个竞争解释，{clusters} 个证据簇。",
    ),
    "made-workbook": Both("Workbook: {path}", "工作簿：{path}"),
    "made-form": Both(
        "Form: {path} (opens in a browser, needs no network)", "网页表单：{path}（用浏览器打开，无须联网）"
    ),
    "send": Both(
        "Send one of them; add what comes back with: bayestrace collect FILE{more}",
        "请寄出其中之一；收回后加入研究：bayestrace collect FILE{more}",
    ),
    "send-it": Both(
        "Send it; add what comes back with: bayestrace collect FILE{more}",
        "请寄出；收回后加入研究：bayestrace collect FILE{more}",
    ),
    "taken": Both(
        "{coder}⟦, round {turn}⟧; weights: {weights}, reasons: {reasons}, redundancies: {redundancies}, rows left "
        "empty: {empty}.",
        "{coder}⟦（第 {turn} 轮）⟧：权重 {weights} 个，理由 {reasons} 条，冗余度 {redundancies} 个；留空 {empty} 行。",
    ),
    "encoding": Both("{path}: read as {encoding}.", "{path}：按 {encoding} 读取。"),
    "no-about": Both(
        "{path}: does not say which study it was made of; only its names were checked.",
        "{path}：未记录出自哪项研究，只核对了各名称。",
    ),
    "remark-added": Both(
        "Added to the study since the sheet was made, so not asked: {names}.",
        "编码表制作之后新增、因而未问的观察：{names}。",
    ),
    "remark-removed": Both("No longer in the study, left out: {names}.", "已不在研究中、未收取：{names}。"),
    "remark-changed": Both(
        "Changed since the sheet was made, taken as it is: {names}.", "编码表制作之后有改动、照原样收取：{names}。"
    ),
    "remark-fewer": Both(
        "Weighed in the coder's earlier coding and not in this one ({count}): {names}.",
        "先前的编码有、此次没有的权重（{count}）：{names}。",
    ),
    "remark-kept": Both(
        "Not asked for in the sheet, kept as the coder stated it before ({count}): {names}.",
        "编码表未问、保留该编码者先前所述（{count}）：{names}。",
    ),
    "remark-far": Both(
        "Beyond 30 dB, please look again ({count}): {names}.", "超过 30 dB，请复核（{count}）：{names}。"
    ),
    "remark-partly": Both(
        "Not weighed against every rival ({count}): {names}.", "未对全部竞争解释给出权重（{count}）：{names}。"
    ),
    "remark-bare": Both("Weighed without a reason ({count}): {names}.", "有权重而无理由（{count}）：{names}。"),
    "remark-sure": Both(
        "A range without any width, please look again ({count}): {names}.", "区间宽度为零，请复核（{count}）：{names}。"
    ),
    "written": Both("Written: {path}", "已写入：{path}"),
    "kept": Both("Written: {path}; the old one is kept as {old}", "已写入：{path}；旧文件保留为 {old}"),
    "taken-out": Both("Taken out: {path}; kept as {old}", "已移出：{path}；保留为 {old}"),
    "finished": Both(
        "An earlier collect was interrupted; what it had begun is finished now.", "先前的 collect 曾中断，现已补完。"
    ),
    "dry": Both("Nothing was written (--dry-run).", "未写入任何文件（--dry-run）。"),
    "declare": Both(
        "study.yaml does not declare this coder yet; it is called by its id. To give it a name, add there:",
        "study.yaml 尚未声明这位编码者，因而以编号相称。若要写明姓名，请在其中加上：",
    ),
    "declared": Both(
        "Declared in {path} by its id: {coder}. Write the coder's name there.",
        "已在 {path} 中以编号声明编码者 {coder}，请在该处写明姓名。",
    ),
    "left-behind": Both(
        "Left behind in {old}, for the workbook is written anew: sheets of your own ({names}), formats and comments.",
        "工作簿已重新写出，以下仍在 {old} 中：自用的工作表（{names}）、格式和批注。",
    ),
    "shortened": Both("{names} and {count} more", "{names} 等，另有 {count} 项"),
}

say = speaker(WORDS)
